package org.btrsleuth.log;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.Region;

/** Runs of lines of one format. */
final class Regions {
  /** Input that alternates line by line must not need memory per line: beyond this the last run takes everything. */
  private static final int MAX_RUNS = 20_000;

  private static final class Run {
    final Format format;
    final long first;
    long last;
    long records;

    Run(Format format, long line) {
      this.format = format;
      first = line;
      last = line;
    }
  }

  private final List<Run> runs = new ArrayList<>();

  void add(Format format, long first, long last) {
    Run run = last();
    if (run != null && (run.format == format && run.last + 1 == first || runs.size() >= MAX_RUNS)) {
      run.last = last;
      return;
    }
    Run next = new Run(format, first);
    next.last = last;
    runs.add(next);
  }

  /** Adds a line to the run that ends just before it; false if there is none. */
  boolean extend(long line) {
    Run run = last();
    if (run == null || run.last + 1 != line) {
      return false;
    }
    run.last = line;
    return true;
  }

  /** Counts a record into the run that holds its line. */
  void count(long line) {
    int low = 0;
    int high = runs.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Run run = runs.get(middle);
      if (line < run.first) {
        high = middle - 1;
      } else if (line > run.last) {
        low = middle + 1;
      } else {
        run.records++;
        return;
      }
    }
  }

  List<Region> regions() {
    return runs.stream()
        .map(run -> new Region(run.format, run.first, run.last, run.records))
        .toList();
  }

  private Run last() {
    return runs.isEmpty() ? null : runs.get(runs.size() - 1);
  }
}
