package org.btrsleuth.chart.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RectangularShape;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.btrsleuth.chart.draw.Palette;
import org.btrsleuth.chart.draw.Picture;
import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;

/** How many completions had which outcome, under the recorded rules and under the other ones. */
public final class UnitBars {
  private UnitBars() {}

  private record Bar(String key, ToLongFunction<InodeUnits> count) {}

  private static final List<Bar> BARS =
      List.of(
          new Bar("alreadyDirty", InodeUnits::alreadyDirty),
          new Bar("handedOver", InodeUnits::handedOver),
          new Bar("onDemand", InodeUnits::onDemand),
          new Bar("withoutEntitlement", InodeUnits::withoutEntitlement),
          new Bar("stolenFromDelalloc", InodeUnits::stolenFromDelalloc),
          new Bar("stolenFromGlobal", InodeUnits::stolenFromGlobal),
          new Bar("failed", InodeUnits::failed),
          new Bar("directUpdate", InodeUnits::directUpdate),
          new Bar("noUpdate", InodeUnits::noUpdate),
          new Bar("undecided", InodeUnits::undecided));

  /** Completions of that outcome, 0 for an outcome that is not counted. */
  static long count(InodeUnits units, String key) {
    if (units != null) {
      for (Bar bar : BARS) {
        if (bar.key.equals(key)) {
          return bar.count.applyAsLong(units);
        }
      }
    }
    return 0;
  }

  public static Picture of(String title, InodeUnits units) {
    List<InodeUnits> rules = new ArrayList<>(List.of(units));
    if (units.whatIf() != null) {
      rules.add(units.whatIf());
    }
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    int rows = 0;
    for (Bar bar : BARS) {
      if (rules.stream().anyMatch(r -> bar.count.applyAsLong(r) != 0)) {
        for (int i = 0; i < rules.size(); i++) {
          data.addValue(bar.count.applyAsLong(rules.get(i)), name(rules, i), Outcome.of(bar.key).label());
        }
        rows++;
      }
    }
    CategoryAxis names = new CategoryAxis();
    Style.axis(names);
    names.setLowerMargin(0.02);
    names.setUpperMargin(0.02);
    names.setMaximumCategoryLabelWidthRatio(2);
    NumberAxis counts = Style.number("completions (count)");
    counts.setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
    counts.setUpperMargin(0.12);
    BarRenderer renderer = new BarRenderer();
    renderer.setBarPainter(new Hatched());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0.06);
    renderer.setMaximumBarWidth(0.2);
    renderer.setMinimumBarLength(0);
    renderer.setSeriesPaint(0, Style.color(Palette.BLUE));
    renderer.setSeriesPaint(1, Style.color(Palette.ORANGE));
    renderer.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator("{2}", NumberFormat.getIntegerInstance(Locale.ROOT)));
    renderer.setDefaultItemLabelsVisible(true);
    renderer.setDefaultItemLabelFont(Style.TICK);
    renderer.setDefaultItemLabelPaint(Style.color(Palette.INK));
    renderer.setDefaultPositiveItemLabelPosition(
        new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
    renderer.setItemLabelAnchorOffset(5);
    CategoryPlot plot = new CategoryPlot(data, names, counts, renderer);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeAxisLocation(AxisLocation.BOTTOM_OR_LEFT);
    plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
    plot.setRangeGridlinePaint(Style.color(Palette.GRID));
    plot.setRangeGridlineStroke(new java.awt.BasicStroke(1));
    String subtitle = Amounts.count(units.completions()) + " completions of ordered I/O.";
    return new ChartPicture(Style.chart(title, subtitle, plot, true), 170 + rows * (rules.size() == 2 ? 52.0 : 34.0));
  }

  private static String name(List<InodeUnits> rules, int i) {
    InodeUnitRules by = rules.get(i).rules();
    String known = by == null || by.rules() == UnitRules.UNKNOWN ? "" : ": " + by.rules();
    return (i == 0 ? "as recorded" : "what if, by the other rules") + known;
  }

  /** The second series is hatched, so that the two also differ in print without colour. */
  private static final class Hatched extends StandardBarPainter {
    @Override
    public void paintBar(
        Graphics2D g2, BarRenderer renderer, int row, int column, RectangularShape bar, RectangleEdge base) {
      Paint paint = renderer.getItemPaint(row, column);
      g2.setPaint(paint);
      g2.fill(bar);
      if (row == 1 && bar.getWidth() > 0) {
        java.awt.Shape clip = g2.getClip();
        g2.clip(new Rectangle2D.Double(bar.getX(), bar.getY(), bar.getWidth(), bar.getHeight()));
        g2.setPaint(Color.WHITE);
        g2.setStroke(new java.awt.BasicStroke(1.5f));
        for (double x = bar.getX() - bar.getHeight(); x < bar.getMaxX(); x += 7) {
          g2.draw(new Line2D.Double(x, bar.getMaxY(), x + bar.getHeight(), bar.getY()));
        }
        g2.setClip(clip);
      }
    }
  }
}
