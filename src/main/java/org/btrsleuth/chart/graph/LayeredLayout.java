package org.btrsleuth.chart.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Layered drawing of a small directed graph (Sugiyama, Tagawa and Toda 1981): break cycles, assign layers, order each
 * layer by barycentres, place by least squares. Every edge passes a layer of its own for its label, so labels take
 * part in the placement like boxes and nothing can overlap. Deterministic.
 *
 * <p>Within, the layers lie below one another; {@code sideways} swaps the two directions.
 */
final class LayeredLayout {
  /** Free space between two boxes of a layer, and between two lines. */
  private static final double BOX_GAP = 26;
  private static final double LINE_GAP = 12;
  /** Free space between two layers: more where lines run far to the side, so that they can be followed. */
  private static final double LEAST_LAYER_GAP = 16;
  private static final double MOST_LAYER_GAP = 54;
  /** Straight piece at a box, long enough for the head of an arrow. */
  private static final double STUB = 12;
  private static final int SWEEPS = 24;

  /** A box or a label: its size. */
  record Size(double width, double height) {}

  /** An arrow and the size of its label. */
  record Edge(int from, int to, Size label) {}

  /** A point of the drawing. */
  record Point(double x, double y) {}

  /**
   * @param points from the edge of the source box to the edge of the target box, an even number: straight between the
   *     points 0-1, 2-3, ... within a layer, bent between 1-2, 3-4, ... from layer to layer
   * @param label centre of the label
   */
  record Route(List<Point> points, Point label) {}

  /** @param centers of the boxes, all coordinates at least 0 */
  record Result(double width, double height, boolean sideways, List<Point> centers, List<Route> routes) {}

  /** A box, a label or a bend of a long edge. */
  private static final class Item {
    private final int layer;
    private final double width;
    private final double height;
    private final boolean box;
    private final List<Item> up = new ArrayList<>();
    private final List<Item> down = new ArrayList<>();
    private int order;
    private double center;

    private Item(int layer, double width, double height, boolean box) {
      this.layer = layer;
      this.width = width;
      this.height = height;
      this.box = box;
    }
  }

  private final List<Size> boxes;
  private final List<Edge> edges;
  private final boolean sideways;
  private final boolean[] reversed;
  private final List<List<Item>> layers = new ArrayList<>();
  private final Item[] items;
  private final List<List<Item>> chains = new ArrayList<>();

  private LayeredLayout(List<Size> boxes, List<Edge> edges, boolean sideways) {
    this.boxes = boxes;
    this.edges = edges;
    this.sideways = sideways;
    this.reversed = new boolean[edges.size()];
    this.items = new Item[boxes.size()];
  }

  /** Edges from a box to itself are not allowed. */
  static Result of(List<Size> boxes, List<Edge> edges, boolean sideways) {
    LayeredLayout layout = new LayeredLayout(boxes, edges, sideways);
    layout.breakCycles();
    layout.build(layout.assignLayers());
    layout.order();
    layout.place();
    return layout.result();
  }

  private int top(int edge) {
    return reversed[edge] ? edges.get(edge).to() : edges.get(edge).from();
  }

  private int bottom(int edge) {
    return reversed[edge] ? edges.get(edge).from() : edges.get(edge).to();
  }

  /** Turns the edges that close a cycle on a depth-first walk; boxes that nothing points to come first. */
  private void breakCycles() {
    int n = boxes.size();
    int[] incoming = new int[n];
    for (Edge edge : edges) {
      incoming[edge.to()]++;
    }
    int[] state = new int[n];
    for (int pass = 0; pass < 2; pass++) {
      for (int start = 0; start < n; start++) {
        if (state[start] == 0 && (pass == 1 || incoming[start] == 0)) {
          walk(start, state);
        }
      }
    }
  }

