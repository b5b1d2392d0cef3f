package org.btrsleuth.chart.plot;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.font.FontRenderContext;
import java.awt.font.LineMetrics;
import java.awt.geom.Rectangle2D;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.draw.Glyphs;

/**
 * A {@link Face} in the shape that JFreeChart wants. Everything that JFreeChart measures is answered here, so that the
 * JDK never looks for a font of the host (on a server without fontconfig that ends in an error).
 */
final class FaceFont extends Font {
  private final Face face;

  FaceFont(Face face, float size) {
    super("SansSerif", face == Face.BOLD ? Font.BOLD : Font.PLAIN, Math.round(size));
    this.face = face;
    this.pointSize = size;
  }

  /** The face and size that come closest to any font. */
  static FaceFont of(Font font) {
    return font instanceof FaceFont ours
        ? ours
        : new FaceFont(font.isBold() ? Face.BOLD : Face.REGULAR, font.getSize2D());
  }

  Face face() {
    return face;
  }

  double width(String text) {
    return face.width(Glyphs.clean(text), pointSize);
  }

  FontMetrics metrics() {
    return new Metrics(this);
  }

  @Override
  public LineMetrics getLineMetrics(String text, FontRenderContext context) {
    return new Line(pointSize, text.length());
  }

  @Override
  public LineMetrics getLineMetrics(String text, int begin, int limit, FontRenderContext context) {
    return new Line(pointSize, limit - begin);
  }

  @Override
  public LineMetrics getLineMetrics(char[] chars, int begin, int limit, FontRenderContext context) {
    return new Line(pointSize, limit - begin);
  }

  @Override
  public Rectangle2D getStringBounds(String text, FontRenderContext context) {
    Line line = new Line(pointSize, text.length());
    return new Rectangle2D.Double(0, -line.getAscent(), width(text), line.getHeight());
  }

  @Override
  public Font deriveFont(float size) {
    return new FaceFont(face, size);
  }

  @Override
  public Font deriveFont(int style) {
    return new FaceFont((style & Font.BOLD) == 0 ? Face.REGULAR : Face.BOLD, pointSize);
  }

  private static final class Line extends LineMetrics {
    private final float size;
    private final int chars;

    private Line(float size, int chars) {
      this.size = size;
      this.chars = chars;
    }

    @Override
    public int getNumChars() {
      return chars;
    }

    @Override
    public float getAscent() {
      return (float) (Face.ASCENT * size);
    }

    @Override
    public float getDescent() {
      return (float) (Face.DESCENT * size);
    }

    @Override
    public float getLeading() {
      return 0;
    }

    @Override
    public float getHeight() {
      return getAscent() + getDescent();
    }

    @Override
    public int getBaselineIndex() {
      return 0;
    }

    @Override
    public float[] getBaselineOffsets() {
      return new float[3];
    }

    @Override
    public float getStrikethroughOffset() {
      return -size / 3;
    }

    @Override
    public float getStrikethroughThickness() {
      return size / 16;
    }

    @Override
    public float getUnderlineOffset() {
      return size / 8;
    }

    @Override
    public float getUnderlineThickness() {
      return size / 16;
    }
  }

  private static final class Metrics extends FontMetrics {
    private final transient FaceFont ours;

    private Metrics(FaceFont font) {
      super(font);
      ours = font;
    }

    @Override
    public int getAscent() {
      return (int) Math.ceil(Face.ASCENT * ours.pointSize);
    }

    @Override
    public int getDescent() {
      return (int) Math.ceil(Face.DESCENT * ours.pointSize);
    }

    @Override
    public int getLeading() {
      return 0;
    }

    @Override
    public int stringWidth(String text) {
      return (int) Math.ceil(ours.width(text));
    }

    @Override
    public int charsWidth(char[] data, int offset, int length) {
      return stringWidth(new String(data, offset, length));
    }

    @Override
    public int charWidth(char c) {
      return stringWidth(String.valueOf(c));
    }

    @Override
    public LineMetrics getLineMetrics(String text, Graphics context) {
      return new Line(ours.pointSize, text.length());
    }

    @Override
    public Rectangle2D getStringBounds(String text, Graphics context) {
      return ours.getStringBounds(text, null);
    }
  }
}
