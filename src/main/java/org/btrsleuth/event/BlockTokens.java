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
  private static final long LF = 0x0a0a0a0a0a0a0a0aL;
  private static final long CR = 0x0d0d0d0d0d0d0d0dL;
  private static final long LOW = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private final LexerTables tables;
  private final TokenMemo memo;
  private byte[] bytes;
  private int end;
  private int position;
  private int mode;
  private BlockToken current = new BlockToken();
  private BlockToken other = new BlockToken();

  BlockTokens(LexerTables tables, TokenMemo memo) {
    this.tables = tables;
    this.memo = memo;
  }

  /** Starts at {@code from}; {@code bytes[end - 1]} must be a line feed. */
  void reset(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.end = end;
    position = from;
    mode = TraceLexer.DEFAULT_MODE;
    advance();
  }

  @Override
  public void consume() {
    advance();
  }

  private void advance() {
    BlockToken token = other;
    other = current;
    current = token;
    int p = position;
    token.start = p;
    token.slot = TokenMemo.NONE;
    if (p == end) {
      token.type = Token.EOF;
      token.stop = p - 1;
      return;
    }
    if (mode == TraceLexer.DEFAULT_MODE) {
      if (p + TokenMemo.HEAD <= end) {
        remembered(token, p, TokenMemo.columnsSlot(bytes, p));
        return;
      }
    } else if (mode == TraceLexer.NAME_MODE && p + TokenMemo.HEAD <= end) {
      remembered(token, p, TokenMemo.nameSlot(bytes, p));
      return;
    }
    scan(token, p);
  }

  private void remembered(BlockToken token, int p, int slot) {
    if (memo.holds(slot, bytes, p, end)) {
      accept(token, memo.accept[slot], p + memo.length[slot]);
      token.slot = slot;
      return;
    }
    int read = scan(token, p);
    if (read <= TokenMemo.WIDTH && (token.type == TraceLexer.TASK || mode == TraceLexer.TEXT_MODE)) {
      memo.put(slot, bytes, p, read, lastAccept, position - p);
      token.slot = slot;
    }
  }

  private int lastAccept;

  /** Runs the automaton from {@code p} to the longest match; the number of bytes that it read. */
  private int scan(BlockToken token, int p) {
    byte[] b = bytes;
    int[] next = tables.next;
    byte[] classes = tables.classes;
    int row = tables.starts[mode];
    int accepted = 0;
    int acceptedAt = p;
    int q = p;
    while (true) {
      // a line feed ends every token, so the block's last byte needs no check of the bound
      int entry = next[row + classes[b[q] & 0xff]];
      if (entry <= 0) {
        if (entry == LexerTables.UNKNOWN) {
          entry = tables.resolve(row, b[q], mode);
        }
        if (entry == LexerTables.DEAD) {
          q++;
          break;
        }
      }
      q++;
      row = entry & LexerTables.ROW_MASK;
      if ((entry & LexerTables.RUN) != 0) {
        q = lineEnd(b, q);
      }
      if ((entry >>> LexerTables.TYPE_SHIFT & LexerTables.TYPE_MASK) != 0) {
        accepted = entry;
        acceptedAt = q;
        if ((entry & LexerTables.TERMINAL) != 0) {
          break;
        }
      }
    }
    if (accepted == 0) {
      throw new IllegalStateException("the trace grammar does not take the byte " + b[p] + " in mode " + mode);
    }
    lastAccept = accepted;
    accept(token, accepted, acceptedAt);
    return q - p;
  }

  private void accept(BlockToken token, int accepted, int to) {
    token.type = accepted >>> LexerTables.TYPE_SHIFT & LexerTables.TYPE_MASK;
    token.stop = to - 1;
    int newMode = accepted >>> LexerTables.MODE_SHIFT & LexerTables.MODE_MASK;
    if (newMode != 0) {
      mode = newMode - 1;
    }
    position = to;
  }

  /** First line feed or carriage return from {@code p} on, eight bytes at a time. */
  private int lineEnd(byte[] b, int p) {
    int q = p;
    for (int last = end - 8; q <= last; q += 8) {
      long word = (long) ByteTable.LONG.get(b, q);
      long lf = word ^ LF;
      long cr = word ^ CR;
      long found = (lf - LOW & ~lf | cr - LOW & ~cr) & HIGH;
      if (found != 0) {
        return q + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (b[q] != '\n' && b[q] != '\r') {
      q++;
    }
    return q;
  }

  @Override
  public Token LT(int k) {
    return k == 1 ? current : unsupported("lookahead of " + k);
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