  private void walk(int box, int[] state) {
    state[box] = 1;
    for (int e = 0; e < edges.size(); e++) {
      if (edges.get(e).from() == box && !reversed[e]) {
        int to = edges.get(e).to();
        if (state[to] == 1) {
          reversed[e] = true;
        } else if (state[to] == 0) {
          walk(to, state);
        }
      }
    }
    state[box] = 2;
  }

  /** Distance to the farthest sink: so everything stands close above what it waits for. */
  private int[] assignLayers() {
    int[] depth = new int[boxes.size()];
    // No path is longer than the number of boxes, and without cycles the loop ends before that.
    for (int round = 0; round < boxes.size(); round++) {
      boolean changed = false;
      for (int e = 0; e < edges.size(); e++) {
        if (depth[top(e)] < depth[bottom(e)] + 1) {
          depth[top(e)] = depth[bottom(e)] + 1;
          changed = true;
        }
      }
      if (!changed) {
        break;
      }
    }
    return depth;
  }

  private void build(int[] depth) {
    int deepest = Arrays.stream(depth).max().orElse(0);
    for (int i = 0; i <= 2 * deepest; i++) {
      layers.add(new ArrayList<>());
    }
    for (int i = 0; i < items.length; i++) {
      // Layer 0 is at the top; the odd layers between belong to labels.
      items[i] = add(2 * (deepest - depth[i]), boxes.get(i), true);
    }
    for (int e = 0; e < edges.size(); e++) {
      Item from = items[top(e)];
      Item to = items[bottom(e)];
      int labelLayer = reversed[e] ? to.layer - 1 : from.layer + 1;
      List<Item> chain = new ArrayList<>();
      Item before = from;
      for (int layer = from.layer + 1; layer < to.layer; layer++) {
        Item bend = add(layer, layer == labelLayer ? edges.get(e).label() : new Size(0, 0), false);
        link(before, bend);
        chain.add(bend);
        before = bend;
      }
      link(before, to);
      chains.add(chain);
    }
  }

  private Item add(int layer, Size size, boolean box) {
    Item item =
        sideways
            ? new Item(layer, size.height(), size.width(), box)
            : new Item(layer, size.width(), size.height(), box);
    item.order = layers.get(layer).size();
    layers.get(layer).add(item);
    return item;
  }

  private static void link(Item above, Item below) {
    above.down.add(below);
    below.up.add(above);
  }

