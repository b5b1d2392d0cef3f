package org.btrsleuth.chart.draw;

import java.util.List;

/**
 * How a line is drawn.
 *
 * @param width in units of the canvas
 * @param argb colour with opacity
 * @param dash lengths of dashes and gaps, empty for a solid line
 */
public record Pen(double width, int argb, List<Float> dash) {
  public Pen {
    dash = List.copyOf(dash);
  }

  public static Pen solid(double width, int rgb) {
    return new Pen(width, Palette.opaque(rgb), List.of());
  }

  public static Pen dashed(double width, int rgb, float on, float off) {
    return new Pen(width, Palette.opaque(rgb), List.of(on, off));
  }
}
