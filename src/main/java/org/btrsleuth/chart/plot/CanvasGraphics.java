package org.btrsleuth.chart.plot;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.GradientPaint;
import java.awt.Graphics;
import java.awt.Paint;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.btrsleuth.chart.draw.Canvas;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.draw.Palette;
import org.btrsleuth.chart.draw.Pen;

/** Lets JFreeChart draw on a {@link Canvas}: keeps the state of a Graphics2D and hands over shapes and text. */
final class CanvasGraphics extends ShapeGraphics {
  private final Canvas canvas;
  private final RenderingHints hints = new RenderingHints(Map.of());
  private AffineTransform transform = new AffineTransform();
  private Shape clip;
  private Paint paint = Color.BLACK;
  private Color background = Color.WHITE;
  private Stroke stroke = new BasicStroke(1);
  private Font font = new FaceFont(Face.REGULAR, 12);
  private Composite composite = AlphaComposite.SrcOver;

  CanvasGraphics(Canvas canvas) {
    this.canvas = canvas;
  }

  @Override
  public void draw(Shape shape) {
    Shape placed = transform.createTransformedShape(shape);
    if (stroke instanceof BasicStroke basic) {
      double scale = Math.sqrt(Math.abs(transform.getDeterminant()));
      List<Float> dash = new ArrayList<>();
      if (basic.getDashArray() != null) {
        for (float length : basic.getDashArray()) {
          dash.add((float) (length * scale));
        }
      }
      canvas.stroke(placed, new Pen(basic.getLineWidth() * scale, argb(), dash));
    } else {
      canvas.fill(transform.createTransformedShape(stroke.createStrokedShape(shape)), argb());
    }
  }

  @Override
  public void fill(Shape shape) {
    canvas.fill(transform.createTransformedShape(shape), argb());
  }

  @Override
  public void drawString(String text, float x, float y) {
    FaceFont face = FaceFont.of(font);
    Point2D at = transform.transform(new Point2D.Double(x, y), null);
    double degrees = Math.toDegrees(Math.atan2(transform.getShearY(), transform.getScaleX()));
    double size = face.getSize2D() * Math.sqrt(Math.abs(transform.getDeterminant()));
    canvas.text(text, at.getX(), at.getY(), face.face(), size, argb(), degrees);
  }

  private int argb() {
    int argb =
        paint instanceof Color color
            ? color.getRGB()
            : paint instanceof GradientPaint gradient ? gradient.getColor1().getRGB() : Palette.opaque(Palette.INK);
    if (composite instanceof AlphaComposite alpha && alpha.getAlpha() < 1) {
      int mixed = Math.round((argb >>> 24) * alpha.getAlpha());
      return mixed << 24 | argb & 0xffffff;
    }
    return argb;
  }

  // Clip: kept in picture units.

  @Override
  public void clip(Shape shape) {
    if (shape == null) {
      setClip(null);
      return;
    }
    Shape placed = transform.createTransformedShape(shape);
    if (clip == null) {
      clip = plain(placed);
    } else {
      Area both = new Area(clip);
      both.intersect(new Area(placed));
      clip = plain(both);
    }
    canvas.clip(clip);
  }

  /** A rectangle as such: comparing and writing it is cheap. */
  private static Shape plain(Shape shape) {
    Area area = new Area(shape);
    return area.isRectangular() ? area.getBounds2D() : area;
  }

  @Override
  public void clipRect(int x, int y, int width, int height) {
    clip(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void setClip(int x, int y, int width, int height) {
    setClip(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void setClip(Shape shape) {
    clip = shape == null ? null : plain(transform.createTransformedShape(shape));
    canvas.clip(clip);
  }

  @Override
  public Shape getClip() {
    if (clip == null) {
      return null;
    }
    try {
      Shape user = transform.createInverse().createTransformedShape(clip);
      return plain(user);
    } catch (NoninvertibleTransformException e) {
      return new Rectangle2D.Double();
    }
  }

  @Override
  public Rectangle getClipBounds() {
    Shape user = getClip();
    return user == null ? null : user.getBounds();
  }

  @Override
  public boolean hit(Rectangle rect, Shape shape, boolean onStroke) {
    Shape tested = onStroke ? stroke.createStrokedShape(shape) : shape;
    return transform.createTransformedShape(tested).intersects(rect);
  }

  // Transform.

  @Override
  public void translate(int x, int y) {
    transform.translate(x, y);
  }

  @Override
  public void translate(double x, double y) {
    transform.translate(x, y);
  }

  @Override
  public void rotate(double theta) {
    transform.rotate(theta);
  }

  @Override
  public void rotate(double theta, double x, double y) {
    transform.rotate(theta, x, y);
  }

  @Override
  public void scale(double x, double y) {
    transform.scale(x, y);
  }

  @Override
  public void shear(double x, double y) {
    transform.shear(x, y);
  }

  @Override
  public void transform(AffineTransform by) {
    transform.concatenate(by);
  }

  @Override
  public void setTransform(AffineTransform to) {
    transform = new AffineTransform(to);
  }

  @Override
  public AffineTransform getTransform() {
    return new AffineTransform(transform);
  }

  // State that is only kept.

  @Override
  public void setComposite(Composite to) {
    composite = to;
  }

  @Override
  public Composite getComposite() {
    return composite;
  }

  @Override
  public void setPaint(Paint to) {
    if (to != null) {
      paint = to;
    }
  }

  @Override
  public Paint getPaint() {
    return paint;
  }

  @Override
  public void setColor(Color to) {
    setPaint(to);
  }

  @Override
  public Color getColor() {
    return paint instanceof Color color ? color : Color.BLACK;
  }

  @Override
  public void setStroke(Stroke to) {
    stroke = to;
  }

  @Override
  public Stroke getStroke() {
    return stroke;
  }

  @Override
  public void setBackground(Color to) {
    background = to;
  }

  @Override
  public Color getBackground() {
    return background;
  }

  @Override
  public void setFont(Font to) {
    if (to != null) {
      font = to;
    }
  }

  @Override
  public Font getFont() {
    return FaceFont.of(font);
  }

  @Override
  public FontMetrics getFontMetrics(Font of) {
    return FaceFont.of(of).metrics();
  }

  @Override
  public FontRenderContext getFontRenderContext() {
    return new FontRenderContext(null, true, true);
  }

  @Override
  public void setRenderingHint(RenderingHints.Key key, Object value) {
    hints.put(key, value);
  }

  @Override
  public Object getRenderingHint(RenderingHints.Key key) {
    return hints.get(key);
  }

  @Override
  public void setRenderingHints(Map<?, ?> to) {
    hints.clear();
    hints.putAll(to);
  }

  @Override
  public void addRenderingHints(Map<?, ?> more) {
    hints.putAll(more);
  }

  @Override
  public RenderingHints getRenderingHints() {
    return (RenderingHints) hints.clone();
  }

  @Override
  public void setPaintMode() {
    composite = AlphaComposite.SrcOver;
  }

  @Override
  public void setXORMode(Color with) {
    throw new UnsupportedOperationException("a chart never draws in XOR mode");
  }

  @Override
  public Graphics create() {
    CanvasGraphics copy = new CanvasGraphics(canvas);
    copy.hints.putAll(hints);
    copy.transform = getTransform();
    copy.clip = clip;
    copy.paint = paint;
    copy.background = background;
    copy.stroke = stroke;
    copy.font = font;
    copy.composite = composite;
    return copy;
  }

  @Override
  public void dispose() {
    // Nothing is held.
  }
}
