package org.btrsleuth.waitgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;
import org.junit.jupiter.api.Test;

class KnotsTest {
  private static final double[] LEVELS = {0.3, 0.5, 0.85, 1};

  @Test
  void agrees_with_brute_force_on_random_small_graphs() {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      int n = 1 + random.nextInt(7);
      List<Node> nodes = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        nodes.add(node(i, random.nextInt(3) == 0));
      }
      List<Edge> edges = new ArrayList<>();
      int m = random.nextInt(2 * n + 2);
      for (int k = 0; k < m; k++) {
        edges.add(edge(random.nextInt(n), random.nextInt(n), LEVELS[random.nextInt(LEVELS.length)]));
      }
      check("seed " + seed, nodes, edges);
    }
  }

  private static void check(String what, List<Node> nodes, List<Edge> edges) {
    BitSet stuck = bruteStuck(nodes, edges, 0);
    assertThat(Knots.stuck(nodes, edges, 0)).as(what).isEqualTo(stuck);

    List<Knot> knots = Knots.find(nodes, edges);
    BitSet all = new BitSet();
    all.set(0, nodes.size());
    Set<Set<Integer>> deadlocks = bruteComponents(edges, stuck);
    Set<Set<Integer>> stalls = bruteComponents(edges, all);
    stalls.removeIf(s -> s.stream().anyMatch(stuck::get));
    Set<Set<Integer>> foundDeadlocks = new HashSet<>();
    Set<Set<Integer>> foundStalls = new HashSet<>();
    for (Knot knot : knots) {
      (knot.resolvable() ? foundStalls : foundDeadlocks).add(new TreeSet<>(knot.nodes()));
      checkCycle(what, edges, knot);
      if (!knot.resolvable()) {
        assertThat(knot.confidence()).as(what).isEqualTo(bruteBest(nodes, edges, new TreeSet<>(knot.nodes())));
      }
    }
    assertThat(foundDeadlocks).as(what).isEqualTo(deadlocks);
    assertThat(foundStalls).as(what).isEqualTo(stalls);
  }

  private static void checkCycle(String what, List<Edge> edges, Knot knot) {
    assertThat(knot.cycle()).as(what).isNotEmpty();
    double least = 1;
    for (int i = 0; i < knot.cycle().size(); i++) {
      Edge e = edges.get(knot.cycle().get(i));
      Edge next = edges.get(knot.cycle().get((i + 1) % knot.cycle().size()));
      assertThat(e.to()).as(what).isEqualTo(next.from());
      assertThat(knot.nodes()).as(what).contains(e.from());
      least = Math.min(least, e.confidence());
    }
    assertThat(knot.confidence()).as(what).isLessThanOrEqualTo(least);
  }

  /** Union of all node sets in which nobody can go on. */
  private static BitSet bruteStuck(List<Node> nodes, List<Edge> edges, double least) {
    int union = 0;
    for (int set = 1; set < 1 << nodes.size(); set++) {
      boolean closed = true;
      for (Node node : nodes) {
        if ((set >> node.id() & 1) == 1) {
          int s = set;
          List<Edge> out =
              edges.stream()
                  .filter(e -> e.from() == node.id() && (node.anyOf() || e.confidence() >= least))
                  .toList();
          closed &=
              !out.isEmpty()
                  && (node.anyOf()
                      ? out.stream().allMatch(e -> (s >> e.to() & 1) == 1)
                      : out.stream().anyMatch(e -> (s >> e.to() & 1) == 1));
        }
      }
      if (closed) {
        union |= set;
      }
    }
    return BitSet.valueOf(new long[] {union});
  }

  private static Set<Set<Integer>> bruteComponents(List<Edge> edges, BitSet members) {
    boolean[][] reach = reach(edges, members);
    Set<Set<Integer>> components = new HashSet<>();
    for (int i = 0; i < reach.length; i++) {
      if (reach[i][i]) {
        Set<Integer> component = new TreeSet<>();
        for (int j = 0; j < reach.length; j++) {
          if (reach[i][j] && reach[j][i]) {
            component.add(j);
          }
        }
        components.add(component);
      }
    }
    return components;
  }

  private static boolean[][] reach(List<Edge> edges, BitSet members) {
    int n = 8;
    boolean[][] reach = new boolean[n][n];
    for (Edge e : edges) {
      reach[e.from()][e.to()] |= members.get(e.from()) && members.get(e.to());
    }
    for (int k = 0; k < n; k++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          reach[i][j] |= reach[i][k] && reach[k][j];
        }
      }
    }
    return reach;
  }

  /** The surest cycle through nodes that are stuck when only edges of at least its confidence count. */
  private static double bruteBest(List<Node> nodes, List<Edge> edges, Set<Integer> component) {
    double best = 0;
    for (double level : LEVELS) {
      BitSet stuck = bruteStuck(nodes, edges, level);
      List<Edge> sure = edges.stream().filter(e -> e.confidence() >= level).toList();
      BitSet members = new BitSet();
      component.stream().filter(stuck::get).forEach(members::set);
      if (!bruteComponents(sure, members).isEmpty()) {
        best = Math.max(best, level);
      }
    }
    return best;
  }

  static Node node(int id, boolean anyOf) {
    return new Node(id, NodeKind.RESOURCE, "page_lock", "", "n" + id, List.of(), anyOf);
  }

  static Edge edge(int from, int to, double confidence) {
    return new Edge(from, to, EdgeKind.NEEDS, confidence, confidence == 1, "test", List.of());
  }
}
