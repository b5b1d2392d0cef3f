package org.btrsleuth.waitgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.jgrapht.Graph;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.graph.DirectedPseudograph;

/**
 * Finds what cannot resolve in a graph of AND and OR waits.
 *
 * <p>A node without successors can go on. An AND node goes on when all of its successors can, an OR node ({@link
 * Node#anyOf}) when one of them can. What cannot go on by these rules is stuck; the strongly connected components of
 * the stuck part are deadlocks, everything else that is stuck stands behind one. A component of the whole graph that
 * is not stuck because an OR node has a way out is a stall: it may resolve.
 *
 * <p>Cost is O((V + E) * number of different confidences) a deadlock, and O(V + E) a start node for the search of the shortest
 * cycle, of which there are at most {@link #STARTS} a component.
 */
final class Knots {
  private static final int STARTS = 64;

  private final List<Node> nodes;
  private final List<Edge> edges;
  private final int[][] out;
  private final int[][] in;
  private final List<Double> levels;
  /** By level of confidence, as far as asked for. */
  private final BitSet[] stuckAt;
  private final List<List<int[]>> coresAt = new ArrayList<>();

  private Knots(List<Node> nodes, List<Edge> edges) {
    this.nodes = nodes;
    this.edges = edges;
    this.out = index(nodes.size(), edges, true);
    this.in = index(nodes.size(), edges, false);
    this.levels = edges.stream().map(Edge::confidence).distinct().sorted(Comparator.reverseOrder()).toList();
    this.stuckAt = new BitSet[levels.size()];
  }

  /** Deadlocks first, by confidence; then stalls; each in the order of its lowest node. */
  static List<Knot> find(List<Node> nodes, List<Edge> edges) {
    Knots knots = new Knots(nodes, edges);
    BitSet stuck = knots.stuck(0);
    List<Knot> found = new ArrayList<>();
    for (int[] component : knots.components(stuck, 0)) {
      found.add(knots.deadlock(component));
    }
    BitSet all = new BitSet();
    all.set(0, nodes.size());
    for (int[] component : knots.components(all, 0)) {
      if (Arrays.stream(component).noneMatch(stuck::get)) {
        found.add(knots.stall(component));
      }
    }
    found.sort(
        Comparator.comparing(Knot::resolvable)
            .thenComparing(Knot::confidence, Comparator.reverseOrder())
            .thenComparing(k -> k.nodes().get(0)));
    return List.copyOf(found);
  }

  /** Nodes that can never go on, counting AND edges only from {@code least} confidence on. */
  static BitSet stuck(List<Node> nodes, List<Edge> edges, double least) {
    return new Knots(nodes, edges).stuck(least);
  }

  /** Least fixpoint of "can go on" by counting down the successors that are still waited for; its complement. */
  private BitSet stuck(double least) {
    int n = nodes.size();
    int[] open = new int[n];
    for (Edge e : edges) {
      if (counts(e, least)) {
        open[e.from()]++;
      }
    }
    BitSet goesOn = new BitSet(n);
    Deque<Integer> work = new ArrayDeque<>();
    for (int i = 0; i < n; i++) {
      if (open[i] == 0) {
        goesOn.set(i);
        work.add(i);
      }
    }
    while (!work.isEmpty()) {
      for (int k : in[work.remove()]) {
        Edge e = edges.get(k);
        int i = e.from();
        if (!counts(e, least) || goesOn.get(i)) {
          continue;
        }
        if (nodes.get(i).anyOf() || --open[i] == 0) {
          goesOn.set(i);
          work.add(i);
        }
      }
    }
    BitSet stuck = new BitSet(n);
    stuck.set(0, n);
    stuck.andNot(goesOn);
    return stuck;
  }

  /** A way out is a way out however unsure: alternatives of OR nodes are never dropped. */
  private boolean counts(Edge e, double least) {
    return e.confidence() >= least || nodes.get(e.from()).anyOf();
  }

  /** Strongly connected components with a cycle among {@code members}, each ascending, by their lowest node. */
  private List<int[]> components(BitSet members, double least) {
    Graph<Integer, Integer> graph = new DirectedPseudograph<>(null, null, false);
    members.stream().forEach(graph::addVertex);
    for (int k = 0; k < edges.size(); k++) {
      Edge e = edges.get(k);
      if (members.get(e.from()) && members.get(e.to()) && e.confidence() >= least) {
        graph.addEdge(e.from(), e.to(), k);
      }
    }
    return new KosarajuStrongConnectivityInspector<>(graph)
        .stronglyConnectedSets().stream()
            .filter(s -> s.size() > 1 || s.stream().anyMatch(i -> graph.containsEdge(i, i)))
            .map(s -> s.stream().mapToInt(Integer::intValue).sorted().toArray())
            .sorted(Comparator.comparingInt(s -> s[0]))
            .toList();
  }

