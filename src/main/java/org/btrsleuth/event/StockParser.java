package org.btrsleuth.event;

import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.UnbufferedTokenStream;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.btrsleuth.grammar.TraceLexer;
import org.btrsleuth.grammar.TraceParser;

/** ANTLR as it comes: the generated lexer on its own simulator. The reference that the fast path is compared with. */
final class StockParser implements BlockParser {
  private final ByteCharStream characters = new ByteCharStream();
  private final TraceLexer lexer = new TraceLexer(characters);
  private final TraceParser parser = new TraceParser(null);

  StockParser() {
    lexer.removeErrorListeners();
    parser.removeErrorListeners();
    parser.setBuildParseTree(false);
    parser.setErrorHandler(new BailErrorStrategy());
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
  }

  @Override
  public void parse(byte[] bytes, int from, int length, TraceDecoder decoder) {
    characters.reset(bytes, from, length);
    lexer.setInputStream(characters);
    parser.setHooks(decoder);
    parser.setTokenStream(new UnbufferedTokenStream<>(lexer));
    parser.text();
  }
}
