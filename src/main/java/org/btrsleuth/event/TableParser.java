package org.btrsleuth.event;

import org.antlr.v4.runtime.ANTLRErrorStrategy;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.btrsleuth.grammar.TraceParser;

/** The generated parser on tokens from the tables: the fast path. */
final class TableParser implements BlockParser {
  private final TokenMemo memo = new TokenMemo();
  private final BlockTokens tokens = new BlockTokens(LexerAutomaton.SHARED, memo);
  private final TraceParser parser = new TraceParser(null);

  TableParser() {
    parser.removeErrorListeners();
    parser.setBuildParseTree(false);
    parser.setErrorHandler(new NoErrors());
  }

  @Override
  public TokenMemo memo() {
    return memo;
  }

  @Override
  public void parse(byte[] bytes, int from, int length, TraceDecoder decoder) {
    tokens.reset(bytes, from, length);
    parser.setHooks(decoder);
    parser.setTokenStream(tokens);
    parser.text();
  }

  /** The grammar takes any sequence of tokens; the default strategy's bookkeeping per token would be for nothing. */
  private static final class NoErrors implements ANTLRErrorStrategy {
    @Override
    public void reset(Parser recognizer) {}

    @Override
    public Token recoverInline(Parser recognizer) {
      throw new ParseCancellationException("unexpected token " + recognizer.getCurrentToken().getType());
    }

    @Override
    public void recover(Parser recognizer, RecognitionException e) {
      throw new ParseCancellationException(e);
    }

    @Override
    public void sync(Parser recognizer) {}

    @Override
    public boolean inErrorRecoveryMode(Parser recognizer) {
      return false;
    }

    @Override
    public void reportMatch(Parser recognizer) {}

    @Override
    public void reportError(Parser recognizer, RecognitionException e) {
      throw new ParseCancellationException(e);
    }
  }
}
