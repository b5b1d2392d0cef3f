package org.btrsleuth.incident;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.btrsleuth.event.BlockSink;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.InputStats;
import org.btrsleuth.event.LineBlock;
import org.btrsleuth.event.ProbeCsvReader;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.LostEvents;
import org.btrsleuth.format.Region;
import org.btrsleuth.log.KernelHint;
import org.btrsleuth.log.LogReader;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.log.LogText;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Reads the inputs of one incident once: trace events stream to the sinks, everything else becomes tasks and log
 * records. Inputs are read one after the other in the order given; the lines of each go to the trace grammar first, and
 * what it refuses to the log grammars, so a file may mix both.
 */
public final class IncidentReader {
  /** Marks of loss that are kept one by one; a capture with more is all gaps. */
  private static final int MAX_LOST = 10_000;

  /** Bytes that tell a CSV of the block_rsv probe by its header line. */
  private static final int HEAD = 256;

  private final TraceReader traces;
  private final List<EventSink> sinks;
  private final KernelVersion stated;

  private final List<InputSummary> summaries = new ArrayList<>();
  private final List<TaskSnapshot> tasks = new ArrayList<>();
  private final List<LogRecord> records = new ArrayList<>();
  private final List<KernelHint> kernels = new ArrayList<>();
  private int nextDump;
  private Consumer<Input> watcher = input -> {};
  private Format forced;
  private boolean hashed = true;

  /**
   * @param sinks take every event, in the order given
   * @param stated kernel version that the user gave, which overrides what the inputs say; null if none
   */
  public IncidentReader(TraceReader traces, List<EventSink> sinks, KernelVersion stated) {
    this.traces = traces;
    this.sinks = List.copyOf(sinks);
    this.stated = stated;
  }

  /** {@code watcher} is told of every input before it is read, and may ask it meanwhile how far reading is. */
  public IncidentReader watchedBy(Consumer<Input> watcher) {
    this.watcher = watcher;
    return this;
  }

  /** Reads all inputs as {@code format} instead of by their lines; null to go by the lines. */
  public IncidentReader forced(Format format) {
    forced = format;
    return this;
  }

  /** Whether {@link InputSummary#sha256} is wanted; it is "" otherwise. */
  public IncidentReader hashed(boolean wanted) {
    hashed = wanted;
    return this;
  }

  /**
   * Reads files, directories, archives and {@code -}.
   *
   * @return what was read; inputs that could not be read are in it with a problem, nothing is thrown for them
   */
  public Incident read(List<String> paths, InputStream standardInput) {
    Inputs.walk(
        paths,
        standardInput,
        hashed,
        new Inputs.Visitor() {
          @Override
          public void input(Input input) {
            watcher.accept(input);
            read(input);
          }

          @Override
          public void problem(String path, String problem) {
            summaries.add(
                new InputSummary(path, -1, "", 0, List.of(), 0, List.of(), List.of(), List.of(problem)));
          }
        });
    return incident();
  }

  private void read(Input input) {
    LogReader log = new LogReader(input.path(), nextDump);
    RegionMerge regions = new RegionMerge();
    List<LostEvents> lost = new ArrayList<>();
    ForcedText.Refused refused = new ForcedText.Refused(input.path());
    BlockSink blocks =
        (events, lines) -> {
          if (forced == Format.KERNEL_LOG || forced == Format.PROC_STACK) {
            ForcedText.feed(events, lines, log);
            return;
          }
          regions.add(events.runs());
          lost(events, lost);
          for (EventSink sink : sinks) {
            sink.accept(events);
          }
          if (forced == null) {
            text(lines, log);
          } else {
            refused.add(lines);
          }
        };
    boolean probe = forced == Format.RSV_PROBE_CSV || forced == null && isProbe(input);
    InputStats stats = probe ? new ProbeCsvReader(traces.symbols()).read(input, blocks) : traces.read(input, blocks);
    LogText text = log.finish();
    nextDump = text.nextDump();
    tasks.addAll(text.tasks());
    records.addAll(text.records());
    kernels.addAll(text.kernels());
    KernelChoice.fromTrace(stats).ifPresent(kernels::add);
    List<String> problems = new ArrayList<>(stats.problems());
    problems.addAll(text.problems());
    summaries.add(
        new InputSummary(
            stats.path(),
            stats.bytes(),
            stats.sha256(),
            stats.lines(),
            regions(stats, probe, regions.with(text.regions())),
            text.unrecognisedLines() + refused.lines(),
            refused.lines() > 0 ? refused.first() : text.unrecognisedFirst(),
            lost,
            problems));
  }

  private static boolean isProbe(Input input) {
    try {
      return ProbeCsvReader.recognises(input.peek(HEAD));
    } catch (IOException e) {
      return false; // the reader meets the same failure and reports it
    }
  }

  private static List<Region> regions(InputStats stats, boolean probe, List<Region> byLines) {
    long last = Math.max(1, stats.lines());
    if (stats.binary()) {
      return List.of(new Region(Format.BINARY, 1, last, 0));
    }
    return probe ? List.of(new Region(Format.RSV_PROBE_CSV, 1, last, stats.eventLines())) : byLines;
  }

  private static void text(LineBlock lines, LogReader log) {
    for (int i = 0; i < lines.size(); i++) {
      log.accept(lines.line(i), lines.text(i));
    }
  }

  private static void lost(EventBlock events, List<LostEvents> lost) {
    for (int i = 0; i < events.size() && lost.size() < MAX_LOST; i++) {
      if (events.type(i) == EventType.LOST) {
        lost.add(new LostEvents(events.cpu(i), events.number(i, Field.COUNT, -1), events.line(i)));
      }
    }
  }

  private Incident incident() {
    Optional<KernelHint> hint = KernelChoice.best(kernels);
    KernelVersion kernel = stated != null ? stated : hint.map(h -> KernelVersion.parse(h.version())).orElse(null);
    return new Incident(
        summaries, kernel, stated != null ? null : hint.map(KernelHint::at).orElse(null), tasks, records);
  }
}
