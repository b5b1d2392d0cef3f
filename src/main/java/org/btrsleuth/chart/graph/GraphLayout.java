package org.btrsleuth.chart.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.graph.LayeredLayout.Edge;
import org.btrsleuth.chart.graph.LayeredLayout.Point;
import org.btrsleuth.chart.graph.LayeredLayout.Result;
import org.btrsleuth.chart.graph.LayeredLayout.Route;
import org.btrsleuth.chart.graph.LayeredLayout.Size;
import org.btrsleuth.chart.graph.Scene.Arrow;
import org.btrsleuth.chart.graph.Scene.Box;
import org.btrsleuth.chart.graph.Scene.Shape;

/**
 * Places a scene: each connected part by itself, downwards or sideways, whichever fits better, and the parts beside and
 * below one another, those with a cycle first.
 */
final class GraphLayout {
  /** Text of a box is wrapped and shortened to this. */
  private static final double TEXT_WIDTH = 190;
  private static final double LEAST_TEXT_WIDTH = 84;
  private static final int TITLE_LINES = 2;
  private static final int DETAIL_LINES = 6;
  /** What a page shows without scaling. */
  private static final double PAGE_WIDTH = 1280;
  private static final double PAGE_HEIGHT = 1000;
  private static final double PART_GAP = 44;

  /** A box with its place and the text that fits it. */
  record Placed(double left, double top, double width, double height, List<String> title, List<String> details) {}

  private final Scene scene;
  private final Placed[] boxes;
  private final Route[] routes;
  private final boolean[] sideways;
  private double width;
  private double height;

  private GraphLayout(Scene scene) {
    this.scene = scene;
    this.boxes = new Placed[scene.boxes().size()];
    this.routes = new Route[scene.arrows().size()];
    this.sideways = new boolean[scene.arrows().size()];
  }

  static GraphLayout of(Scene scene) {
    GraphLayout layout = new GraphLayout(scene);
    layout.place();
    return layout;
  }

  double width() {
    return width;
  }

  double height() {
    return height;
  }

  List<Placed> boxes() {
    return List.of(boxes);
  }

  List<Route> routes() {
    return List.of(routes);
  }

  /** Whether an arrow's part runs from left to right. */
  boolean sideways(int arrow) {
    return sideways[arrow];
  }

  private record Part(List<Integer> boxes, List<Integer> arrows, Result result) {}

  private void place() {
    for (int i = 0; i < boxes.length; i++) {
      boxes[i] = measure(scene.boxes().get(i));
    }
    List<Part> parts = new ArrayList<>();
    for (List<Integer> members : components()) {
      List<Integer> arrows = new ArrayList<>();
      for (int a = 0; a < scene.arrows().size(); a++) {
        if (members.contains(scene.arrows().get(a).from())) {
          arrows.add(a);
        }
      }
      parts.add(new Part(members, arrows, best(members, arrows)));
    }
    parts.sort(Comparator.comparing((Part p) -> !cyclic(p)).thenComparing(p -> -tasks(p)));
    double page = Math.max(PAGE_WIDTH, parts.stream().mapToDouble(p -> p.result.width()).max().orElse(0));
    // Shelves: the first part of a shelf gives its height, smaller ones are stacked beside it.
    double x = 0;
    double y = 0;
    double row = 0;
    double used = 0;
    double column = 0;
    for (Part part : parts) {
      boolean stacked = used > 0 && used + PART_GAP + part.result.height() <= row;
      double left = stacked ? x : x + column + (column > 0 ? PART_GAP : 0);
      if (left + part.result.width() > page && left > 0) {
        y += row + PART_GAP;
        row = 0;
        left = 0;
        stacked = false;
      }
      double top = stacked ? used + PART_GAP : 0;
      settle(part, left, y + top);
      used = top + part.result.height();
      column = stacked ? Math.max(column, part.result.width()) : part.result.width();
      x = left;
      row = Math.max(row, used);
      width = Math.max(width, left + part.result.width());
    }
    height = y + row;
  }

