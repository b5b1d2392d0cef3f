package org.btrsleuth.chart.draw;

import java.awt.Shape;

/**
 * What a picture is drawn on. Coordinates are units of the picture, y grows downwards; colours are 0xAARRGGBB.
 * Hostile text is welcome: {@link Glyphs#clean} is applied by every canvas, and escaping is the canvas's business.
 */
public interface Canvas {
  void fill(Shape shape, int argb);

  void stroke(Shape shape, Pen pen);

  /**
   * Text whose base line starts at (x, y).
   *
   * @param degrees clockwise turn about (x, y)
   */
  void text(String text, double x, double y, Face face, double size, int argb, double degrees);

  /** Replaces the clip; null for none. */
  void clip(Shape shape);

  /** What is drawn until {@link #endGroup} shows {@code tooltip} under the pointer, where that is possible. */
  void beginGroup(String tooltip);

  void endGroup();

  /** Horizontal position of text relative to its point. */
  enum Align {
    LEFT,
    CENTER,
    RIGHT
  }

  /** Level text, aligned. */
  default void text(String text, double x, double y, Face face, double size, int rgb, Align align) {
    String shown = Glyphs.clean(text);
    double width = align == Align.LEFT ? 0 : face.width(shown, size);
    double left = align == Align.LEFT ? x : align == Align.CENTER ? x - width / 2 : x - width;
    text(shown, left, y, face, size, Palette.opaque(rgb), 0);
  }
}