  /** Takes the surest cycle: raises the least confidence as long as something in the component stays stuck. */
  private Knot deadlock(int[] component) {
    for (int level = 0; level < levels.size(); level++) {
      // A cycle may be surer than its level: its OR nodes are stuck only because another alternative is, which may
      // stand behind a less sure edge elsewhere.
      int[] core = coreOf(component, level);
      if (core != null) {
        return new Knot(boxed(component), shortestCycle(core, levels.get(level)), levels.get(level), false);
      }
    }
    throw new AssertionError("stuck without a cycle: " + Arrays.toString(component));
  }

  /** The first component that is stuck at that level of confidence within {@code component}, or null. */
  private int[] coreOf(int[] component, int level) {
    if (stuckAt[level] == null) {
      stuckAt[level] = stuck(levels.get(level));
      coresAt.add(components(stuckAt[level], levels.get(level)));
    }
    BitSet within = bits(component);
    for (int[] core : coresAt.get(level)) {
      if (within.get(core[0])) {
        return core;
      }
    }
    return null;
  }

  private static List<Integer> boxed(int[] of) {
    return Arrays.stream(of).boxed().toList();
  }

  private Knot stall(int[] component) {
    List<Integer> cycle = shortestCycle(component, 0);
    double confidence = cycle.stream().mapToDouble(k -> edges.get(k).confidence()).min().orElse(0);
    return new Knot(boxed(component), cycle, confidence, true);
  }

  /** Shortest by edges; among equals the surest in sum, then the one met first from the lowest node. */
  private List<Integer> shortestCycle(int[] component, double least) {
    BitSet members = bits(component);
    List<Integer> best = List.of();
    double bestSum = 0;
    int starts = 0;
    for (int start : component) {
      if (starts++ == STARTS) {
        break;
      }
      List<Integer> cycle = cycleFrom(start, members, least, best.isEmpty() ? Integer.MAX_VALUE : best.size());
      double sum = cycle.stream().mapToDouble(k -> edges.get(k).confidence()).sum();
      if (!cycle.isEmpty()
          && (best.isEmpty() || cycle.size() < best.size() || cycle.size() == best.size() && sum > bestSum)) {
        best = cycle;
        bestSum = sum;
      }
    }
    return best;
  }

  private List<Integer> cycleFrom(int start, BitSet members, double least, int longest) {
    int[] via = new int[nodes.size()];
    int[] depth = new int[nodes.size()];
    Arrays.fill(via, -1);
    Deque<Integer> queue = new ArrayDeque<>();
    queue.add(start);
    while (!queue.isEmpty()) {
      int at = queue.remove();
      if (depth[at] == longest) {
        return List.of();
      }
      for (int k : out[at]) {
        Edge e = edges.get(k);
        if (!members.get(e.to()) || e.confidence() < least) {
          continue;
        }
        if (e.to() == start) {
          List<Integer> cycle = new ArrayList<>();
          cycle.add(k);
          for (int i = at; i != start; i = edges.get(via[i]).from()) {
            cycle.add(via[i]);
          }
          Collections.reverse(cycle);
          return cycle;
        }
        if (via[e.to()] < 0) {
          via[e.to()] = k;
          depth[e.to()] = depth[at] + 1;
          queue.add(e.to());
        }
      }
    }
    return List.of();
  }

  private static BitSet bits(int[] of) {
    BitSet bits = new BitSet();
    for (int i : of) {
      bits.set(i);
    }
    return bits;
  }

  private static int[][] index(int nodes, List<Edge> edges, boolean bySource) {
    int[] sizes = new int[nodes];
    for (Edge e : edges) {
      sizes[bySource ? e.from() : e.to()]++;
    }
    int[][] index = new int[nodes][];
    for (int i = 0; i < nodes; i++) {
      index[i] = new int[sizes[i]];
    }
    Arrays.fill(sizes, 0);
    for (int k = 0; k < edges.size(); k++) {
      int i = bySource ? edges.get(k).from() : edges.get(k).to();
      index[i][sizes[i]++] = k;
    }
    return index;
  }
}