  private void order() {
    long least = crossings();
    List<List<Item>> best = copy();
    for (int sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
      boolean downwards = sweep % 2 == 0;
      for (int i = 0; i < layers.size(); i++) {
        sort(layers.get(downwards ? i : layers.size() - 1 - i), downwards);
      }
      long now = crossings();
      if (now < least) {
        least = now;
        best = copy();
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      layers.set(i, best.get(i));
      number(layers.get(i));
    }
  }

  private List<List<Item>> copy() {
    List<List<Item>> copy = new ArrayList<>();
    layers.forEach(layer -> copy.add(new ArrayList<>(layer)));
    return copy;
  }

  private static void sort(List<Item> layer, boolean byUpper) {
    double[] keys = new double[layer.size()];
    for (Item item : layer) {
      List<Item> near = byUpper ? item.up : item.down;
      keys[item.order] = near.stream().mapToInt(i -> i.order).average().orElse(item.order);
    }
    layer.sort(Comparator.comparingDouble(item -> keys[item.order]));
    number(layer);
  }

  private static void number(List<Item> layer) {
    for (int i = 0; i < layer.size(); i++) {
      layer.get(i).order = i;
    }
  }

  private long crossings() {
    long count = 0;
    for (List<Item> layer : layers) {
      List<int[]> ends = new ArrayList<>();
      for (Item item : layer) {
        item.down.stream().mapToInt(i -> i.order).sorted().forEach(to -> ends.add(new int[] {item.order, to}));
      }
      for (int a = 0; a < ends.size(); a++) {
        for (int b = a + 1; b < ends.size(); b++) {
          if (ends.get(a)[0] < ends.get(b)[0] && ends.get(a)[1] > ends.get(b)[1]) {
            count++;
          }
        }
      }
    }
    return count;
  }

  /** Moves every layer towards its neighbours, upwards and downwards in turn. */
  private void place() {
    for (List<Item> layer : layers) {
      double at = 0;
      Item before = null;
      for (Item item : layer) {
        at = before == null ? 0 : at + distance(before, item);
        item.center = at;
        before = item;
      }
      double middle = at / 2;
      layer.forEach(item -> item.center -= middle);
    }
    for (int round = 0; round < 16; round++) {
      for (int i = 0; i < layers.size(); i++) {
        settle(layers.get(round % 2 == 0 ? i : layers.size() - 1 - i), round);
      }
    }
    for (int round = 0; round < 3; round++) {
      chains.forEach(this::straighten);
    }
  }

  /** Gives the bends of a long line one place, over as many layers as their neighbours leave room for. */
  private void straighten(List<Item> chain) {
    Item above = chain.get(0).up.get(0);
    Item below = chain.get(chain.size() - 1).down.get(0);
    int first = 0;
    while (first < chain.size()) {
      double low = -Double.MAX_VALUE;
      double high = Double.MAX_VALUE;
      int end = first;
      while (end < chain.size()) {
        List<Item> layer = layers.get(chain.get(end).layer);
        int at = chain.get(end).order;
        double left = at == 0 ? low : layer.get(at - 1).center + distance(layer.get(at - 1), layer.get(at));
        double right =
            at + 1 == layer.size() ? high : layer.get(at + 1).center - distance(layer.get(at), layer.get(at + 1));
        if (end > first && Math.max(low, left) > Math.min(high, right)) {
          break;
        }
        low = Math.max(low, left);
        high = Math.min(high, right);
        end++;
      }
      double place = target(chain, first, end, above, below);
      double x = Math.max(low, Math.min(high, place));
      chain.subList(first, end).forEach(item -> item.center = x);
      first = end;
    }
  }

  private static double target(List<Item> chain, int first, int end, Item above, Item below) {
    if (first == 0 && end == chain.size()) {
      return chain.size() == 1
          ? (above.center + below.center) / 2
          : Math.abs(above.center - chain.get(0).center) < Math.abs(below.center - chain.get(0).center)
              ? above.center
              : below.center;
    }
    if (first == 0) {
      return above.center;
    }
    return end == chain.size()
        ? below.center
        : chain.subList(first, end).stream().mapToDouble(item -> item.center).average().orElse(0);
  }

  private static double distance(Item left, Item right) {
    return (left.width + right.width) / 2 + (left.box || right.box ? BOX_GAP : LINE_GAP);
  }

  /**
   * Least squares with given distances: offsets are taken off, and neighbours that would stand in the wrong order are
   * pooled to their mean (pool adjacent violators).
   */
  private static void settle(List<Item> layer, int round) {
    int n = layer.size();
    double[] sum = new double[n];
    double[] weight = new double[n];
    int[] count = new int[n];
    int pools = 0;
    double offset = 0;
    double[] offsets = new double[n];
    for (int i = 0; i < n; i++) {
      Item item = layer.get(i);
      offset += i == 0 ? 0 : distance(layer.get(i - 1), item);
      offsets[i] = offset;
      double w = item.box ? 1 : 2;
      sum[pools] = w * (wanted(item, round) - offset);
      weight[pools] = w;
      count[pools] = 1;
      pools++;
      while (pools > 1 && sum[pools - 2] / weight[pools - 2] >= sum[pools - 1] / weight[pools - 1]) {
        sum[pools - 2] += sum[pools - 1];
        weight[pools - 2] += weight[pools - 1];
        count[pools - 2] += count[pools - 1];
        pools--;
      }
    }
    int i = 0;
    for (int p = 0; p < pools; p++) {
      for (int k = 0; k < count[p]; k++, i++) {
        layer.get(i).center = sum[p] / weight[p] + offsets[i];
      }
    }
  }

  private static double wanted(Item item, int round) {
    // The last rounds look both ways, which straightens long lines.
    List<Item> near = new ArrayList<>();
    if (round >= 12 || round % 2 == 0) {
      near.addAll(item.up);
    }
    if (round >= 12 || round % 2 == 1) {
      near.addAll(item.down);
    }
    return near.stream().mapToDouble(i -> i.center).average().orElse(item.center);
  }

  private Result result() {
    double left = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    for (List<Item> layer : layers) {
      for (Item item : layer) {
        left = Math.min(left, item.center - item.width / 2);
        right = Math.max(right, item.center + item.width / 2);
      }
    }
    double[] tops = new double[layers.size()];
    double[] bottoms = new double[layers.size()];
    double at = 0;
    for (int i = 0; i < layers.size(); i++) {
      tops[i] = at;
      bottoms[i] = at + layers.get(i).stream().mapToDouble(LayeredLayout::high).max().orElse(0);
      double far = 0;
      for (Item item : layers.get(i)) {
        for (Item below : item.down) {
          far = Math.max(far, Math.abs(item.center - below.center));
        }
      }
      at = bottoms[i] + Math.max(LEAST_LAYER_GAP, Math.min(MOST_LAYER_GAP, far * 0.14));
    }
    double shift = -left;
    List<Point> centers = new ArrayList<>();
    for (Item item : items) {
      centers.add(point(item.center + shift, (tops[item.layer] + bottoms[item.layer]) / 2));
    }
    List<Route> routes = new ArrayList<>();
    for (int e = 0; e < edges.size(); e++) {
      routes.add(route(e, shift, tops, bottoms));
    }
    double across = right - left;
    double along = layers.isEmpty() ? 0 : bottoms[layers.size() - 1];
    return new Result(sideways ? along : across, sideways ? across : along, sideways, centers, routes);
  }

  private static double high(Item item) {
    return item.box ? item.height + 2 * STUB : item.height;
  }

  private Route route(int e, double shift, double[] tops, double[] bottoms) {
    Item from = items[top(e)];
    Item to = items[bottom(e)];
    List<Point> points = new ArrayList<>();
    List<Item> chain = chains.get(e);
    double middleFrom = (tops[from.layer] + bottoms[from.layer]) / 2;
    double middleTo = (tops[to.layer] + bottoms[to.layer]) / 2;
    double start = port(from, from.down, chain.get(0)) + shift;
    double end = port(to, to.up, chain.get(chain.size() - 1)) + shift;
    points.add(point(start, middleFrom + from.height / 2));
    points.add(point(start, bottoms[from.layer]));
    Point label = null;
    for (Item bend : chain) {
      points.add(point(bend.center + shift, tops[bend.layer]));
      points.add(point(bend.center + shift, bottoms[bend.layer]));
      if (bend.width > 0 || label == null) {
        label = point(bend.center + shift, (tops[bend.layer] + bottoms[bend.layer]) / 2);
      }
    }
    points.add(point(end, tops[to.layer]));
    points.add(point(end, middleTo - to.height / 2));
    if (reversed[e]) {
      java.util.Collections.reverse(points);
    }
    return new Route(List.copyOf(points), label);
  }

  /** Where a line meets its box: spread in the order in which the lines arrive, never on a corner. */
  private static double port(Item box, List<Item> near, Item neighbour) {
    List<Item> sorted = new ArrayList<>(near);
    sorted.sort(Comparator.comparingInt(i -> i.order));
    int count = sorted.size();
    double step = Math.min(28, box.width * 0.7 / count);
    return box.center + (sorted.indexOf(neighbour) - (count - 1) / 2.0) * step;
  }

  private Point point(double across, double along) {
    return sideways ? new Point(along, across) : new Point(across, along);
  }
}
