package org.btrsleuth.event;

import org.btrsleuth.source.Block;

/** Parses blocks; keeps its automaton and its caches from block to block. */
final class BlockWorker {
  private final TraceDecoder decoder;
  private final BlockParser parser;

  BlockWorker(Symbols symbols, StackTable stacks, boolean stockLexer) {
    parser = stockLexer ? new StockParser() : new TableParser();
    decoder = new TraceDecoder(symbols, stacks, parser.memo());
  }

  void parse(ParsedBlock block, String path) {
    parse(block.block, block, path);
  }

  /** Parses {@code bytes} into the columns of {@code into}. */
  void parse(Block block, ParsedBlock into, String path) {
    byte[] bytes = block.bytes();
    into.events.reset(path, bytes);
    into.lines.reset(path, bytes);
    into.counts.clear();
    decoder.begin(bytes, into.events, into.lines, into.counts);
    into.failures = parser.parseAll(bytes, block.length(), decoder);
    decoder.end();
  }
}
