package org.btrsleuth.chart.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/**
 * Reduces a wait graph to what fits a picture. In this order: tasks and resources that no wait connects are left out;
 * unlikely arrows are only counted; waiting tasks that nobody waits for are grouped by what they wait for; and while
 * there are too many boxes, the smallest outermost one is counted in the box that it waits for. Cycles stay as long as
 * anything else can go. What was left out is said in notes.
 */
final class Folding {
  /** Boxes of a picture that is still read as a whole. */
  static final int MOST_BOXES = 32;

  /** Arrows less likely than this are only counted; the next step is taken where there would be too many arrows. */
  private static final double[] UNLIKELY = {0.2, 0.35, 0.55};

  private static final int MOST_ARROWS = 44;

  private final WaitGraph graph;
  private final BitSet alive = new BitSet();
  private final BitSet cycleNodes = new BitSet();
  private final BitSet cycleEdges = new BitSet();
  private final BitSet doubtfulEdges = new BitSet();
  private final BitSet drawnEdges = new BitSet();
  /** Drawn edges by the node they start from and by the one they lead to, ascending. */
  private int[][] from;
  private int[][] to;
  /** Tasks counted in a node beside its own. */
  private final int[] behind;
  private final Map<Integer, List<Integer>> members = new TreeMap<>();
  private final Map<Integer, Integer> unlikely = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  private Folding(WaitGraph graph) {
    this.graph = graph;
    this.behind = new int[graph.nodes().size()];
  }

  static Scene of(WaitGraph graph) {
    Scene scene = null;
    for (double unlikely : UNLIKELY) {
      Folding folding = new Folding(graph);
      folding.markKnots();
      folding.dropUnlikely(unlikely);
      folding.indexEdges();
      folding.dropUnconnected();
      folding.groupWaiters();
      folding.shrink();
      scene = new SceneBuilder(graph, folding.view()).build();
      if (scene.arrows().size() <= MOST_ARROWS) {
        break;
      }
    }
    return scene;
  }

  /**
   * What is left of the graph.
   *
   * @param edges drawn edges, ascending
   * @param members tasks of a group by its leading node
   * @param behind tasks counted in each node beside its own
   * @param unlikely arrows of each node that are only counted
   */
  record View(
      BitSet nodes, BitSet edges, BitSet cycleNodes, BitSet cycleEdges, BitSet doubtfulEdges,
      Map<Integer, List<Integer>> members, int[] behind, Map<Integer, Integer> unlikely, List<String> notes) {}

  private View view() {
    BitSet edges = new BitSet();
    for (int e = drawnEdges.nextSetBit(0); e >= 0; e = drawnEdges.nextSetBit(e + 1)) {
      Edge edge = graph.edges().get(e);
      if (alive.get(edge.from()) && alive.get(edge.to())) {
        edges.set(e);
      }
    }
    return new View(alive, edges, cycleNodes, cycleEdges, doubtfulEdges, members, behind, unlikely, notes);
  }

  private void markKnots() {
    for (Knot knot : graph.knots()) {
      if (!Cycles.isDeadlock(knot)) {
        knot.cycle().forEach(doubtfulEdges::set);
        continue;
      }
      for (int e : knot.cycle()) {
        cycleEdges.set(e);
        cycleNodes.set(graph.edges().get(e).from());
        cycleNodes.set(graph.edges().get(e).to());
      }
    }
  }

  private void dropUnlikely(double least) {
    for (int e = 0; e < graph.edges().size(); e++) {
      Edge edge = graph.edges().get(e);
      boolean kept = cycleEdges.get(e) || doubtfulEdges.get(e) || edge.confidence() >= least
          || edge.kind() == EdgeKind.WAITS_FOR;
      if (edge.from() == edge.to()) {
        continue;
      }
      if (kept) {
        drawnEdges.set(e);
      } else {
        unlikely.merge(edge.from(), 1, Integer::sum);
      }
    }
  }

  private void indexEdges() {
    from = byNode(false);
    to = byNode(true);
  }

  private int[][] byNode(boolean incoming) {
    int[] count = new int[graph.nodes().size()];
    drawnEdges.stream().forEach(e -> count[end(e, incoming)]++);
    int[][] edges = new int[count.length][];
    for (int i = 0; i < count.length; i++) {
      edges[i] = new int[count[i]];
    }
    int[] filled = new int[count.length];
    drawnEdges.stream().forEach(e -> edges[end(e, incoming)][filled[end(e, incoming)]++] = e);
    return edges;
  }

  private int end(int edge, boolean incoming) {
    return incoming ? graph.edges().get(edge).to() : graph.edges().get(edge).from();
  }

  private void dropUnconnected() {
    int n = graph.nodes().size();
    alive.set(0, n);
    int[] in = degrees(to);
    int[] out = degrees(from);
    Deque<Integer> unsettled = new ArrayDeque<>();
    for (int i = 0; i < n; i++) {
      unsettled.add(i);
    }
    while (!unsettled.isEmpty()) {
      int i = unsettled.remove();
      boolean task = graph.nodes().get(i).nodeKind() == NodeKind.TASK;
      if (alive.get(i) && !cycleNodes.get(i) && in[i] == 0 && (out[i] == 0 || !task)) {
        alive.clear(i);
        for (int e : from[i]) {
          in[end(e, true)]--;
          unsettled.add(end(e, true));
        }
      }
    }
    int tasks = 0;
    for (int i = 0; i < n; i++) {
      if (!alive.get(i)) {
        tasks += weight(i);
      }
    }
    if (tasks > 0) {
      notes.add(
          tasks + (tasks == 1 ? " task that waits" : " tasks that wait")
              + " for nothing known and that nobody waits for " + (tasks == 1 ? "is" : "are") + " not drawn.");
    }
  }

