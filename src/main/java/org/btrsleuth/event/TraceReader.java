package org.btrsleuth.event;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.source.BinaryCheck;
import org.btrsleuth.source.BlockCutter;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;

/**
 * Reads inputs: decodes trace lines, hands out all others. One thread reads and decompresses, workers parse blocks,
 * the caller's thread gets them in file order. Memory is bounded by the number of blocks, not by the input.
 *
 * <p>Reads one input at a time; not to be shared between threads.
 */
public final class TraceReader {
  private final Symbols symbols;
  private final StackTable stacks;
  private final Options options;
  /** Kept from input to input: what a worker has learnt of the automaton and of names stays useful. */
  private final List<BlockWorker> workers = new ArrayList<>();
  private final List<ParsedBlock> blocks = new ArrayList<>();

  /**
   * How to read.
   *
   * @param workers parsing threads
   * @param blockSize bytes of a block
   * @param maxLine bytes after which a line is cut
   * @param stockLexer whether to use ANTLR's own lexer simulator instead of the compiled tables
   */
  public record Options(int workers, int blockSize, int maxLine, boolean stockLexer) {
    public Options {
      if (workers < 1 || blockSize < 1 || maxLine < 1) {
        throw new IllegalArgumentException("workers, blockSize and maxLine must be positive");
      }
    }

    /** One worker a core, blocks of 2 MiB, lines up to 16 MiB. */
    public static Options defaults() {
      return new Options(Runtime.getRuntime().availableProcessors(), 1 << 21, 1 << 24, false);
    }

    /** The same, with ANTLR's own lexer. */
    public Options withStockLexer() {
      return new Options(workers, blockSize, maxLine, true);
    }
  }

  public TraceReader(Symbols symbols, StackTable stacks, Options options) {
    this.symbols = symbols;
    this.stacks = stacks;
    this.options = options;
  }

  public Symbols symbols() {
    return symbols;
  }

  public StackTable stacks() {
    return stacks;
  }

  /** Reads {@code input} to its end. Failures to read become problems; what came before is handed out. */
  public InputStats read(Input input, BlockSink sink) {
    try {
      return readAll(input, sink);
    } catch (RuntimeException | Error e) {
      // blocks and workers may have stopped half-way
      blocks.clear();
      workers.clear();
      throw e;
    }
  }

  private InputStats readAll(Input input, BlockSink sink) {
    BlockCutter cutter =
        new BlockCutter(input.bytes(), options.blockSize(), options.maxLine(), TraceReader::continues);
    ParsedBlock first = block(0);
    List<String> problems = new ArrayList<>();
    Totals totals = new Totals(input.path());
    boolean any = cutter.next(first.block);
    String binary = any ? BinaryCheck.advice(first.block.bytes(), first.block.length()) : null;
    if (binary != null) {
      problems.add(binary);
    } else if (any) {
      if (cutter.ended() && !cutter.hasMore()) {
        worker(0).parse(first, input.path());
        totals.add(first, sink);
      } else {
        new BlockPipeline(this, options.workers(), input.path(), cutter, block -> totals.add(block, sink)).run();
      }
    }
    return totals.finish(input, cutter, binary != null, problems);
  }

  /** Worker {@code i}, made when first asked for. */
  synchronized BlockWorker worker(int i) {
    while (workers.size() <= i) {
      workers.add(new BlockWorker(symbols, stacks, options.stockLexer()));
    }
    return workers.get(i);
  }

  /** Block {@code i}, made when first asked for; the first begins small, as most inputs fit in it. */
  synchronized ParsedBlock block(int i) {
    while (blocks.size() <= i) {
      int capacity = blocks.isEmpty() ? Math.min(options.blockSize(), 1 << 16) : options.blockSize();
      blocks.add(new ParsedBlock(symbols, capacity));
    }
    return blocks.get(i);
  }

  /** Frames, and the empty line that ends those of perf, stay with the event that they belong to. */
  private static boolean continues(byte[] b, int from, int to) {
    int p = b[from] == ' ' ? from + 1 : from;
    return b[from] == '\t' || b[from] == '\n' || p + 1 < to && b[p] == '=' && b[p + 1] == '>';
  }

  /** Adds up the blocks of an input. */
  private static final class Totals {
    private static final int HEADERS_KEPT = 64;

    private final String path;
    private final List<Evidence> headers = new ArrayList<>();
    private long lines;
    private long eventLines;
    private long undecoded;
    private long stackLines;
    private long userFrames;
    private long headerLines;
    private long otherLines;
    private long failures;

    Totals(String path) {
      this.path = path;
    }

    void add(ParsedBlock block, BlockSink sink) {
      block.events.setFirstLine(lines);
      block.lines.setFirstLine(lines);
      BlockCounts counts = block.counts;
      for (int i = 0; i < counts.headers.size() && headers.size() < HEADERS_KEPT; i++) {
        BlockCounts.Header header = counts.headers.get(i);
        headers.add(new Evidence(path, lines + header.line(), header.text()));
      }
      sink.accept(block.events, block.lines);
      lines += counts.lines;
      eventLines += counts.eventLines;
      undecoded += counts.undecoded;
      stackLines += counts.stackLines;
      userFrames += counts.userFrames;
      headerLines += counts.headerLines;
      otherLines += counts.otherLines;
      failures += block.failures;
    }

    InputStats finish(Input input, BlockCutter cutter, boolean binary, List<String> problems) {
      if (cutter.failure() != null) {
        problems.add(Inputs.readProblem(cutter.failure()));
      }
      try {
        input.finish();
      } catch (java.io.IOException e) {
        if (cutter.failure() == null) {
          problems.add(Inputs.readProblem(e));
        }
      }
      if (cutter.textBytes() == 0 && problems.isEmpty()) {
        problems.add("is empty; check that the capture was written.");
      }
      if (cutter.cutLines() > 0) {
        problems.add("has " + cutter.cutLines() + " lines longer than the bound; they were cut.");
      }
      if (failures > 0) {
        problems.add("has " + failures + " lines on which the trace parser failed; please report it.");
      }
      return new InputStats(
          path, input.storedBytes(), input.sha256(), cutter.textBytes(), lines, eventLines, undecoded, stackLines,
          userFrames, headerLines, otherLines, headers, binary, cutter.cutLines(), problems);
    }
  }
}
