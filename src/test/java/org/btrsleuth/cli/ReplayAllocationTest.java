package org.btrsleuth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.replay.ReplayEngine;
import org.btrsleuth.source.Input;
import org.btrsleuth.testing.Captures;
import org.btrsleuth.waitgraph.TraceEvidence;
import org.junit.jupiter.api.Test;

/**
 * Taking an event allocates next to nothing once its tasks and inodes are known. Counted, not timed. What the parser
 * allocates is counted in TraceAllocationTest.
 */
class ReplayAllocationTest {
  private static final int ROUNDS = 8;

  @Test
  void an_event_of_a_known_inode_costs_a_few_bytes() throws IOException {
    byte[] capture;
    try (InputStream in = new GZIPInputStream(
        Files.newInputStream(Captures.sample("enospc/enospc-mixed-64m.trace.txt.gz")))) {
      capture = in.readAllBytes();
    }
    List<EventSink> sinks = List.of(new ReplayEngine(), TraceEvidence.none());
    TraceReader reader =
        new TraceReader(new Symbols(), new StackTable(), new TraceReader.Options(1, 1 << 20, 1 << 24, false));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    double least = Double.MAX_VALUE;
    // The first rounds meet inodes and tasks for the first time and grow tables.
    for (int round = 0; round < ROUNDS; round++) {
      long[] taken = new long[2];
      reader.read(Input.of("capture", new ByteArrayInputStream(capture)), (events, lines) -> {
        long before = threads.getCurrentThreadAllocatedBytes();
        sinks.forEach(sink -> sink.accept(events));
        taken[0] += threads.getCurrentThreadAllocatedBytes() - before;
        taken[1] += events.size();
      });
      assertThat(taken[1]).isGreaterThan(20_000);
      least = Math.min(least, (double) taken[0] / taken[1]);
    }
    // 6 on a gigabyte; here code is not compiled yet that boxes no number then, and counters break as time goes back. A
    // text for each event would be more than a hundred.
    assertThat(least).as("bytes an event").isLessThan(48);
  }
}
