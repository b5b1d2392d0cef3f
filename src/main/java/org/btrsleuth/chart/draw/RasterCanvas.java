package org.btrsleuth.chart.draw;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Paints a picture into an image. Text is filled outlines, so no font of the host is asked for: only the JDK's
 * rasteriser is used, which is plain Java. Needs AWT's native base library, which every headless JDK package has.
 */
public final class RasterCanvas implements Canvas {
  private final BufferedImage image;
  private final Graphics2D graphics;
  private final double scale;

  /** @param scale pixels of a unit */
  public RasterCanvas(double width, double height, double scale) {
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
    this.scale = scale;
    image = new BufferedImage(
        (int) Math.ceil(width * scale), (int) Math.ceil(height * scale), BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
    graphics.scale(scale, scale);
  }

  @Override
  public void fill(Shape shape, int argb) {
    graphics.setColor(new Color(argb, true));
    smooth(!square(shape));
    graphics.fill(shape);
  }

  @Override
  public void stroke(Shape shape, Pen pen) {
    float[] dash = null;
    if (!pen.dash().isEmpty()) {
      dash = new float[pen.dash().size()];
      for (int i = 0; i < dash.length; i++) {
        dash[i] = pen.dash().get(i);
      }
    }
    boolean square = square(shape);
    smooth(!square);
    // Without smoothing only whole pixels look the same everywhere.
    double width = square ? Math.max(1, Math.round(pen.width() * scale)) / scale : Math.max(pen.width(), 0.05);
    graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0));
    graphics.setColor(new Color(pen.argb(), true));
    graphics.draw(shape);
  }

  private void smooth(boolean on) {
    graphics.setRenderingHint(
        RenderingHints.KEY_ANTIALIASING,
        on ? RenderingHints.VALUE_ANTIALIAS_ON : RenderingHints.VALUE_ANTIALIAS_OFF);
  }

  /**
   * Whether all edges are level or upright: they end between two pixels, so they are not smoothed. Smoothing crosses
   * every edge eight times a pixel row; for backgrounds, grids and the step lines of counters that was most of the time
   * of all reports.
   */
  private static boolean square(Shape shape) {
    double[] at = new double[6];
    double x = 0;
    double y = 0;
    for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
      int kind = path.currentSegment(at);
      if (kind == PathIterator.SEG_CLOSE) {
        continue;
      }
      if (kind != PathIterator.SEG_MOVETO && (kind != PathIterator.SEG_LINETO || at[0] != x && at[1] != y)) {
        return false;
      }
      x = at[0];
      y = at[1];
    }
    return true;
  }

  @Override
  public void text(String text, double x, double y, Face face, double size, int argb, double degrees) {
    String shown = Glyphs.clean(text);
    if (degrees % 90 != 0) {
      AffineTransform at = AffineTransform.getTranslateInstance(x, y);
      at.rotate(Math.toRadians(degrees));
      fill(at.createTransformedShape(face.outline(shown, size)), argb);
      return;
    }
    AffineTransform units = graphics.getTransform();
    graphics.setTransform(new AffineTransform());
    int turns = Math.floorMod((int) (degrees / 90), 4);
    GlyphImages.paint(graphics, shown, x * scale, y * scale, face, size * scale, argb, turns);
    graphics.setTransform(units);
  }

  @Override
  public void clip(Shape shape) {
    graphics.setClip(shape);
  }

  @Override
  public void beginGroup(String tooltip) {
    clip(null);
  }

  @Override
  public void endGroup() {
    clip(null);
  }

  /** Writes the image; does not close {@code out}. */
  public void writePng(OutputStream out) throws IOException {
    graphics.dispose();
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    Png.write(pixels, image.getWidth(), image.getHeight(), out);
  }
}
