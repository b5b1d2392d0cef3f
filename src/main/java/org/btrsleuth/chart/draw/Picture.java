package org.btrsleuth.chart.draw;

/** Something that can be drawn: the same calls on every canvas, in the same order for the same data. Thread-safe. */
public interface Picture {
  double width();

  double height();

  void draw(Canvas canvas);
}
