package org.btrsleuth.event;

import java.util.concurrent.Semaphore;
import org.btrsleuth.source.Block;

/** Bytes of a block and what was found in them; goes round from reader to worker to consumer and back. */
final class ParsedBlock {
  final Block block;
  final EventBlock events;
  final LineBlock lines = new LineBlock();
  final BlockCounts counts = new BlockCounts();
  /** Released when a worker has parsed the block. */
  final Semaphore parsed = new Semaphore(0);
  int failures;
  Throwable error;

  ParsedBlock(Symbols symbols, int capacity) {
    block = new Block(capacity);
    events = new EventBlock(symbols);
  }
}