  private static Placed measure(Box box) {
    List<String> title = new ArrayList<>();
    for (String line : box.title()) {
      title.addAll(Words.wrap(line, Face.BOLD, Shapes.TITLE, TEXT_WIDTH, TITLE_LINES));
    }
    List<String> details = new ArrayList<>();
    for (String line : box.details()) {
      if (details.size() < DETAIL_LINES) {
        details.addAll(Words.wrap(line, Face.REGULAR, Shapes.DETAIL, TEXT_WIDTH, 2));
      }
    }
    double text = LEAST_TEXT_WIDTH;
    for (String line : title) {
      text = Math.max(text, Face.BOLD.width(line, Shapes.TITLE));
    }
    for (String line : details) {
      text = Math.max(text, Face.REGULAR.width(line, Shapes.DETAIL));
    }
    double pile = box.shape() == Shape.GROUP ? Shapes.PILE : 0;
    double high = 2 * Shapes.PADDING + title.size() * Shapes.TITLE_LINE + details.size() * Shapes.DETAIL_LINE;
    return new Placed(0, 0, text + 2 * Shapes.side(box.shape()) + pile, high + pile, title, details);
  }

  /** Connected parts in the order of their first box. */
  private List<List<Integer>> components() {
    int[] part = new int[boxes.length];
    for (int i = 0; i < part.length; i++) {
      part[i] = i;
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Arrow arrow : scene.arrows()) {
        int least = Math.min(part[arrow.from()], part[arrow.to()]);
        if (part[arrow.from()] != least || part[arrow.to()] != least) {
          part[arrow.from()] = least;
          part[arrow.to()] = least;
          changed = true;
        }
      }
    }
    List<List<Integer>> components = new ArrayList<>();
    for (int first = 0; first < part.length; first++) {
      List<Integer> members = new ArrayList<>();
      for (int i = first; i < part.length; i++) {
        if (part[i] == first) {
          members.add(i);
        }
      }
      if (!members.isEmpty()) {
        components.add(members);
      }
    }
    return components;
  }

  private Result best(List<Integer> members, List<Integer> arrows) {
    List<Size> sizes = new ArrayList<>();
    for (int i : members) {
      sizes.add(new Size(boxes[i].width(), boxes[i].height()));
    }
    List<Edge> edges = new ArrayList<>();
    for (int a : arrows) {
      Arrow arrow = scene.arrows().get(a);
      double label = Face.REGULAR.width(arrow.label(), Shapes.LABEL) + 6;
      edges.add(
          new Edge(
              members.indexOf(arrow.from()), members.indexOf(arrow.to()), new Size(label, Shapes.LABEL * 1.2 + 2)));
    }
    Result down = LayeredLayout.of(sizes, edges, false);
    Result across = LayeredLayout.of(sizes, edges, true);
    return fit(across) > fit(down) ? across : down;
  }

  /** How much a result must be shrunk to fit a page; of two that fit, the one with less area. */
  private static double fit(Result result) {
    double scale = Math.min(PAGE_WIDTH / result.width(), PAGE_HEIGHT / result.height());
    return scale < 1 ? scale : 1 + 1 / (1 + result.width() * result.height());
  }

  private void settle(Part part, double x, double y) {
    for (int i = 0; i < part.boxes.size(); i++) {
      int box = part.boxes.get(i);
      Placed size = boxes[box];
      Point center = part.result.centers().get(i);
      boxes[box] =
          new Placed(
              x + center.x() - size.width / 2, y + center.y() - size.height / 2, size.width, size.height, size.title,
              size.details);
    }
    for (int i = 0; i < part.arrows.size(); i++) {
      int arrow = part.arrows.get(i);
      Route route = part.result.routes().get(i);
      routes[arrow] = new Route(route.points().stream().map(p -> move(p, x, y)).toList(), move(route.label(), x, y));
      sideways[arrow] = part.result.sideways();
    }
  }

  private static Point move(Point point, double x, double y) {
    return new Point(point.x() + x, point.y() + y);
  }

  private boolean cyclic(Part part) {
    return part.boxes.stream().anyMatch(i -> scene.boxes().get(i).inCycle());
  }

  private int tasks(Part part) {
    return part.boxes.stream().mapToInt(i -> scene.boxes().get(i).tasks()).sum();
  }
}
