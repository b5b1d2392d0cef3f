package org.btrsleuth.chart.plot;

import java.util.Arrays;

/**
 * Points of a counter that keeps its value until the next change, thinned to what a plot can show.
 *
 * @param seconds ascending, not strictly
 * @param values in the unit of the axis
 */
record Steps(double[] seconds, double[] values) {
  /** Columns of a plot; a little more than it is wide, so that thinning is never seen. */
  static final int COLUMNS = 900;

  /** Most points that {@link #of} returns: two to enter a column, three within it, one at the end. */
  static final int MOST = 5 * COLUMNS + 1;

  /**
   * One pass; each column keeps its first, least, greatest and last value. The result is the same line on paper.
   *
   * @param start time that becomes second 0, nanoseconds
   * @param end time up to which the last value is drawn, nanoseconds
   * @param scale what a value is divided by
   */
  static Steps of(long[] times, long[] values, long start, long end, double scale) {
    int n = Math.min(times.length, values.length);
    double[] x = new double[MOST];
    double[] y = new double[MOST];
    int size = 0;
    double width = Math.max(1, (double) end - start) / COLUMNS;
    for (int i = 0; i < n; ) {
      long column = column(times[i], start, width);
      long first = values[i];
      long least = first;
      long greatest = first;
      int last = i;
      while (last + 1 < n && column(times[last + 1], start, width) == column) {
        last++;
        least = Math.min(least, values[last]);
        greatest = Math.max(greatest, values[last]);
      }
      double at = seconds(times[i], start);
      if (size > 0) {
        size = add(x, y, size, at, y[size - 1]);
      }
      size = add(x, y, size, at, first / scale);
      if (last > i) {
        // The order of the two extremes within a column cannot be seen.
        size = add(x, y, size, at, least / scale);
        size = add(x, y, size, at, greatest / scale);
        size = add(x, y, size, at, values[last] / scale);
      }
      i = last + 1;
    }
    if (size > 0 && seconds(end, start) > x[size - 1]) {
      size = add(x, y, size, seconds(end, start), y[size - 1]);
    }
    return new Steps(Arrays.copyOf(x, size), Arrays.copyOf(y, size));
  }

  private static long column(long time, long start, double width) {
    return Math.max(0, Math.min(COLUMNS - 1, (long) (((double) time - start) / width)));
  }

  private static int add(double[] x, double[] y, int size, double at, double value) {
    if (size > 0 && x[size - 1] == at && y[size - 1] == value) {
      return size;
    }
    x[size] = at;
    y[size] = value;
    return size + 1;
  }

  static double seconds(long time, long start) {
    return ((double) time - start) / 1e9;
  }

  /** Value of the counter at a moment, 0 before its first change. */
  double at(double second) {
    int i = Arrays.binarySearch(seconds, second);
    if (i < 0) {
      i = -i - 2;
    } else {
      while (i + 1 < seconds.length && seconds[i + 1] == second) {
        i++;
      }
    }
    return i < 0 ? 0 : values[i];
  }
}
