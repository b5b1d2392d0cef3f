package org.btrsleuth.event;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenSource;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.Interval;
import org.btrsleuth.grammar.TraceLexer;

/**
 * The tokens of a block, found with {@link LexerTables}, one token of lookahead, two token objects in all. What it
 * yields equals what the generated lexer yields, which a test compares over the whole corpus.
 */
final class BlockTokens implements TokenStream {

  private final LexerTables tables;
  private final TokenMemo memo;
  private byte[] bytes;
  private int end;
  private int position;
  private int mode;
  /** The two token objects never change places: storing a reference costs more than four ints. */
  private final BlockToken current = new BlockToken();
  private final BlockToken consumed = new BlockToken();

  /** State in which the last token ended. */
  private int lastState;

  BlockTokens(LexerAutomaton automaton, TokenMemo memo) {
    tables = new LexerTables(automaton);
    this.memo = memo;
  }

  /** Starts at {@code from}; {@code bytes[end - 1]} must be a line feed with Block.SLACK bytes behind it. */
  void reset(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.end = end;
    position = from;
    mode = TraceLexer.DEFAULT_MODE;
    advance();
  }

  @Override
  public void consume() {
    consumed.type = current.type;
    consumed.start = current.start;
    consumed.stop = current.stop;
    consumed.slot = current.slot;
    advance();
  }

  private void advance() {
    BlockToken token = current;
    int p = position;
    token.start = p;
    token.slot = TokenMemo.NONE;
    if (p == end) {
      token.type = Token.EOF;
      token.stop = p - 1;
      return;
    }
    if (mode == TraceLexer.DEFAULT_MODE) {
      remembered(token, p, TokenMemo.columnsSlot(bytes, p));
      return;
    } else if (mode == TraceLexer.NAME_MODE) {
      remembered(token, p, TokenMemo.nameSlot(bytes, p));
      return;
    } else if (mode == TraceLexer.TEXT_MODE) {
      if (consumed.type == TraceLexer.EVENT && ReservationMemo.follows(bytes, consumed.start)) {
        reservation(token, p);
      } else {
        pair(token, p);
      }
      return;
    }
    scan(token, p);
  }

  private void remembered(BlockToken token, int p, int slot) {
    if (memo.holds(slot, bytes, p, end)) {
      accept(token, memo.state[slot], p + memo.length[slot]);
      token.slot = slot;
      return;
    }
    int read = scan(token, p);
    if (read <= TokenMemo.WIDTH && (token.type == TraceLexer.TASK || mode == TraceLexer.TEXT_MODE)) {
      memo.put(slot, bytes, p, read, lastState, position - p);
      token.slot = slot;
    }
  }

  private void recall(TextMemo texts, int slot, BlockToken token, int p) {
    accept(token, texts.state(slot), p + texts.length(slot));
    token.slot = slot;
  }

  private void reservation(BlockToken token, int p) {
    ReservationMemo reservations = memo.reservations;
    int slot = ReservationMemo.slot(bytes, p);
    if (reservations.holds(slot, bytes, p, end)) {
      recall(reservations, slot, token, p);
      return;
    }
    int read = scan(token, p);
    if (read <= ReservationMemo.WIDTH && token.type == TraceLexer.RSV) {
      reservations.put(slot, bytes, p, read, lastState, position - p);
      token.slot = slot;
    }
  }

  private void pair(BlockToken token, int p) {
    PairMemo pairs = memo.pairs;
    int slot = PairMemo.slot(bytes, p);
    if (pairs.holds(slot, bytes, p, end)) {
      recall(pairs, slot, token, p);
      return;
    }
    int read = scan(token, p);
    // the token before this one is decoded after this one is found, so its entry must still be its own
    if (read <= PairMemo.WIDTH && token.type == TraceLexer.PAIR && slot != consumed.slot) {
      pairs.put(slot, bytes, p, read, lastState, position - p);
      token.slot = slot;
    }
  }

