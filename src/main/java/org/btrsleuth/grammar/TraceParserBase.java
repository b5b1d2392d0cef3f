package org.btrsleuth.grammar;

import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.TokenStream;

/** Gives the generated trace parser its hooks. */
public abstract class TraceParserBase extends Parser {
  protected TraceHooks hooks;

  protected TraceParserBase(TokenStream input) {
    super(input);
  }

  public final void setHooks(TraceHooks hooks) {
    this.hooks = hooks;
  }
}
