package org.btrsleuth.chart.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  private void dropUnconnected() {
    int n = graph.nodes().size();
    alive.set(0, n);
    boolean changed = true;
    while (changed) {
      changed = false;
      int[] in = degrees(true);
      int[] out = degrees(false);
      for (int i = alive.nextSetBit(0); i >= 0; i = alive.nextSetBit(i + 1)) {
        boolean task = graph.nodes().get(i).nodeKind() == NodeKind.TASK;
        if (!cycleNodes.get(i) && in[i] == 0 && (out[i] == 0 || !task)) {
          alive.clear(i);
          changed = true;
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

  private int[] degrees(boolean incoming) {
    int[] count = new int[graph.nodes().size()];
    for (int e = drawnEdges.nextSetBit(0); e >= 0; e = drawnEdges.nextSetBit(e + 1)) {
      Edge edge = graph.edges().get(e);
      if (alive.get(edge.from()) && alive.get(edge.to())) {
        count[incoming ? edge.to() : edge.from()]++;
      }
    }
    return count;
  }

  private void groupWaiters() {
    int[] in = degrees(true);
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = alive.nextSetBit(0); i >= 0; i = alive.nextSetBit(i + 1)) {
      if (in[i] == 0 && !cycleNodes.get(i) && graph.nodes().get(i).nodeKind() == NodeKind.TASK) {
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
    for (int e = drawnEdges.nextSetBit(0); e >= 0; e = drawnEdges.nextSetBit(e + 1)) {
      Edge edge = graph.edges().get(e);
      if (edge.from() == node && alive.get(edge.to())) {
        key.append(edge.to()).append(edge.certain() ? '!' : '?');
      }
    }
    return key.toString();
  }

  private void shrink() {
    int hidden = 0;
    int hiddenTasks = 0;
    int folded = 0;
    while (alive.cardinality() > MOST_BOXES) {
      int[] in = degrees(true);
      Comparator<Integer> order =
          Comparator.<Integer>comparingInt(this::total).thenComparing(Comparator.naturalOrder());
      Integer leaf =
          alive.stream().boxed().filter(i -> in[i] == 0 && !cycleNodes.get(i)).min(order).orElse(null);
      if (leaf == null) {
        // Only knots are left: their cycles stay, the rest goes by size.
        leaf = alive.stream().boxed().filter(i -> !cycleNodes.get(i)).min(order).orElse(null);
      }
      if (leaf == null) {
        // Nothing but cycles: the first ones that fit are drawn.
        leaf = alive.stream().boxed().max(Comparator.naturalOrder()).orElseThrow();
      }
      int into = target(leaf);
      alive.clear(leaf);
      if (into >= 0) {
        behind[into] += total(leaf);
        folded++;
        if (alone(into)) {
          // A box without arrows tells nothing.
          alive.clear(into);
          hidden++;
          hiddenTasks += total(into);
        }
      } else {
        hidden++;
        hiddenTasks += total(leaf);
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

  private boolean alone(int node) {
    for (int e = drawnEdges.nextSetBit(0); e >= 0; e = drawnEdges.nextSetBit(e + 1)) {
      Edge edge = graph.edges().get(e);
      if ((edge.from() == node || edge.to() == node) && alive.get(edge.from()) && alive.get(edge.to())) {
        return false;
      }
    }
    return true;
  }

  private int target(int node) {
    for (int e = drawnEdges.nextSetBit(0); e >= 0; e = drawnEdges.nextSetBit(e + 1)) {
      Edge edge = graph.edges().get(e);
      if (edge.from() == node && alive.get(edge.to())) {
        return edge.to();
      }
    }
    return -1;
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
