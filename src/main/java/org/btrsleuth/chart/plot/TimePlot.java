package org.btrsleuth.chart.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import org.btrsleuth.chart.draw.Picture;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.DefaultXYDataset;

/** Draws a {@link TimeModel}. */
public final class TimePlot {
  private static final double END_MARGIN = 0.008;

  private TimePlot() {}

  public static Picture of(TimeModel model) {
    NumberAxis time = Style.number(model.timeAxis());
    double end = end(model);
    // A marker at the very end would be cut in half.
    double room = model.marks().isEmpty() && model.strip().isEmpty() ? 0 : END_MARGIN;
    Style.range(time, 0, end > 0 ? end * (1 + room) : 1);
    XYPlot lines = lines(model);
    if (model.strip().isEmpty()) {
      lines.setDomainAxis(time);
      return new ChartPicture(Style.chart(model.title(), model.subtitle(), lines, true), 460);
    }
    CombinedDomainXYPlot both = new CombinedDomainXYPlot(time);
    both.setGap(14);
    double stripHeight = 26.0 * model.strip().size();
    int lineHeight = 300;
    if (!model.lines().isEmpty()) {
      both.add(lines, lineHeight);
    }
    both.add(strip(model), (int) stripHeight);
    double height = (model.lines().isEmpty() ? 0 : lineHeight) + stripHeight + 160;
    return new ChartPicture(Style.chart(model.title(), model.subtitle(), both, !model.lines().isEmpty()), height);
  }

  private static XYPlot lines(TimeModel model) {
    DefaultXYDataset data = new DefaultXYDataset();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    // One path for a line: without it each step is an element of its own and an SVG grows to megabytes.
    renderer.setDrawSeriesLineAsPath(true);
    for (int i = 0; i < model.lines().size(); i++) {
      TimeModel.Line line = model.lines().get(i);
      data.addSeries(new Key(i, line.name()), new double[][] {line.seconds(), line.values()});
      renderer.setSeriesPaint(i, Style.color(Style.seriesColor(i)));
      renderer.setSeriesStroke(i, Style.line(i));
    }
    renderer.setLegendLine(new java.awt.geom.Line2D.Double(-14, 0, 14, 0));
    NumberAxis values = Style.number(model.valueAxis());
    values.setUpperMargin(0.08);
    if (!model.marks().isEmpty()) {
      // Markers at 0 would be cut in half.
      values.setAutoRangeStickyZero(false);
      values.setLowerMargin(0.04);
    }
    XYPlot plot = new XYPlot(data, null, values, renderer);
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    Style.plot(plot);
    if (!model.marks().isEmpty()) {
      DefaultXYDataset marks = new DefaultXYDataset();
      XYLineAndShapeRenderer shapes = new XYLineAndShapeRenderer(false, true);
      for (int i = 0; i < model.marks().size(); i++) {
        TimeModel.Mark mark = model.marks().get(i);
        Outcome outcome = Outcome.of(mark.kind());
        marks.addSeries(
            new Key(i, outcome.label() + " (" + Amounts.count(mark.count()) + ")"),
            new double[][] {mark.seconds(), mark.values()});
        marker(shapes, i, outcome);
      }
      plot.setDataset(1, marks);
      plot.setRenderer(1, shapes);
    }
    return plot;
  }

  private static XYPlot strip(TimeModel model) {
    int rows = model.strip().size();
    String[] names = new String[rows];
    DefaultXYDataset data = new DefaultXYDataset();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(false, true);
    for (int i = 0; i < rows; i++) {
      TimeModel.StripRow row = model.strip().get(i);
      Outcome outcome = Outcome.of(row.kind());
      // Rows count from the bottom of the axis.
      int y = rows - 1 - i;
      String shown = row.known() < row.count() ? Amounts.count(row.known()) + " of " : "";
      names[y] = outcome.label() + " (" + shown + Amounts.count(row.count()) + ")";
      double[] ys = new double[row.seconds().length];
      java.util.Arrays.fill(ys, y);
      data.addSeries(new Key(i, names[y]), new double[][] {row.seconds(), ys});
      marker(renderer, i, outcome);
      // Kinds that stand on a line are explained there; the others only here.
      boolean onLine = model.marks().stream().anyMatch(mark -> mark.kind().equals(row.kind()));
      renderer.setSeriesVisibleInLegend(i, !onLine);
    }
    SymbolAxis axis = new SymbolAxis(null, names);
    Style.axis(axis);
    axis.setRange(-0.6, rows - 0.4);
    axis.setGridBandsVisible(true);
    axis.setGridBandPaint(new Color(0xf4f6f8));
    axis.setGridBandAlternatePaint(Color.WHITE);
    XYPlot plot = new XYPlot(data, null, axis, renderer);
    Style.plot(plot);
    plot.setRangeGridlinesVisible(false);
    plot.setRangeZeroBaselineVisible(false);
    return plot;
  }

  private static void marker(XYLineAndShapeRenderer renderer, int series, Outcome outcome) {
    renderer.setSeriesShape(series, outcome.marker());
    renderer.setSeriesShapesFilled(series, outcome.filled());
    renderer.setSeriesPaint(series, Style.color(outcome.rgb()));
    renderer.setSeriesOutlineStroke(series, new BasicStroke(1.4f));
    renderer.setSeriesStroke(series, new BasicStroke(1.4f));
    renderer.setUseFillPaint(false);
  }

  private static double end(TimeModel model) {
    double end = 0;
    for (TimeModel.Line line : model.lines()) {
      if (line.seconds().length > 0) {
        end = Math.max(end, line.seconds()[line.seconds().length - 1]);
      }
    }
    for (TimeModel.StripRow row : model.strip()) {
      for (double second : row.seconds()) {
        end = Math.max(end, second);
      }
    }
    return end;
  }

  /** Legends show the name; two series of one name stay apart. */
  private record Key(int number, String name) implements Comparable<Key> {
    // Written out: what the compiler makes for a record spins classes at run time, longer than drawing takes.
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && number == key.number && name.equals(key.name);
    }

    @Override
    public int hashCode() {
      return 31 * number + name.hashCode();
    }

    @Override
    public int compareTo(Key other) {
      return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
