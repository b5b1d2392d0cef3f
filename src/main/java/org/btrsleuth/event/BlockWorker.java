package org.btrsleuth.event;

/** Parses blocks; keeps its automaton and its caches from block to block. */
final class BlockWorker {
  private final TraceDecoder decoder;
  private final BlockParser parser;

  BlockWorker(Symbols symbols, StackTable stacks, boolean stockLexer) {
    decoder = new TraceDecoder(symbols, stacks);
    parser = new StockParser();
  }

  void parse(ParsedBlock block, String path) {
    byte[] bytes = block.block.bytes();
    block.events.reset(path, bytes);
    block.lines.reset(path, bytes);
    block.counts.clear();
    decoder.begin(bytes, block.events, block.lines, block.counts);
    block.failures = parser.parseAll(bytes, block.block.length(), decoder);
    decoder.end();
  }
}
