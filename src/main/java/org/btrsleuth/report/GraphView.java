package org.btrsleuth.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/**
 * The wait graph seen from its tasks: who waits for whom, with the resources and services between them folded into
 * the edge. Cost is the size of the graph for each distinct resource waited for.
 */
public final class GraphView {
  /**
   * @param from node id of a task node
   * @param to node id of the task node that must act, -1 if no task of the input is known to
   * @param resource node id of what {@code from} waits for
   * @param certain true if every step between the two is proven
   */
  public record TaskEdge(int from, int to, int resource, boolean certain, double confidence, String because) {}

  /** {@code certain}: a chain of proven steps leads there. */
  private record Reach(boolean certain, double confidence) {}

  private final WaitGraph graph;
  private final Map<Integer, List<Edge>> out = new HashMap<>();
  private final List<TaskEdge> taskEdges = new ArrayList<>();

  public GraphView(WaitGraph graph) {
    this.graph = graph;
    for (Edge edge : graph.edges()) {
      out.computeIfAbsent(edge.from(), k -> new ArrayList<>()).add(edge);
    }
    Map<Integer, Map<Integer, Reach>> reachable = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.nodeKind() != NodeKind.TASK) {
        continue;
      }
      for (Edge wait : out.getOrDefault(node.id(), List.of())) {
        if (wait.kind() == EdgeKind.WAITS_FOR || wait.kind() == EdgeKind.NEEDS) {
          fold(node, wait, reachable.computeIfAbsent(wait.to(), this::reach));
        }
      }
    }
  }

  private void fold(Node node, Edge wait, Map<Integer, Reach> targets) {
    if (targets.isEmpty()) {
      taskEdges.add(
          new TaskEdge(node.id(), -1, wait.to(), wait.certain(), wait.confidence(), wait.because()));
    }
    targets.forEach(
        (to, reach) ->
            taskEdges.add(
                new TaskEdge(
                    node.id(),
                    to,
                    wait.to(),
                    wait.certain() && reach.certain(),
                    Math.min(wait.confidence(), reach.confidence()),
                    wait.because())));
  }

  /** Tasks that can be reached from {@code start} without passing through another task. */
  private Map<Integer, Reach> reach(int start) {
    Map<Integer, Reach> best = new LinkedHashMap<>();
    Map<Integer, Reach> tasks = new LinkedHashMap<>();
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    best.put(start, new Reach(true, 1));
    queue.add(start);
    while (!queue.isEmpty()) {
      int at = queue.remove();
      Reach soFar = best.get(at);
      if (graph.nodes().get(at).nodeKind() == NodeKind.TASK) {
        tasks.put(at, soFar);
        continue;
      }
      for (Edge edge : out.getOrDefault(at, List.of())) {
        Reach next =
            new Reach(soFar.certain() && edge.certain(), Math.min(soFar.confidence(), edge.confidence()));
        Reach known = best.get(edge.to());
        if (known == null
            || next.confidence() > known.confidence()
            || next.certain() && !known.certain() && next.confidence() == known.confidence()) {
          best.put(edge.to(), next);
          queue.add(edge.to());
        }
      }
    }
    return tasks;
  }

  public WaitGraph graph() {
    return graph;
  }

  /** In the order of the graph's nodes and edges. */
  public List<TaskEdge> taskEdges() {
    return taskEdges;
  }

  public List<Edge> from(int node) {
    return out.getOrDefault(node, List.of());
  }

  /** Short name of a node for listings. */
  public String label(int node) {
    Node n = graph.nodes().get(node);
    if (n.nodeKind() == NodeKind.TASK && !n.tasks().isEmpty()) {
      String first = n.tasks().get(0).name();
      return n.tasks().size() == 1 ? first : first + " and " + (n.tasks().size() - 1) + " more";
    }
    String kind = Words.kind(n.kind().isEmpty() ? n.label() : n.kind());
    return n.instance().isEmpty() ? kind : kind + " of " + n.instance();
  }
}
