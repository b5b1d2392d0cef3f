package org.btrsleuth.chart.plot;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.btrsleuth.chart.draw.Palette;

/**
 * How a completion got the metadata for its inode update, as it is marked in charts: an own shape each, filled or
 * hollow, so that the colour only repeats what the shape says.
 *
 * @param key component of {@code ReplayReport.InodeUnits}
 * @param label words for legends and axes
 * @param marker shape around the origin
 */
record Outcome(String key, String label, int rgb, boolean filled, Shape marker) {
  private static final double R = 4;

  /** In the order of reading: what went well first, what failed last. */
  static final List<Outcome> ALL =
      List.of(
          new Outcome("alreadyDirty", "already dirty", Palette.MUTED, true, circle(1.8)),
          new Outcome("handedOver", "handed over", Palette.GREEN, false, circle(R)),
          new Outcome("onDemand", "reserved on demand", Palette.BLUE, true, plus()),
          new Outcome("withoutEntitlement", "taken, not entitled", Palette.VERMILION, true, polygon(3, Math.PI / 2)),
          new Outcome("stolenFromDelalloc", "stolen from delalloc", Palette.PURPLE, true, square()),
          new Outcome("stolenFromGlobal", "stolen from global", Palette.ORANGE, true, polygon(4, 0)),
          new Outcome("failed", "failed (ENOSPC)", Palette.INK, true, cross()),
          new Outcome("directUpdate", "failed, then written directly", Palette.SKY, false, square()),
          new Outcome("noUpdate", "no update needed", Palette.MUTED, false, circle(1.8)),
          new Outcome("undecided", "undecided", Palette.MUTED, false, polygon(3, -Math.PI / 2)));

  /** The outcome of that name; names that are not known get a hollow diamond. */
  static Outcome of(String key) {
    for (Outcome outcome : ALL) {
      if (outcome.key.equals(key)) {
        return outcome;
      }
    }
    return new Outcome(key, key, Palette.INK, false, polygon(4, 0));
  }

  private static Shape circle(double radius) {
    return new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius);
  }

  private static Shape square() {
    return new Rectangle2D.Double(-R * 0.8, -R * 0.8, R * 1.6, R * 1.6);
  }

  private static Shape polygon(int corners, double turn) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < corners; i++) {
      double angle = turn + 2 * Math.PI * i / corners;
      double x = Math.cos(angle) * R * 1.15;
      double y = Math.sin(angle) * R * 1.15;
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }

  private static Shape plus() {
    Path2D path = new Path2D.Double();
    path.moveTo(-R, 0);
    path.lineTo(R, 0);
    path.moveTo(0, -R);
    path.lineTo(0, R);
    return new BasicStroke(1.8f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER).createStrokedShape(path);
  }

  private static Shape cross() {
    Path2D path = new Path2D.Double();
    path.moveTo(-R, -R);
    path.lineTo(R, R);
    path.moveTo(R, -R);
    path.lineTo(-R, R);
    return new BasicStroke(2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER).createStrokedShape(path);
  }
}
