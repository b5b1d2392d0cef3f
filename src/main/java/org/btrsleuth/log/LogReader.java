package org.btrsleuth.log;

import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the kernel log text, stack listings and prose of one input, line by line.
 *
 * <p>Three steps: the prefix comes off ({@link PrefixReader}), lines that a mail program broke are put together again
 * ({@link WrapRules}), the grammar says what the message is and {@link LogAssembler} what belongs together. Memory is
 * bounded by what is found, never by the length of a line run. Nothing throws on any text.
 */
public final class LogReader {
  /** Lines of one message: more than mail programs make of the longest kernel line that matters. */
  private static final int MAX_JOINED = 8;

  private final String path;
  private final int firstDump;
  private final WrapRules wraps = new WrapRules();
  /** These two are made for the first line: a trace has none, and setting their automata up takes a while. */
  private PrefixReader prefixes;
  private LogAssembler assembler;
  private LogLine pending;
  private int joined;

  public LogReader(String path) {
    this(path, 0);
  }

  /**
   * @param path as the user gave it, for evidence
   * @param firstDump number of the first dump, above those of inputs read before
   */
  public LogReader(String path, int firstDump) {
    this.path = path;
    this.firstDump = firstDump;
  }

  /**
   * Takes a line that no trace grammar accepted.
   *
   * @param number 1-based, ascending; gaps are lines of a trace
   * @param text without line end
   */
  public void accept(long number, String text) {
    if (assembler == null) {
      prefixes = new PrefixReader();
      assembler = new LogAssembler(path, firstDump);
    }
    LogLine line = prefixes.read(number, text);
    if (pending != null && joined < MAX_JOINED && wraps.continues(pending, line)) {
      pending.append(line);
      joined++;
      return;
    }
    flush(assembler::accept);
    pending = line;
    joined = 1;
  }

  /** End of the input. */
  public LogText finish() {
    if (assembler == null) {
      return new LogText(List.of(), List.of(), List.of(), 0, List.of(), List.of(), firstDump, List.of());
    }
    flush(assembler::accept);
    return assembler.finish();
  }

  private void flush(Consumer<LogLine> sink) {
    if (pending != null) {
      sink.accept(pending);
      pending = null;
    }
  }
}
