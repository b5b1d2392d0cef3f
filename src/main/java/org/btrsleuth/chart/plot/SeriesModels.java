package org.btrsleuth.chart.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.Mark;
import org.btrsleuth.replay.ReplayReport.Series;

/** Makes what charts show out of the replay's series. All charts of a file system share one start and one end. */
public final class SeriesModels {
  private final FileSystem fs;
  private long start = Long.MAX_VALUE;
  private long end = Long.MIN_VALUE;

  public SeriesModels(FileSystem fs) {
    this.fs = fs;
    for (Series series : fs.series()) {
      long[] times = series.timesNanos();
      if (times.length > 0) {
        start = Math.min(start, times[0]);
        end = Math.max(end, times[times.length - 1]);
      }
    }
    for (InodeUnitEvent event : fs.inodeUnitEvents()) {
      start = Math.min(start, event.timeNanos());
      end = Math.max(end, event.timeNanos());
    }
    if (start > end) {
      start = 0;
      end = 0;
    }
  }

  /** Lines with the marks that stand on them. */
  public TimeModel lines(String title, String subtitle, String axis, List<Series> series) {
    return model(title, subtitle, axis, series, List.of());
  }

  /** The same with a strip that shows every completion worth showing. */
  public TimeModel withStrip(String title, String subtitle, String axis, List<Series> series) {
    Map<String, Set<Long>> moments = new TreeMap<>();
    for (InodeUnitEvent event : fs.inodeUnitEvents()) {
      moments.computeIfAbsent(event.outcome(), k -> new TreeSet<>()).add(event.timeNanos());
    }
    // Events and marks both keep a limited number; together they say most.
    for (Series one : fs.series()) {
      for (Mark mark : one.marks()) {
        if (!mark.kind().equals("alreadyDirty")) {
          moments.computeIfAbsent(mark.kind(), k -> new TreeSet<>()).add(mark.timeNanos());
        }
      }
    }
    List<TimeModel.StripRow> rows = new ArrayList<>();
    for (String kind : inOrder(moments)) {
      long[] times = moments.get(kind).stream().mapToLong(Long::longValue).toArray();
      long count = Math.max(times.length, UnitBars.count(fs.inodeUnits(), kind));
      rows.add(new TimeModel.StripRow(kind, times.length, count, thin(times)));
    }
    return model(title, subtitle, axis, series, rows);
  }

  private TimeModel model(
      String title, String subtitle, String axis, List<Series> series, List<TimeModel.StripRow> strip) {
    List<TimeModel.Line> lines = new ArrayList<>();
    Map<String, List<double[]>> marks = new TreeMap<>();
    for (Series one : series) {
      double scale = one.unit().equals("bytes") ? Amounts.MIB : 1;
      Steps steps = Steps.of(one.timesNanos(), one.values(), start, end, scale);
      lines.add(new TimeModel.Line(one.name(), steps.seconds(), steps.values()));
      for (Mark mark : one.marks()) {
        double second = Steps.seconds(mark.timeNanos(), start);
        marks.computeIfAbsent(mark.kind(), k -> new ArrayList<>()).add(new double[] {second, steps.at(second)});
      }
    }
    List<TimeModel.Mark> marked = new ArrayList<>();
    for (String kind : inOrder(marks)) {
      marked.add(thin(kind, marks.get(kind)));
    }
    return new TimeModel(title, subtitle, axis, timeAxis(), lines, marked, strip);
  }

  /** Says where second 0 is on the clock of the capture, so that a moment can be found again in it. */
  private String timeAxis() {
    return String.format(
        java.util.Locale.ROOT, "time (seconds from start of the recording, trace clock %.6f)", start / 1e9);
  }

  private static List<String> inOrder(Map<String, ?> byKind) {
    List<String> order = new ArrayList<>();
    for (Outcome outcome : Outcome.ALL) {
      if (byKind.containsKey(outcome.key())) {
        order.add(outcome.key());
      }
    }
    byKind.keySet().stream().filter(kind -> !order.contains(kind)).forEach(order::add);
    return order;
  }

  /** One marker a column at most; {@code times} ascend. */
  private double[] thin(long[] times) {
    double[] seconds = new double[Math.min(times.length, Steps.COLUMNS + 1)];
    double width = Math.max(1, (double) end - start) / Steps.COLUMNS;
    int size = 0;
    long before = -1;
    for (long time : times) {
      long column = Math.max(0, Math.min(Steps.COLUMNS, (long) (((double) time - start) / width)));
      if (column != before) {
        seconds[size++] = Steps.seconds(time, start);
        before = column;
      }
    }
    return Arrays.copyOf(seconds, size);
  }

  /** One marker a cell of a raster that is finer than a marker. */
  private TimeModel.Mark thin(String kind, List<double[]> points) {
    double width = Math.max(1e-9, (end - start) / 1e9) / 250;
    double high = points.stream().mapToDouble(p -> Math.abs(p[1])).max().orElse(1);
    double height = Math.max(high, 1e-9) / 60;
    Map<Long, double[]> cells = new TreeMap<>();
    for (double[] p : points) {
      cells.putIfAbsent((long) (p[0] / width) * 1000 + (long) (p[1] / height), p);
    }
    double[] seconds = cells.values().stream().mapToDouble(p -> p[0]).toArray();
    double[] values = cells.values().stream().mapToDouble(p -> p[1]).toArray();
    return new TimeModel.Mark(kind, points.size(), seconds, values);
  }
}
