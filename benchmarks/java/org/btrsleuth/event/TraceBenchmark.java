package org.btrsleuth.event;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.btrsleuth.source.Block;
import org.btrsleuth.source.BlockCutter;
import org.btrsleuth.source.Input;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Parsing and decoding of a genuine capture that lies in memory. Results are rounds over the capture per second of
 * wall time; {@code megabytes} is what matters. On a busy machine trust {@code megabytes / cpuSeconds}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgs = {"-Xmx2g"})
public class TraceBenchmark {

  /** The capture, cut into blocks. */
  @State(Scope.Benchmark)
  public static class Capture {
    /** Path of a capture, scaled up to 64 MiB where it is shorter. */
    @Param("sample-traces/enospc/enospc-mixed-64m.trace.txt.gz")
    public String capture;

    byte[] bytes;
    final List<Block> blocks = new ArrayList<>();

    @Setup
    public void read() throws IOException {
      Path path = Path.of(capture);
      bytes = Files.size(path) > 64 << 20 ? Files.readAllBytes(path) : Scale.scaled(path, 64 << 20);
      BlockCutter cutter = new BlockCutter(new ByteArrayInputStream(bytes), 1 << 21, 1 << 24, (b, f, t) -> false);
      Block block = new Block(1 << 21);
      while (cutter.next(block)) {
        blocks.add(block);
        block = new Block(1 << 21);
      }
    }
  }

  /** One worker's parser and columns. */
  @State(Scope.Thread)
  public static class Worker {
    final Symbols symbols = new Symbols();
    final BlockWorker tables = new BlockWorker(symbols, new StackTable(), false);
    final BlockWorker stock = new BlockWorker(symbols, new StackTable(), true);
    final ParsedBlock parsed = new ParsedBlock(symbols, 16);

    long parse(Capture capture, BlockWorker worker) {
      long events = 0;
      for (Block block : capture.blocks) {
        worker.parse(block, parsed, "benchmark");
        events += parsed.events.size();
      }
      return events;
    }
  }

  /** Derived figures. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Rate {
    public double megabytes;
    public double cpuSeconds;

    void add(Capture capture, long cpuNanos) {
      megabytes += capture.bytes.length / 1e6;
      cpuSeconds += cpuNanos / 1e9;
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long timed(Capture capture, Worker worker, BlockWorker with, Rate rate) {
    long before = cpu();
    long events = worker.parse(capture, with);
    rate.add(capture, cpu() - before);
    return events;
  }

  @Benchmark
  public long oneWorker(Capture capture, Worker worker, Rate rate) {
    return timed(capture, worker, worker.tables, rate);
  }

  @Benchmark
  @Threads(2)
  public long twoWorkers(Capture capture, Worker worker, Rate rate) {
    return timed(capture, worker, worker.tables, rate);
  }

  @Benchmark
  public long oneWorkerOnStockAntlr(Capture capture, Worker worker, Rate rate) {
    return timed(capture, worker, worker.stock, rate);
  }

  /** The whole reader: hash, blocks, workers, delivery in order. Its CPU seconds are those of the consumer only. */
  @Benchmark
  public long reader(Capture capture, Rate rate) {
    TraceReader reader = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    long[] events = new long[1];
    long before = cpu();
    reader.read(
        Input.of("benchmark", new ByteArrayInputStream(capture.bytes)), (block, lines) -> events[0] += block.size());
    rate.add(capture, cpu() - before);
    return events[0];
  }
}
