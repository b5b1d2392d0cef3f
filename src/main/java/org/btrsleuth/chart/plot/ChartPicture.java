package org.btrsleuth.chart.plot;

import java.awt.geom.Rectangle2D;
import org.btrsleuth.chart.draw.Canvas;
import org.btrsleuth.chart.draw.Palette;
import org.btrsleuth.chart.draw.Picture;
import org.btrsleuth.chart.draw.Recording;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;

/** A JFreeChart chart as a picture. */
final class ChartPicture implements Picture {
  /** Width of all charts, in picture units. */
  static final double WIDTH = 1000;

  private final JFreeChart chart;
  private final double height;
  private Recording drawn;

  ChartPicture(JFreeChart chart, double height) {
    this.chart = chart;
    this.height = height;
  }

  @Override
  public double width() {
    return WIDTH;
  }

  @Override
  public double height() {
    return height;
  }

  @Override
  public void draw(Canvas canvas) {
    drawn().replay(canvas);
  }

  private synchronized Recording drawn() {
    if (drawn == null) {
      drawn = new Recording();
      drawOnce(drawn);
    }
    return drawn;
  }

  private void drawOnce(Canvas canvas) {
    // Both settings would measure text with the host's fonts.
    TextUtils.setUseDrawRotatedStringWorkaround(false);
    TextUtils.setDrawStringsWithFontAttributes(false);
    Rectangle2D paper = new Rectangle2D.Double(0, 0, WIDTH, height);
    canvas.fill(paper, Palette.opaque(Palette.PAPER));
    chart.draw(new CanvasGraphics(canvas), paper);
    canvas.clip(null);
  }
}
