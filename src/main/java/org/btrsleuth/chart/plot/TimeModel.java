package org.btrsleuth.chart.plot;

import java.util.List;

/**
 * What a chart over time shows, before it is drawn.
 *
 * @param subtitle one line under the title
 * @param valueAxis what the lines are, with unit: "reserved (MiB)"
 * @param timeAxis such as "time (seconds from start of the recording)"
 * @param lines from the most important on
 * @param marks on the lines or in the strip
 * @param strip rows of the strip under the lines from top to bottom, empty for no strip
 */
public record TimeModel(
    String title, String subtitle, String valueAxis, String timeAxis, List<Line> lines, List<Mark> marks,
    List<StripRow> strip) {
  public TimeModel {
    lines = List.copyOf(lines);
    marks = List.copyOf(marks);
    strip = List.copyOf(strip);
  }

  /** A counter; {@code points} are thinned. */
  public record Line(String name, double[] seconds, double[] values) {}

  /** Markers of one kind at (second, value) on the lines; {@code count} is how many there were before thinning. */
  public record Mark(String kind, long count, double[] seconds, double[] values) {}

  /**
   * Markers of one kind in a row of their own.
   *
   * @param known moments that are known, before thinning
   * @param count how many there were; more than {@code known} if not all were kept
   */
  public record StripRow(String kind, long known, long count, double[] seconds) {}

  /** Points that will be drawn. */
  public long points() {
    long points = 0;
    for (Line line : lines) {
      points += line.seconds.length;
    }
    for (Mark mark : marks) {
      points += mark.seconds.length;
    }
    for (StripRow row : strip) {
      points += row.seconds.length;
    }
    return points;
  }
}
