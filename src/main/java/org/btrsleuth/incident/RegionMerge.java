package org.btrsleuth.incident;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.btrsleuth.event.TraceRuns;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.Region;

/** Joins the trace runs of an input's blocks and the regions of its other text into one list in line order. */
final class RegionMerge {
  /** A file that changes its format line by line must not need memory per line: the last run then takes the rest. */
  private static final int MAX_RUNS = 20_000;

  private final List<Region> traces = new ArrayList<>();

  void add(TraceRuns runs) {
    for (int i = 0; i < runs.size(); i++) {
      add(runs.firstLine(i), runs.lastLine(i), runs.events(i));
    }
  }

  private void add(long first, long last, long events) {
    Region before = traces.isEmpty() ? null : traces.get(traces.size() - 1);
    if (before != null && (before.lastLine() + 1 == first || traces.size() >= MAX_RUNS)) {
      traces.set(
          traces.size() - 1, new Region(Format.FTRACE, before.firstLine(), last, before.records() + events));
    } else {
      traces.add(new Region(Format.FTRACE, first, last, events));
    }
  }

  List<Region> with(List<Region> others) {
    List<Region> all = new ArrayList<>(traces);
    all.addAll(others);
    all.sort(Comparator.comparingLong(Region::firstLine));
    return List.copyOf(all);
  }
}
