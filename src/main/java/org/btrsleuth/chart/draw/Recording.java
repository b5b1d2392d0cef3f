package org.btrsleuth.chart.draw;

import java.awt.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps what is drawn on it, to draw it again on other canvases: laying out a chart takes as long as painting it, and
 * every chart is painted twice. Shapes that it is given must not change afterwards.
 */
public final class Recording implements Canvas {
  private final List<Consumer<Canvas>> calls = new ArrayList<>();

  /** Draws everything again, in the same order. */
  public void replay(Canvas canvas) {
    calls.forEach(call -> call.accept(canvas));
  }

  @Override
  public void fill(Shape shape, int argb) {
    calls.add(canvas -> canvas.fill(shape, argb));
  }

  @Override
  public void stroke(Shape shape, Pen pen) {
    calls.add(canvas -> canvas.stroke(shape, pen));
  }

  @Override
  public void text(String text, double x, double y, Face face, double size, int argb, double degrees) {
    calls.add(canvas -> canvas.text(text, x, y, face, size, argb, degrees));
  }

  @Override
  public void clip(Shape shape) {
    calls.add(canvas -> canvas.clip(shape));
  }

  @Override
  public void beginGroup(String tooltip) {
    calls.add(canvas -> canvas.beginGroup(tooltip));
  }

  @Override
  public void endGroup() {
    calls.add(Canvas::endGroup);
  }
}
