package org.btrsleuth.chart.plot;

import java.util.List;

/**
 * Who was blocked from when to when.
 *
 * @param timeAxis with the moment of second 0
 * @param rows from top to bottom
 */
public record BlockedModel(String title, String subtitle, String timeAxis, List<Row> rows) {
  public BlockedModel {
    rows = List.copyOf(rows);
  }

  /** What a bar stands for. */
  public enum Role {
    CYCLE("part of the deadlock cycle"),
    WAITS("blocked, with what it waits for"),
    UNKNOWN("blocked, not known on what");

    final String legend;

    Role(String legend) {
      this.legend = legend;
    }
  }

  /**
   * @param name task, or number of tasks
   * @param what text at the bar
   * @param seen moments at which a report or dump showed the task blocked
   */
  public record Row(String name, String what, Role role, List<Span> spans, double[] seen) {
    public Row {
      spans = List.copyOf(spans);
    }
  }

  /** A time without a known change, in seconds from start. */
  public record Span(double from, double to) {}
}
