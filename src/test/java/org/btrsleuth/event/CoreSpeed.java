package org.btrsleuth.event;

import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.source.BlockCutter;

/** Megabytes per second of CPU time of one worker on a file, for people who work on the grammar. Not a test. */
public final class CoreSpeed {
  private CoreSpeed() {}

  public static void main(String[] args) throws Exception {
    byte[] all = Files.readAllBytes(Path.of(args[0]));
    boolean stock = Boolean.getBoolean("stock");
    Symbols symbols = new Symbols();
    BlockCutter cutter = new BlockCutter(new ByteArrayInputStream(all), Integer.getInteger("block", 1 << 21), 1 << 24, (b, f, t) -> false);
    List<ParsedBlock> blocks = new ArrayList<>();
    ParsedBlock block = new ParsedBlock(symbols, 1 << 21);
    while (cutter.next(block.block)) {
      blocks.add(block);
      block = new ParsedBlock(symbols, 1 << 21);
    }
    BlockWorker worker = new BlockWorker(symbols, new StackTable(), stock);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    ParsedBlock shared = new ParsedBlock(symbols, 16);
    BlockTokens tokens = new BlockTokens(LexerAutomaton.SHARED, new TokenMemo());
    long count = 0;
    int rounds = Integer.getInteger("rounds", 12);
    double best = 0;
    for (int round = 0; round < rounds; round++) {
      long cpu = threads.getCurrentThreadCpuTime();
      long heap = threads.getCurrentThreadAllocatedBytes();
      long events = 0;
      for (ParsedBlock one : blocks) {
        if (Boolean.getBoolean("tokens")) {
          tokens.reset(one.block.bytes(), 0, one.block.length());
          while (tokens.LA(1) != -1) {
            tokens.consume();
            count++;
          }
          events += 4900;
          continue;
        }
        shared.events.reset("x", one.block.bytes());
        worker.parse(one.block, shared, "x");
        events += shared.events.size();
      }
      cpu = threads.getCurrentThreadCpuTime() - cpu;
      heap = threads.getCurrentThreadAllocatedBytes() - heap;
      best = Math.max(best, all.length * 1e3 / cpu);
      System.out.printf("%.0f MB/s CPU, %.1f ns/event, %.2f B/event, %d states%n",
          all.length * 1e3 / cpu, (double) cpu / events, (double) heap / events, LexerAutomaton.SHARED.size());
    }
    System.out.printf("best %.0f, %.1f tokens/line %n", best, (double) count / rounds / (blocks.size() * 4900));
  }
}
