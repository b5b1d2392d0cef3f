package org.btrsleuth.log;

import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.btrsleuth.grammar.KernelLogLexer;
import org.btrsleuth.grammar.KernelLogParser;
import org.btrsleuth.grammar.KernelLogParser.LineContext;

/** Asks the grammar what a message is. One instance parses line after line; a context is valid until the next call. */
final class MessageParser {
  private final LineChars chars = new LineChars();
  private final KernelLogLexer lexer = new KernelLogLexer(chars);
  private final CommonTokenStream tokens = new CommonTokenStream(lexer);
  private final KernelLogParser parser = new KernelLogParser(tokens);

  MessageParser() {
    lexer.removeErrorListeners();
    parser.removeErrorListeners();
    parser.setErrorHandler(new BailErrorStrategy());
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
  }

  /** Null if the line starts like something known but is not: "? why". */
  LineContext parse(String message) {
    chars.set(message);
    lexer.reset();
    tokens.setTokenSource(lexer);
    parser.setTokenStream(tokens);
    try {
      return parser.line();
    } catch (ParseCancellationException e) {
      return null;
    }
  }

  /** Whether the last {@link #parse} read the whole message. */
  boolean complete() {
    return tokens.LA(1) == Token.EOF;
  }

  /** Type of the first token that the last {@link #parse} left unread. */
  int nextType() {
    return tokens.LA(1);
  }
}
