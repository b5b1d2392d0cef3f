package org.btrsleuth.chart.graph;

import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.chart.draw.Canvas;
import org.btrsleuth.chart.draw.Canvas.Align;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.draw.Palette;
import org.btrsleuth.chart.draw.Pen;
import org.btrsleuth.chart.draw.Picture;
import org.btrsleuth.chart.graph.GraphLayout.Placed;
import org.btrsleuth.chart.graph.LayeredLayout.Point;
import org.btrsleuth.chart.graph.LayeredLayout.Route;
import org.btrsleuth.chart.graph.Scene.Arrow;
import org.btrsleuth.chart.graph.Scene.Box;
import org.btrsleuth.chart.graph.Scene.Emphasis;
import org.btrsleuth.waitgraph.WaitGraph;

/** The lock-wait graph as a picture. Arrows point from what cannot go on to what it needs. */
public final class GraphPicture implements Picture {
  private static final double MARGIN = 22;
  private static final double HEADER = 66;
  private static final double LEGEND_LINE = 24;
  private static final double LEAST_WIDTH = 880;
  private static final int LINE = 0x52606d;

  private final Scene scene;
  private final GraphLayout layout;
  private final String title;
  private final String subtitle;
  private final double width;
  private final List<String> notes = new ArrayList<>();
  private final double legendTop;

  public GraphPicture(WaitGraph graph, String title, String subtitle) {
    this.scene = Folding.of(graph);
    this.layout = GraphLayout.of(scene);
    this.title = title;
    this.subtitle = subtitle;
    this.width = Math.max(LEAST_WIDTH, layout.width() + 2 * MARGIN);
    scene.notes().forEach(note -> notes.addAll(Words.wrap(note, Face.REGULAR, 12, width - 2 * MARGIN, 4)));
    this.legendTop = HEADER + layout.height() + 26;
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return legendTop + 2 * LEGEND_LINE + 10 + notes.size() * 17 + MARGIN / 2;
  }

  @Override
  public void draw(Canvas canvas) {
    canvas.fill(new Rectangle2D.Double(0, 0, width(), height()), Palette.opaque(Palette.PAPER));
    double room = width - 2 * MARGIN;
    canvas.text(Face.BOLD.elide(title, 17, room), MARGIN, 30, Face.BOLD, 17, Palette.INK, Align.LEFT);
    canvas.text(Face.REGULAR.elide(subtitle, 12.5, room), MARGIN, 50, Face.REGULAR, 12.5, Palette.MUTED, Align.LEFT);
    double dx = (width - layout.width()) / 2;
    // The cycle is drawn last, on top of what crosses it.
    for (Emphasis emphasis : Emphasis.values()) {
      for (int i = 0; i < scene.arrows().size(); i++) {
        if (scene.arrows().get(i).emphasis() == emphasis) {
          arrow(canvas, scene.arrows().get(i), layout.routes().get(i), layout.sideways(i), dx);
        }
      }
    }
    for (int i = 0; i < scene.boxes().size(); i++) {
      box(canvas, scene.boxes().get(i), layout.boxes().get(i), dx);
    }
    legend(canvas);
    double y = legendTop + 2 * LEGEND_LINE + 16;
    for (String note : notes) {
      canvas.text(note, MARGIN, y, Face.REGULAR, 12, Palette.MUTED, Align.LEFT);
      y += 17;
    }
  }

  private static void box(Canvas canvas, Box box, Placed at, double dx) {
    canvas.beginGroup(box.tooltip());
    double x = at.left() + dx;
    double y = at.top() + HEADER;
    Shapes.draw(canvas, box.shape(), box.inCycle(), x, y, at.width(), at.height());
    double baseline = y + Shapes.PADDING + Shapes.TITLE * 0.93;
    double middle = x + (at.width() - (box.shape() == Scene.Shape.GROUP ? Shapes.PILE : 0)) / 2;
    for (String line : at.title()) {
      canvas.text(line, middle, baseline, Face.BOLD, Shapes.TITLE, Palette.INK, Align.CENTER);
      baseline += Shapes.TITLE_LINE;
    }
    baseline += Shapes.DETAIL_LINE - Shapes.TITLE_LINE;
    for (String line : at.details()) {
      canvas.text(line, middle, baseline, Face.REGULAR, Shapes.DETAIL, Palette.MUTED, Align.CENTER);
      baseline += Shapes.DETAIL_LINE;
    }
    canvas.endGroup();
  }

