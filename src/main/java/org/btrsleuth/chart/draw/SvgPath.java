package org.btrsleuth.chart.draw;

import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;

/** SVG path data from shapes and back. */
final class SvgPath {
  private SvgPath() {}

  /** Reads the absolute commands M, L, Q, C and Z. */
  static Path2D parse(String data) {
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double[] p = new double[6];
    int i = 0;
    while (i < data.length()) {
      char command = data.charAt(i++);
      int n = 0;
      while (i < data.length() && !Character.isLetter(data.charAt(i))) {
        int end = i + 1;
        while (end < data.length() && data.charAt(end) != ' ' && !Character.isLetter(data.charAt(end))) {
          end++;
        }
        p[n++] = Double.parseDouble(data.substring(i, end));
        i = end < data.length() && data.charAt(end) == ' ' ? end + 1 : end;
      }
      switch (command) {
        case 'M' -> path.moveTo(p[0], p[1]);
        case 'L' -> path.lineTo(p[0], p[1]);
        case 'Q' -> path.quadTo(p[0], p[1], p[2], p[3]);
        case 'C' -> path.curveTo(p[0], p[1], p[2], p[3], p[4], p[5]);
        case 'Z' -> path.closePath();
        default -> throw new IllegalArgumentException("path command " + command);
      }
    }
    return path;
  }

  /**
   * Path data of a shape, rounded to a twentieth of a unit. Steps of a counter are horizontal and vertical lines, so
   * {@code H} and {@code V} keep a long series small; points that round to the one before are left out.
   */
  static String of(Shape shape) {
    StringBuilder out = new StringBuilder();
    double[] p = new double[6];
    String x = "";
    String y = "";
    char before = ' ';
    for (PathIterator i = shape.getPathIterator(null); !i.isDone(); i.next()) {
      int segment = i.currentSegment(p);
      switch (segment) {
        case PathIterator.SEG_MOVETO -> out.append('M');
        case PathIterator.SEG_LINETO -> {
          String nx = number(p[0]);
          String ny = number(p[1]);
          if (nx.equals(x) && ny.equals(y)) {
            continue;
          }
          if (ny.equals(y)) {
            out.append('H').append(nx);
          } else if (nx.equals(x)) {
            out.append('V').append(ny);
          } else {
            out.append(before == 'L' ? ' ' : 'L').append(nx).append(' ').append(ny);
          }
          before = ny.equals(y) ? 'H' : nx.equals(x) ? 'V' : 'L';
          x = nx;
          y = ny;
          continue;
        }
        case PathIterator.SEG_QUADTO -> out.append('Q');
        case PathIterator.SEG_CUBICTO -> out.append('C');
        default -> out.append('Z');
      }
      int count = segment == PathIterator.SEG_CLOSE ? 0 : 2 * Math.max(1, segment);
      for (int k = 0; k < count; k++) {
        out.append(k == 0 ? "" : " ").append(number(p[k]));
      }
      if (count > 0) {
        x = number(p[count - 2]);
        y = number(p[count - 1]);
      }
      before = ' ';
    }
    return out.toString();
  }

  /** Shortest text of a coordinate, rounded to 0.05, never an exponent. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "0";
    }
    long hundredths = Math.round(value * 20) * 5;
    String sign = hundredths < 0 ? "-" : "";
    long whole = Math.abs(hundredths) / 100;
    long part = Math.abs(hundredths) % 100;
    if (part == 0) {
      return sign + whole;
    }
    return sign + whole + (part % 10 == 0 ? "." + part / 10 : part < 10 ? ".0" + part : "." + part);
  }
}
