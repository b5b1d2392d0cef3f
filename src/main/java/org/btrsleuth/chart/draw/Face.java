package org.btrsleuth.chart.draw;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A type face of our own: advances and outlines read from a resource. The JDK needs fontconfig, FreeType and an
 * installed font for the shortest text; a server often has none of them, and where they exist each host measures text
 * differently. With this, text has the same width everywhere and needs nothing.
 */
public enum Face {
  REGULAR("regular.glyphs"),
  BOLD("bold.glyphs");

  /** Font units of one em. */
  private static final double EM = 2048;

  /** Height above the base line, in em: of the tallest accented capital. */
  public static final double ASCENT = 0.93;

  /** Depth below the base line, in em. */
  public static final double DESCENT = 0.24;

  private final String resource;
  private Map<Integer, Glyph> glyphs;

  Face(String resource) {
    this.resource = resource;
  }

  private static final class Glyph {
    private final int advance;
    private final String data;
    private Path2D outline;

    Glyph(int advance, String data) {
      this.advance = advance;
      this.data = data;
    }

    /** In font units; not to be changed. */
    synchronized Path2D outline() {
      if (outline == null) {
        outline = SvgPath.parse(data);
      }
      return outline;
    }
  }

  /** Width of {@code text} at a font size of {@code size} units. */
  public double width(String text, double size) {
    double units = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      units += glyph(text.codePointAt(i)).advance;
    }
    return units / EM * size;
  }

  /** Outline of {@code text} whose base line starts at the origin. */
  Path2D outline(String text, double size) {
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double x = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      Glyph glyph = glyph(text.codePointAt(i));
      AffineTransform at = AffineTransform.getScaleInstance(size / EM, size / EM);
      at.translate(x, 0);
      path.append(at.createTransformedShape(glyph.outline()), false);
      x += glyph.advance;
    }
    return path;
  }

  /**
   * {@code text} shortened with an ellipsis so that it is at most {@code width} wide. What is cut is the middle: task
   * and function names differ at both ends ({@code kworker/u8:2-btrfs-endio}).
   */
  public String elide(String text, double size, double width) {
    if (width(text, size) <= width) {
      return text;
    }
    int[] points = text.codePoints().toArray();
    for (int keep = points.length - 1; keep > 0; keep--) {
      int head = (keep * 3 + 4) / 5;
      String tail = new String(points, points.length - keep + head, keep - head);
      String shorter = new String(points, 0, head) + "\u2026" + tail;
      if (width(shorter, size) <= width) {
        return shorter;
      }
    }
    return width("\u2026", size) <= width ? "\u2026" : "";
  }

  private Glyph glyph(int codePoint) {
    Map<Integer, Glyph> table = table();
    Glyph glyph = table.get(codePoint);
    if (glyph == null) {
      glyph = table.get(Character.isWhitespace(codePoint) || codePoint == 0xa0 ? (int) ' ' : MISSING);
    }
    return glyph;
  }

  private static final int MISSING = -1;

  private synchronized Map<Integer, Glyph> table() {
    if (glyphs == null) {
      glyphs = load();
    }
    return glyphs;
  }

  private Map<Integer, Glyph> load() {
    Map<Integer, Glyph> table = new HashMap<>();
    // What has no outline shows as an empty box, as in browsers.
    table.put(MISSING, new Glyph(1200, "M150 0L150 -1456L1050 -1456L1050 0ZM270 -120L930 -120L930 -1336L270 -1336Z"));
    try (InputStream in = Face.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("glyph table " + resource + " is not in the jar");
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          String[] cells = line.split(" ", 3);
          table.put(Integer.parseInt(cells[0], 16), new Glyph(Integer.parseInt(cells[1]), cells[2]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }
}