  /** Number of edges of each node whose other end is drawn, too. */
  private static int[] degrees(int[][] edges) {
    return Arrays.stream(edges).mapToInt(of -> of.length).toArray();
  }

  private void groupWaiters() {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = alive.nextSetBit(0); i >= 0; i = alive.nextSetBit(i + 1)) {
      if (drawn(to[i]) == 0 && !cycleNodes.get(i) && graph.nodes().get(i).nodeKind() == NodeKind.TASK) {
        groups.computeIfAbsent(targets(i), key -> new ArrayList<>()).add(i);
      }
    }
    for (List<Integer> group : groups.values()) {
      int first = group.get(0);
      members.put(first, group);
      for (int i : group.subList(1, group.size())) {
        alive.clear(i);
      }
    }
  }

  /** What a waiter's arrows point to; waits of different certainty stay apart, as they are drawn differently. */
  private String targets(int node) {
    StringBuilder key = new StringBuilder();
    for (int e : from[node]) {
      Edge edge = graph.edges().get(e);
      if (alive.get(edge.to())) {
        key.append(edge.to()).append(edge.certain() ? '!' : '?');
      }
    }
    return key.toString();
  }

  private void shrink() {
    int hidden = 0;
    int hiddenTasks = 0;
    int folded = 0;
    Outermost outermost = new Outermost();
    while (alive.cardinality() > MOST_BOXES) {
      int leaf = outermost.remove();
      int into = target(leaf);
      if (into >= 0) {
        outermost.add(into, outermost.total[leaf]);
        folded++;
        if (drawn(from[into]) + drawn(to[into]) == 0) {
          // A box without arrows tells nothing.
          outermost.clear(into);
          hidden++;
          hiddenTasks += outermost.total[into];
        }
      } else {
        hidden++;
        hiddenTasks += outermost.total[leaf];
      }
    }
    if (folded > 0) {
      notes.add("Small groups are counted in what they wait for (\u201cmore tasks behind\u201d).");
    }
    if (hidden > 0) {
      notes.add(
          "Smaller chains of altogether " + hiddenTasks + (hiddenTasks == 1 ? " task" : " tasks")
              + " are not drawn; the report's data has them.");
    }
  }

  /** How many of the edges have both ends in the picture. */
  private int drawn(int[] edges) {
    int count = 0;
    for (int e : edges) {
      count += alive.get(end(e, false)) && alive.get(end(e, true)) ? 1 : 0;
    }
    return count;
  }

  private int target(int node) {
    for (int e : from[node]) {
      if (alive.get(end(e, true))) {
        return end(e, true);
      }
    }
    return -1;
  }

  /** The boxes in the order in which they leave the picture; kept up to date, so that each costs its own edges only. */
  private final class Outermost {
    final int[] total = new int[graph.nodes().size()];
    private final int[] in = new int[total.length];
    private final Comparator<Integer> order =
        Comparator.<Integer>comparingInt(i -> total[i]).thenComparing(Comparator.naturalOrder());
    /** Boxes that no arrow leads to, and all others; without those on cycles. */
    private final TreeSet<Integer> leaves = new TreeSet<>(order);
    private final TreeSet<Integer> inner = new TreeSet<>(order);

    Outermost() {
      alive.stream()
          .forEach(
              i -> {
                total[i] = Folding.this.total(i);
                in[i] = drawn(to[i]);
              });
      alive.stream().filter(i -> !cycleNodes.get(i)).forEach(i -> (in[i] == 0 ? leaves : inner).add(i));
    }

    int remove() {
      int next;
      if (!leaves.isEmpty()) {
        next = leaves.first();
      } else if (!inner.isEmpty()) {
        // Only knots are left: their cycles stay, the rest goes by size.
        next = inner.first();
      } else {
        // Nothing but cycles: the first ones that fit are drawn.
        next = alive.length() - 1;
      }
      clear(next);
      return next;
    }

    void clear(int node) {
      leaves.remove(node);
      inner.remove(node);
      alive.clear(node);
      for (int e : from[node]) {
        int into = end(e, true);
        if (--in[into] == 0 && inner.remove(into)) {
          leaves.add(into);
        }
      }
    }

    void add(int node, int tasks) {
      TreeSet<Integer> set = leaves.remove(node) ? leaves : inner.remove(node) ? inner : null;
      behind[node] += tasks;
      total[node] += tasks;
      if (set != null) {
        set.add(node);
      }
    }
  }

  /** Tasks that a box stands for. */
  private int total(int node) {
    int sum = behind[node];
    for (int i : members.getOrDefault(node, List.of(node))) {
      sum += weight(i);
    }
    return sum;
  }

  private int weight(int node) {
    return graph.nodes().get(node).nodeKind() == NodeKind.TASK
        ? Math.max(1, graph.nodes().get(node).tasks().size())
        : 0;
  }
}
