package org.btrsleuth.replay;

import java.util.Arrays;
import java.util.List;
import org.btrsleuth.event.EventBlock;

/**
 * A counter over time in bounded memory: a bucket keeps the first, least, greatest and last value of its span of time;
 * when the buckets run out, neighbours are merged and the span doubles. Ten million points cost no more than ten
 * thousand, and no peak is lost.
 */
final class SeriesRecorder {
  private static final int BUCKETS = 512;

  private final String group;
  private final String name;
  private final String unit;

  private long start = EventBlock.NO_TIME;
  private long span = 1;
  private int used;
  private final long[] minTime = new long[BUCKETS];
  private final long[] min = new long[BUCKETS];
  private final long[] maxTime = new long[BUCKETS];
  private final long[] max = new long[BUCKETS];
  private final long[] lastTime = new long[BUCKETS];
  private final long[] last = new long[BUCKETS];
  private long latest;

  SeriesRecorder(String group, String name, String unit) {
    this.group = group;
    this.name = name;
    this.unit = unit;
  }

  /** Times that go back, as clocks of two CPUs do, count as the latest one. */
  void add(long time, long value) {
    if (time == EventBlock.NO_TIME) {
      return;
    }
    if (start == EventBlock.NO_TIME) {
      start = time;
      latest = time;
      Arrays.fill(minTime, EventBlock.NO_TIME);
    }
    if (time > latest) {
      latest = time;
    }
    long bucket = (latest - start) / span;
    while (bucket >= BUCKETS) {
      halve();
      bucket = (latest - start) / span;
    }
    int b = (int) bucket;
    if (minTime[b] == EventBlock.NO_TIME) {
      minTime[b] = latest;
      min[b] = value;
      maxTime[b] = latest;
      max[b] = value;
      used = Math.max(used, b + 1);
    } else if (value < min[b]) {
      min[b] = value;
      minTime[b] = latest;
    } else if (value > max[b]) {
      max[b] = value;
      maxTime[b] = latest;
    }
    last[b] = value;
    lastTime[b] = latest;
  }

  boolean isEmpty() {
    return used == 0;
  }

  private void halve() {
    span *= 2;
    for (int b = 0; b < BUCKETS / 2; b++) {
      int left = 2 * b;
      int right = left + 1;
      if (minTime[left] == EventBlock.NO_TIME) {
        move(right, b);
      } else {
        int lower = minTime[right] != EventBlock.NO_TIME && min[right] < min[left] ? right : left;
        int upper = minTime[right] != EventBlock.NO_TIME && max[right] > max[left] ? right : left;
        int later = minTime[right] != EventBlock.NO_TIME ? right : left;
        long lowTime = minTime[lower];
        long low = min[lower];
        long highTime = maxTime[upper];
        long high = max[upper];
        long endTime = lastTime[later];
        long end = last[later];
        minTime[b] = lowTime;
        min[b] = low;
        maxTime[b] = highTime;
        max[b] = high;
        lastTime[b] = endTime;
        last[b] = end;
      }
    }
    Arrays.fill(minTime, BUCKETS / 2, BUCKETS, EventBlock.NO_TIME);
    used = (used + 1) / 2;
  }

  private void move(int from, int to) {
    minTime[to] = minTime[from];
    min[to] = min[from];
    maxTime[to] = maxTime[from];
    max[to] = max[from];
    lastTime[to] = lastTime[from];
    last[to] = last[from];
  }

  ReplayReport.Series finish(List<ReplayReport.Mark> marks) {
    long[] times = new long[3 * used];
    long[] values = new long[3 * used];
    int n = 0;
    for (int b = 0; b < used; b++) {
      if (minTime[b] == EventBlock.NO_TIME) {
        continue;
      }
      boolean minFirst = minTime[b] <= maxTime[b];
      n = point(times, values, n, minFirst ? minTime[b] : maxTime[b], minFirst ? min[b] : max[b]);
      n = point(times, values, n, minFirst ? maxTime[b] : minTime[b], minFirst ? max[b] : min[b]);
      n = point(times, values, n, lastTime[b], last[b]);
    }
    return new ReplayReport.Series(group, name, unit, Arrays.copyOf(times, n), Arrays.copyOf(values, n), marks);
  }

  private static int point(long[] times, long[] values, int n, long time, long value) {
    if (n > 0 && values[n - 1] == value && times[n - 1] == time) {
      return n;
    }
    times[n] = time;
    values[n] = value;
    return n + 1;
  }
}
