package org.btrsleuth.chart.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.draw.Glyphs;
import org.btrsleuth.chart.draw.Palette;
import org.btrsleuth.chart.draw.Picture;
import org.btrsleuth.chart.plot.BlockedModel.Role;
import org.btrsleuth.chart.plot.BlockedModel.Row;
import org.btrsleuth.chart.plot.BlockedModel.Span;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Draws a {@link BlockedModel}: a row a task, a bar for the time in which it was blocked. */
public final class BlockedPlot {
  private static final double ROW_HEIGHT = 27;
  private static final double HALF_BAR = 0.36;
  private static final double NAME_WIDTH = 210;
  private static final double TEXT_GAP = 6;
  /** Width of the plot itself, about; names and margins are taken off. */
  private static final double PLOT_WIDTH = ChartPicture.WIDTH - NAME_WIDTH - 60;

  private BlockedPlot() {}

  public static Picture of(BlockedModel model) {
    int rows = model.rows().size();
    String[] names = new String[rows];
    XYIntervalSeriesCollection bars = new XYIntervalSeriesCollection();
    for (Role role : Role.values()) {
      bars.addSeries(new XYIntervalSeries(role.legend));
    }
    XYSeries seen = new XYSeries("seen blocked in a report or dump", false, true);
    double end = 0;
    for (int i = 0; i < rows; i++) {
      Row row = model.rows().get(i);
      names[i] = Face.REGULAR.elide(Glyphs.clean(row.name()), 12, NAME_WIDTH);
      for (Span span : row.spans()) {
        bars.getSeries(row.role().ordinal())
            .add(i, i - HALF_BAR, i + HALF_BAR, span.to(), span.from(), span.to());
        end = Math.max(end, span.to());
      }
      for (double moment : row.seen()) {
        seen.add(i, moment);
      }
    }
    SymbolAxis tasks = new SymbolAxis(null, names);
    Style.axis(tasks);
    tasks.setInverted(true);
    tasks.setRange(-0.6, rows - 0.4);
    tasks.setGridBandsVisible(true);
    tasks.setGridBandPaint(new Color(0xf4f6f8));
    tasks.setGridBandAlternatePaint(Color.WHITE);
    NumberAxis time = Style.number(model.timeAxis());
    Style.range(time, 0, end * 1.01);
    XYPlot plot = new XYPlot(bars, tasks, time, bars(model));
    plot.setDataset(1, new XYSeriesCollection(seen));
    plot.setRenderer(1, ticks());
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    Style.plot(plot);
    plot.setDomainGridlinesVisible(false);
    for (int i = 0; i < rows; i++) {
      plot.addAnnotation(text(model.rows().get(i), i, end));
    }
    return new ChartPicture(Style.chart(model.title(), model.subtitle(), plot, true), 165 + rows * ROW_HEIGHT);
  }

  private static XYBarRenderer bars(BlockedModel model) {
    XYBarRenderer renderer = new XYBarRenderer();
    renderer.setUseYInterval(true);
    renderer.setBarPainter(new StandardXYBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(true);
    renderer.setLegendBar(new Rectangle2D.Double(-12, -5, 24, 10));
    int[] hues = {Palette.VERMILION, Palette.BLUE, Palette.MUTED};
    for (Role role : Role.values()) {
      int i = role.ordinal();
      renderer.setSeriesPaint(i, Style.color(Palette.tint(hues[i], 0.3)));
      renderer.setSeriesOutlinePaint(i, Style.color(hues[i]));
      renderer.setSeriesOutlineStroke(i, new BasicStroke(role == Role.CYCLE ? 2.4f : 1));
      renderer.setSeriesVisibleInLegend(i, model.rows().stream().anyMatch(row -> row.role() == role));
    }
    return renderer;
  }

  private static XYLineAndShapeRenderer ticks() {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    // On the lower edge of the bar, clear of the text in it.
    renderer.setSeriesShape(0, new Rectangle2D.Double(-1, 7, 2, 6));
    renderer.setSeriesPaint(0, Style.color(Palette.INK));
    return renderer;
  }

  /** In the first bar where it fits, else to the right of the last one, else to the left of the first one. */
  private static XYTextAnnotation text(Row row, int y, double end) {
    double unit = PLOT_WIDTH / Math.max(end * 1.01, 1e-9);
    String words = Glyphs.clean(row.what());
    double width = Face.REGULAR.width(words, 11) + 2 * TEXT_GAP;
    Span first = row.spans().get(0);
    double last = row.spans().get(row.spans().size() - 1).to();
    double left = first.from() * unit;
    double right = PLOT_WIDTH - last * unit;
    boolean inside = (first.to() - first.from()) * unit >= width || row.spans().size() == 1 && left < TEXT_GAP
        && right < width;
    boolean before = !inside && right < width && left > right;
    double room = inside ? PLOT_WIDTH - left : before ? left : right;
    double x = inside ? first.from() : before ? first.from() : last;
    double gap = TEXT_GAP / unit;
    XYTextAnnotation text =
        new XYTextAnnotation(Face.REGULAR.elide(words, 11, room - 2 * TEXT_GAP), y, before ? x - gap : x + gap);
    text.setFont(Style.SMALL);
    text.setPaint(Style.color(Palette.INK));
    text.setTextAnchor(before ? TextAnchor.CENTER_RIGHT : TextAnchor.CENTER_LEFT);
    return text;
  }
}