  /** Runs the automaton from {@code p} to the longest match; the number of bytes that it read. */
  private int scan(BlockToken token, int p) {
    byte[] b = bytes;
    int[] next = tables.next;
    byte[] classes = tables.classes;
    int row = tables.starts[mode];
    int q = p;
    int last;
    while (true) {
      // a line feed ends every token, so no check of the bound is needed
      do {
        last = row;
        row = next[row + classes[b[q++] & 0xff]];
      } while (row >= 0);
      if (row == LexerTables.DEAD) {
        break;
      }
      if (row == LexerTables.UNKNOWN) {
        q--;
        tables.resolve(last, b[q]);
        next = tables.next;
        row = last;
      } else {
        int run = LexerTables.RUN - row;
        row = run & (1 << LexerTables.RUN_SHIFT) - 1;
        q = Run.skip(run >>> LexerTables.RUN_SHIFT, b, q);
      }
    }
    int state = last >>> LexerTables.ROW_BITS;
    if (tables.types[state] == 0) {
      return scanBack(token, p);
    }
    accept(token, state, q - 1);
    return tables.terminal[state] ? q - 1 - p : q - p;
  }

  /** Like {@link #scan} for a token that ends before the place where the automaton stops. */
  private int scanBack(BlockToken token, int p) {
    byte[] b = bytes;
    int row = tables.starts[mode];
    int q = p;
    int accepted = -1;
    int acceptedAt = p;
    while (true) {
      int to = tables.next[row + tables.classes[b[q] & 0xff]];
      if (to == LexerTables.UNKNOWN) {
        // a step that the first walk skipped as part of a run
        tables.resolve(row, b[q]);
        continue;
      }
      q++;
      if (to == LexerTables.DEAD) {
        break;
      }
      row = to >= 0 ? to : LexerTables.RUN - to & (1 << LexerTables.RUN_SHIFT) - 1;
      if (tables.types[row >>> LexerTables.ROW_BITS] != 0) {
        accepted = row >>> LexerTables.ROW_BITS;
        acceptedAt = q;
      }
    }
    if (accepted < 0) {
      throw new IllegalStateException("the trace grammar does not take the byte " + b[p] + " in mode " + mode);
    }
    accept(token, accepted, acceptedAt);
    return q - p;
  }

  private void accept(BlockToken token, int state, int to) {
    lastState = state;
    token.type = tables.types[state];
    token.stop = to - 1;
    int newMode = tables.modes[state];
    if (newMode >= 0) {
      mode = newMode;
    }
    position = to;
  }

  @Override
  public Token LT(int k) {
    return k == 1 ? current : k == -1 ? consumed : unsupported("lookahead of " + k);
  }

  @Override
  public int LA(int k) {
    return k == 1 ? current.type : unsupported("lookahead of " + k).getType();
  }

  @Override
  public int index() {
    return position;
  }

  @Override
  public int mark() {
    return 0;
  }

  @Override
  public void release(int marker) {}

  @Override
  public void seek(int index) {
    unsupported("seek");
  }

  @Override
  public int size() {
    return end;
  }

  @Override
  public String getSourceName() {
    return IntStream.UNKNOWN_SOURCE_NAME;
  }

  @Override
  public Token get(int index) {
    return unsupported("get");
  }

  @Override
  public TokenSource getTokenSource() {
    return null;
  }

  @Override
  public String getText(Interval interval) {
    return unsupported("getText").getText();
  }

  @Override
  public String getText() {
    return unsupported("getText").getText();
  }

  @Override
  public String getText(RuleContext context) {
    return unsupported("getText").getText();
  }

  @Override
  public String getText(Token start, Token stop) {
    return unsupported("getText").getText();
  }

  private static Token unsupported(String what) {
    throw new UnsupportedOperationException(what + ": the trace grammar decides on one token");
  }

  /** A token that is only a position; reused. */
  static final class BlockToken implements Token {
    int type;
    int start;
    int stop;
    /** Where the memo keeps it, {@link TokenMemo#NONE} if it does not. */
    int slot;

    @Override
    public int getType() {
      return type;
    }

    @Override
    public int getStartIndex() {
      return start;
    }

    @Override
    public int getStopIndex() {
      return stop;
    }

    @Override
    public String getText() {
      return null;
    }

    @Override
    public int getLine() {
      return 0;
    }

    @Override
    public int getCharPositionInLine() {
      return -1;
    }

    @Override
    public int getChannel() {
      return DEFAULT_CHANNEL;
    }

    @Override
    public int getTokenIndex() {
      return -1;
    }

    @Override
    public TokenSource getTokenSource() {
      return null;
    }

    @Override
    public CharStream getInputStream() {
      return null;
    }
  }
}
