package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.stack.TaskSnapshot;

/** Counts what the inputs hold, without a verdict. */
public final class Inspection implements EventSink {
  private final Symbols symbols;
  private final Map<Integer, Long> names = new TreeMap<>();
  private final Map<Integer, Long> fileSystems = new TreeMap<>();
  private long events;
  private long withoutTime;
  private long backwards;
  private long undecoded;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;
  private long previous = Long.MIN_VALUE;
  private int greatestCpu = -1;

  public Inspection(Symbols symbols) {
    this.symbols = symbols;
  }

  @Override
  public void accept(EventBlock block) {
    for (int i = 0; i < block.size(); i++) {
      events++;
      names.merge(block.name(i), 1L, Long::sum);
      undecoded += block.type(i) == EventType.OTHER ? 1 : 0;
      if (block.fsid(i) != Symbols.NONE) {
        fileSystems.merge(block.fsid(i), 1L, Long::sum);
      }
      greatestCpu = Math.max(greatestCpu, block.cpu(i));
      long time = block.time(i);
      if (time == EventBlock.NO_TIME) {
        withoutTime++;
        continue;
      }
      backwards += time < previous ? 1 : 0;
      previous = time;
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
  }

  /** The page that {@code inspect} prints. */
  public String render(Incident incident, Style style, boolean verbose) {
    StringBuilder out = new StringBuilder();
    out.append(style.bold("Inputs")).append('\n');
    List<String> lines = new ArrayList<>();
    for (InputSummary input : incident.inputs()) {
      new InputLines(true).of(input, lines);
    }
    lines.forEach(line -> out.append("  ").append(line).append('\n'));
    out.append('\n').append(style.bold("Kernel")).append('\n');
    if (incident.kernel() == null) {
      out.append("  not stated in the input; give it with --kernel if you know it\n");
    } else {
      out.append("  ").append(Words.printable(incident.kernel().text())).append(", ");
      out.append(incident.kernelAt() == null ? "given as an option" : Words.printable(incident.kernelAt().location()));
      out.append('\n');
    }
    if (events > 0) {
      trace(out, style);
    }
    stacks(incident, out, style, verbose);
    out.append('\n').append(style.bold("Kernel log")).append('\n');
    Map<String, Long> records = new TreeMap<>();
    incident.records().forEach(r -> records.merge(r.getClass().getSimpleName(), 1L, Long::sum));
    if (records.isEmpty()) {
      out.append("  no records\n");
    }
    counts(records, out);
    return out.toString();
  }

  private void trace(StringBuilder out, Style style) {
    out.append('\n').append(style.bold("Trace")).append('\n');
    out.append("  ").append(Words.count(events, "event"));
    if (greatestCpu >= 0) {
      out.append(", CPUs up to ").append(greatestCpu);
    }
    if (first <= last) {
      out.append(", clock ").append(Words.seconds(first)).append(" s to ").append(Words.seconds(last)).append(" s (");
      out.append(Words.duration(last - first)).append(')');
    }
    out.append('\n');
    if (withoutTime > 0) {
      out.append("  ").append(Words.count(withoutTime, "event")).append(" without a time stamp\n");
    }
    if (backwards > 0) {
      out.append("  the clock goes back at ").append(Words.count(backwards, "event")).append('\n');
    }
    if (undecoded > 0) {
      out.append("  ").append(Words.count(undecoded, "event")).append(" of kinds that are only counted\n");
    }
    Map<String, Long> byName = new TreeMap<>();
    names.forEach((symbol, n) -> byName.put(symbols.text(symbol), n));
    counts(byName, out);
    if (!fileSystems.isEmpty()) {
      out.append('\n').append(style.bold("File systems in the trace")).append('\n');
      Map<String, Long> byFsid = new TreeMap<>();
      fileSystems.forEach((symbol, n) -> byFsid.put(symbols.text(symbol), n));
      counts(byFsid, out);
    }
  }

  private static void stacks(Incident incident, StringBuilder out, Style style, boolean verbose) {
    out.append('\n').append(style.bold("Stacks")).append('\n');
    if (incident.tasks().isEmpty()) {
      out.append("  none\n");
      return;
    }
    Map<String, Long> origins = new TreeMap<>();
    Map<String, Long> states = new TreeMap<>();
    int dumps = 0;
    for (TaskSnapshot task : incident.tasks()) {
      origins.merge(Words.lower(task.origin()).replace('_', '-'), 1L, Long::sum);
      states.merge("state " + task.state().letter(), 1L, Long::sum);
      dumps = Math.max(dumps, task.dump() + 1);
    }
    out.append("  ").append(Words.count(incident.tasks().size(), "stack")).append(" in ");
    out.append(Words.count(dumps, "dump")).append('\n');
    counts(origins, out);
    counts(states, out);
    if (verbose) {
      TextTable table = new TextTable("llrl");
      for (TaskSnapshot task : incident.tasks()) {
        table.row(
            Words.printable(task.name()), String.valueOf(task.state().letter()),
            Words.count(task.frames().size(), "frame"), Words.printable(task.header().location()));
      }
      table.lines().forEach(line -> out.append("    ").append(line).append('\n'));
    }
  }

  private static void counts(Map<String, Long> counts, StringBuilder out) {
    TextTable table = new TextTable("rl");
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
        .forEach(e -> table.row(Words.count(e.getValue()), Words.printable(e.getKey())));
    table.lines().forEach(line -> out.append("    ").append(line).append('\n'));
  }
}
