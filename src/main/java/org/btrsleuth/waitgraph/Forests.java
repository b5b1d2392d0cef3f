package org.btrsleuth.waitgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.Forest;
import org.btrsleuth.waitgraph.WaitGraph.Knot;

/** Finds root blockers and who stands behind them. */
final class Forests {
  /** Less sure edges are followed only for tasks that no surer path leads anywhere. */
  private static final double FOLLOWED = 0.4;
  /** Roots beyond the largest ones are groups of very few tasks. */
  private static final int ROOTS = 256;

  private Forests() {}

  static Forest of(WaitGraph graph) {
    int n = graph.nodes().size();
    List<List<Edge>> in = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      in.add(new ArrayList<>());
    }
    BitSet waits = new BitSet(n);
    for (Edge e : graph.edges()) {
      in.get(e.to()).add(e);
      waits.set(e.from());
    }
    BitSet knotted = new BitSet(n);
    Map<Integer, List<Integer>> roots = new LinkedHashMap<>();
    for (Knot knot : graph.knots()) {
      knot.nodes().forEach(knotted::set);
      roots.put(knot.nodes().get(0), knot.nodes());
    }
    for (int i = 0; i < n; i++) {
      if (!waits.get(i) && !in.get(i).isEmpty()) {
        roots.put(i, List.of(i));
      }
    }
    BitSet reached = new BitSet(n);
    Map<Integer, BitSet> behind = new LinkedHashMap<>();
    for (double least : new double[] {FOLLOWED, 0}) {
      BitSet before = (BitSet) reached.clone();
      for (Map.Entry<Integer, List<Integer>> root : roots.entrySet()) {
        BitSet more = collect(root.getValue(), in, least);
        more.andNot(knotted);
        more.andNot(before);
        behind.computeIfAbsent(root.getKey(), k -> new BitSet()).or(more);
        reached.or(more);
      }
    }
    Map<Integer, List<Integer>> sorted = new LinkedHashMap<>();
    Comparator<Map.Entry<Integer, List<Integer>>> bySize =
        Comparator.comparingInt(e -> -e.getValue().stream().mapToInt(graph::weight).sum());
    behind.entrySet().stream()
        .map(e -> Map.entry(e.getKey(), tasks(graph, e.getValue())))
        .filter(e -> !e.getValue().isEmpty() || knotted.get(e.getKey()))
        .sorted(bySize.thenComparing(Map.Entry.comparingByKey()))
        .limit(ROOTS)
        .forEach(e -> sorted.put(e.getKey(), e.getValue()));
    return new Forest(sorted);
  }

  private static List<Integer> tasks(WaitGraph graph, BitSet nodes) {
    return nodes.stream().filter(i -> graph.weight(i) > 0).boxed().toList();
  }

  private static BitSet collect(List<Integer> roots, List<List<Edge>> in, double least) {
    BitSet found = new BitSet();
    Deque<Integer> queue = new ArrayDeque<>(roots);
    while (!queue.isEmpty()) {
      for (Edge e : in.get(queue.remove())) {
        if (e.confidence() >= least && !found.get(e.from())) {
          found.set(e.from());
          queue.add(e.from());
        }
      }
    }
    roots.forEach(found::clear);
    return found;
  }
}