  private static void arrow(Canvas canvas, Arrow arrow, Route route, boolean sideways, double dx) {
    canvas.beginGroup(arrow.tooltip());
    Pen pen = pen(arrow.emphasis(), arrow.certain());
    boolean strong = arrow.emphasis() != Emphasis.NONE;
    List<Point> p = route.points();
    Path2D line = new Path2D.Double();
    line.moveTo(p.get(0).x() + dx, p.get(0).y() + HEADER);
    Point tip = p.get(p.size() - 1);
    Point back = p.get(p.size() - 2);
    Point before = Shapes.headBase(back, tip, strong, sideways);
    for (int i = 1; i < p.size(); i++) {
      Point a = p.get(i - 1);
      Point b = i == p.size() - 1 ? before : p.get(i);
      if (i % 2 == 1) {
        line.lineTo(b.x() + dx, b.y() + HEADER);
      } else {
        bend(line, a, b, sideways, dx);
      }
    }
    canvas.stroke(line, pen);
    Path2D head = new Path2D.Double();
    double side = strong ? 5.5 : 4;
    head.moveTo(tip.x() + dx, tip.y() + HEADER);
    double bx = before.x() + dx;
    double by = before.y() + HEADER;
    head.lineTo(sideways ? bx : bx - side, sideways ? by - side : by);
    head.lineTo(sideways ? bx : bx + side, sideways ? by + side : by);
    head.closePath();
    canvas.fill(head, pen.argb());
    double w = Face.REGULAR.width(arrow.label(), Shapes.LABEL);
    double x = route.label().x() + dx;
    double y = route.label().y() + HEADER;
    canvas.fill(
        new Rectangle2D.Double(x - w / 2 - 3, y - Shapes.LABEL * 0.6 - 1, w + 6, Shapes.LABEL * 1.2 + 2),
        Palette.opaque(Palette.PAPER));
    int ink = arrow.emphasis() == Emphasis.CYCLE ? 0xa84300 : Palette.MUTED;
    canvas.text(arrow.label(), x, y + Shapes.LABEL * 0.36, Face.REGULAR, Shapes.LABEL, ink, Align.CENTER);
    canvas.endGroup();
  }

  private static Pen pen(Emphasis emphasis, boolean certain) {
    int rgb = emphasis == Emphasis.CYCLE ? Palette.VERMILION : emphasis == Emphasis.DOUBTFUL ? Palette.PURPLE : LINE;
    double thick = emphasis == Emphasis.NONE ? 1.3 : 2.6;
    return certain ? Pen.solid(thick, rgb) : Pen.dashed(thick, rgb, 6, 4);
  }

  /** A bend between two layers: leaves and arrives at right angles to them. */
  private static void bend(Path2D line, Point a, Point b, boolean sideways, double dx) {
    double mx = (a.x() + b.x()) / 2;
    double my = (a.y() + b.y()) / 2;
    if (sideways) {
      line.curveTo(mx + dx, a.y() + HEADER, mx + dx, b.y() + HEADER, b.x() + dx, b.y() + HEADER);
    } else {
      line.curveTo(a.x() + dx, my + HEADER, b.x() + dx, my + HEADER, b.x() + dx, b.y() + HEADER);
    }
  }

  /** Explains what occurs in this picture, and nothing else. */
  private void legend(Canvas canvas) {
    double y = legendTop;
    canvas.fill(new Rectangle2D.Double(MARGIN, y - 8, width - 2 * MARGIN, 1), Palette.opaque(Palette.GRID));
    double x = MARGIN;
    for (Scene.Shape shape : Scene.Shape.values()) {
      if (scene.boxes().stream().anyMatch(box -> box.shape() == shape)) {
        Shapes.draw(canvas, shape, false, x, y + 2, 30, 16);
        x = caption(canvas, Shapes.name(shape), x + 38, y + 14);
      }
    }
    y += LEGEND_LINE;
    x = MARGIN;
    if (scene.arrows().stream().anyMatch(Arrow::certain)) {
      x = line(canvas, x, y, pen(Emphasis.NONE, true), "certain: shown by frames or events");
    }
    if (scene.arrows().stream().anyMatch(arrow -> !arrow.certain())) {
      x = line(canvas, x, y, pen(Emphasis.NONE, false), "inferred, with its likelihood");
    }
    if (scene.arrows().stream().anyMatch(arrow -> arrow.emphasis() == Emphasis.CYCLE)) {
      x = line(canvas, x, y, pen(Emphasis.CYCLE, true), "cycle that nothing outside can end");
    }
    if (scene.arrows().stream().anyMatch(arrow -> arrow.emphasis() == Emphasis.DOUBTFUL)) {
      line(canvas, x, y, pen(Emphasis.DOUBTFUL, true), "circle that is unlikely or may still end");
    }
  }

  private static double line(Canvas canvas, double x, double y, Pen pen, String words) {
    Path2D path = new Path2D.Double();
    path.moveTo(x, y + 10);
    path.lineTo(x + 30, y + 10);
    canvas.stroke(path, pen);
    return caption(canvas, words, x + 38, y + 14);
  }

  private static double caption(Canvas canvas, String words, double x, double y) {
    canvas.text(words, x, y, Face.REGULAR, 12, Palette.INK, Align.LEFT);
    return x + Face.REGULAR.width(words, 12) + 24;
  }
}
