package org.btrsleuth.chart.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Locale;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.draw.Palette;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.Axis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** One look for all charts: white paper, thin grey grid, no boxes, fonts of our own. */
final class Style {
  static final Font TITLE = new FaceFont(Face.BOLD, 17);
  static final Font LABEL = new FaceFont(Face.REGULAR, 12.5f);
  static final Font TICK = new FaceFont(Face.REGULAR, 12);
  static final Font SMALL = new FaceFont(Face.REGULAR, 11);

  private static final float[][] DASHES = {null, {7, 3}, {2, 2.5f}, {9, 3, 2, 3}, {12, 4}, {5, 2, 2, 2, 2, 2}, {4, 4},
    {1.5f, 4}};

  private Style() {}

  static Color color(int rgb) {
    return new Color(rgb);
  }

  /** Line style of the n-th series: its own dash pattern beside its own colour. */
  static BasicStroke line(int series) {
    float[] dash = DASHES[series % DASHES.length];
    return new BasicStroke(1.7f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0);
  }

  static int seriesColor(int series) {
    return Palette.SERIES.get(series % Palette.SERIES.size());
  }

  static JFreeChart chart(String title, String subtitle, Plot plot, boolean legend) {
    JFreeChart chart = new JFreeChart(null, null, plot, false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(10, 12, 8, 20));
    chart.setTitle(text(title, TITLE, Palette.INK, 0));
    if (!subtitle.isEmpty()) {
      chart.addSubtitle(text(subtitle, LABEL, Palette.MUTED, 6));
    }
    if (legend) {
      LegendTitle items = new LegendTitle(plot);
      items.setItemFont(TICK);
      items.setItemPaint(color(Palette.INK));
      items.setPosition(RectangleEdge.BOTTOM);
      items.setHorizontalAlignment(HorizontalAlignment.LEFT);
      items.setFrame(BlockBorder.NONE);
      items.setLegendItemGraphicPadding(new RectangleInsets(3, 8, 3, 4));
      items.setItemLabelPadding(new RectangleInsets(2, 2, 2, 12));
      chart.addLegend(items);
    }
    plot.setOutlineVisible(false);
    plot.setBackgroundPaint(Color.WHITE);
    return chart;
  }

  private static TextTitle text(String words, Font font, int rgb, double below) {
    TextTitle title = new TextTitle(words, font);
    title.setPaint(color(rgb));
    title.setHorizontalAlignment(HorizontalAlignment.LEFT);
    title.setTextAlignment(HorizontalAlignment.LEFT);
    title.setPadding(new RectangleInsets(1, 4, 1 + below, 4));
    title.setMaximumLinesToDisplay(2);
    return title;
  }

  static void plot(XYPlot plot) {
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setDomainGridlinePaint(color(Palette.GRID));
    plot.setRangeGridlinePaint(color(Palette.GRID));
    plot.setDomainGridlineStroke(new BasicStroke(1));
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setRangeZeroBaselineVisible(true);
    plot.setRangeZeroBaselinePaint(color(0x9aa5b1));
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
  }

  static void axis(Axis axis) {
    axis.setLabelFont(LABEL);
    axis.setLabelPaint(color(Palette.INK));
    axis.setTickLabelFont(TICK);
    axis.setTickLabelPaint(color(Palette.INK));
    axis.setAxisLinePaint(color(0x9aa5b1));
    axis.setTickMarkPaint(color(0x9aa5b1));
  }

  static NumberAxis number(String label) {
    NumberAxis axis = new NumberAxis(label);
    axis(axis);
    // Not the host's language: the same picture everywhere.
    axis.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
    axis.setAutoRangeIncludesZero(true);
    return axis;
  }

  static void range(ValueAxis axis, double from, double to) {
    axis.setRange(from, to > from ? to : from + 1);
  }
}
