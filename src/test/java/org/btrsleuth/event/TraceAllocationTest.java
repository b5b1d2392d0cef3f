package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.btrsleuth.source.Block;
import org.btrsleuth.source.BlockCutter;
import org.junit.jupiter.api.Test;

/** Parsing a block allocates nothing per event once its strings are known. Counted, not timed. */
class TraceAllocationTest {
  @Test
  void steady_state_allocates_nothing_per_event() {
    StringBuilder text = new StringBuilder();
    int copies = 200;
    String lines =
        ShapesOfLines.TEXT.lines()
            .filter(l -> !l.startsWith("#") && !l.startsWith(" --"))
            .collect(java.util.stream.Collectors.joining("\n"));
    for (int i = 0; i < copies; i++) {
      text.append(lines.replace("655360", Integer.toString(655360 + i))).append('\n');
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    Block block = new Block(bytes.length);
    assertThat(new BlockCutter(Corpus.stream(bytes), bytes.length + 1, 1 << 20, (b, f, t) -> false).next(block)).isTrue();
    Symbols symbols = new Symbols();
    BlockWorker worker = new BlockWorker(symbols, new StackTable(), false);
    ParsedBlock parsed = new ParsedBlock(symbols, 16);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    // Comments of a trace are kept as text, so they are left out. The first rounds grow columns and caches. A compiler or
    // profiler thread does not count here.
    for (int round = 0; round < 10; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      worker.parse(block, parsed, "test");
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(parsed.events.size()).isGreaterThan(copies * 25);
    // one rule context and the like per block, however many events it holds
    assertThat(least).as("bytes for %d events", parsed.events.size()).isLessThan(2048);
  }
}
