package org.btrsleuth.grammar;

import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/** Gives the generated trace parser its hooks. */
public abstract class TraceParserBase extends Parser {
  protected TraceHooks hooks;

  protected TraceParserBase(TokenStream input) {
    super(input);
  }

  /** The token matched last. */
  protected final Token consumed() {
    return _input.LT(-1);
  }

  /**
   * The inherited method also keeps a parse tree, tells listeners and reports to the error strategy, which costs as
   * much as finding the token.
   */
  @Override
  public final Token match(int type) {
    if (_input.LA(1) != type) {
      throw new ParseCancellationException("unexpected token " + _input.LA(1) + " instead of " + type);
    }
    if (type != Token.EOF) {
      _input.consume();
    }
    return _input.LT(-1);
  }

  public final void setHooks(TraceHooks hooks) {
    this.hooks = hooks;
  }
}
