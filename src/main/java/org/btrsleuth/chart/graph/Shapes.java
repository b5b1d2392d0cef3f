package org.btrsleuth.chart.graph;

import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import org.btrsleuth.chart.draw.Canvas;
import org.btrsleuth.chart.draw.Palette;
import org.btrsleuth.chart.draw.Pen;
import org.btrsleuth.chart.graph.LayeredLayout.Point;

/** The forms that the parts of a wait graph have, and the sizes of their text. */
final class Shapes {
  static final double TITLE = 13;
  static final double TITLE_LINE = 16;
  static final double DETAIL = 11.5;
  static final double DETAIL_LINE = 15;
  static final double LABEL = 11;

  /** Between text and outline, above and below. */
  static final double PADDING = 8;

  /** What the sheets behind the first one add to a pile. */
  static final double PILE = 6;

  private Shapes() {}

  static String name(Scene.Shape shape) {
    return switch (shape) {
      case WAITER -> "task that waits";
      case HOLDER -> "task that others wait for";
      case GROUP -> "several tasks";
      case RESOURCE -> "lock or other resource";
      case SERVICE -> "service that must run";
    };
  }

  /** Free space left and right of the text, which the form itself takes. */
  static double side(Scene.Shape shape) {
    return switch (shape) {
      case RESOURCE -> 18;
      case SERVICE -> 20;
      case HOLDER -> 16;
      default -> 12;
    };
  }

  static void draw(
      Canvas canvas, Scene.Shape shape, boolean inCycle, double x, double y, double w, double h) {
    int hue =
        switch (shape) {
          case RESOURCE -> Palette.ORANGE;
          case SERVICE -> Palette.GREEN;
          case GROUP -> Palette.MUTED;
          default -> Palette.BLUE;
        };
    int fill = Palette.opaque(Palette.tint(hue, shape == Scene.Shape.GROUP ? 0.1 : 0.14));
    Pen pen = inCycle ? Pen.solid(2.6, Palette.VERMILION) : Pen.solid(1.3, hue);
    switch (shape) {
      case WAITER -> {
        java.awt.Shape outline = new RoundRectangle2D.Double(x, y, w, h, 6, 6);
        canvas.fill(outline, fill);
        canvas.stroke(outline, pen);
      }
      case HOLDER -> {
        java.awt.Shape outline = new Rectangle2D.Double(x, y, w, h);
        canvas.fill(outline, fill);
        int band = Palette.opaque(inCycle ? Palette.VERMILION : hue);
        canvas.fill(new Rectangle2D.Double(x, y, 6, h), band);
        canvas.fill(new Rectangle2D.Double(x + w - 6, y, 6, h), band);
        canvas.stroke(outline, pen);
      }
      case GROUP -> {
        // A pile: two more sheets behind, within the box's own space.
        for (int i = 2; i >= 0; i--) {
          double d = PILE / 2 * i;
          java.awt.Shape sheet = new RoundRectangle2D.Double(x + d, y + d, w - PILE, h - PILE, 6, 6);
          canvas.fill(sheet, Palette.opaque(Palette.tint(hue, 0.1 + 0.08 * i)));
          canvas.stroke(sheet, pen);
        }
      }
      case RESOURCE -> {
        double arc = Math.min(h, 36);
        java.awt.Shape outline = new RoundRectangle2D.Double(x, y, w, h, arc, arc);
        canvas.fill(outline, fill);
        canvas.stroke(outline, pen);
      }
      case SERVICE -> {
        Path2D outline = new Path2D.Double();
        double cut = Math.min(12, h / 2);
        outline.moveTo(x + cut, y);
        outline.lineTo(x + w - cut, y);
        outline.lineTo(x + w, y + h / 2);
        outline.lineTo(x + w - cut, y + h);
        outline.lineTo(x + cut, y + h);
        outline.lineTo(x, y + h / 2);
        outline.closePath();
        canvas.fill(outline, fill);
        canvas.stroke(outline, pen);
      }
    }
  }

  /** Where the line of an arrow ends and its head begins. */
  static Point headBase(Point back, Point tip, boolean large, boolean sideways) {
    double length = large ? 11 : 8;
    if (sideways) {
      return new Point(tip.x() + (back.x() < tip.x() ? -length : length), tip.y());
    }
    return new Point(tip.x(), tip.y() + (back.y() < tip.y() ? -length : length));
  }
}
