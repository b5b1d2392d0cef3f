package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.LockNames;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Adds the circles that lockdep reported to a wait graph, as parts of their own: nobody waits in them, yet. */
public final class LockOrderGraph {
  private LockOrderGraph() {}

  /**
   * {@code graph} with a node for each path and each lock class of {@code orders}. Their edges are certain, as the kernel
   * saw each of them; their knots count as resolvable, as tasks need not meet.
   */
  public static WaitGraph add(WaitGraph graph, List<LockOrder> orders, Knowledge knowledge) {
    if (orders.isEmpty()) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    List<Edge> edges = new ArrayList<>(graph.edges());
    List<Knot> knots = new ArrayList<>(graph.knots());
    for (LockOrder order : orders) {
      Map<String, Integer> locks = new HashMap<>();
      List<Integer> cycle = new ArrayList<>();
      TreeSet<Integer> members = new TreeSet<>();
      List<Integer> paths = new ArrayList<>();
      for (LockOrder.Step step : order.steps()) {
        paths.add(nodes.size());
        String name = step.pid() < 0 ? step.who() : step.who() + " (" + step.pid() + ")";
        nodes.add(
            new Node(
                nodes.size(), NodeKind.TASK, "", "", name + ", lock order",
                step.task() == null || step.pid() < 0 ? List.of() : List.of(step.task()), false));
      }
      for (LockOrder.Step step : order.steps()) {
        String plain = LockNames.plain(step.wanted());
        if (!locks.containsKey(plain)) {
          locks.put(plain, nodes.size());
          String label = knowledge.shown(step.wantedKind()) + ": " + plain;
          nodes.add(new Node(nodes.size(), NodeKind.RESOURCE, step.wantedKind(), plain, label, List.of(), false));
        }
      }
      for (int i = 0; i < paths.size(); i++) {
        LockOrder.Step step = order.steps().get(i);
        int next = (i + 1) % paths.size();
        int lock = locks.get(LockNames.plain(step.wanted()));
        cycle.add(edges.size());
        edges.add(
            new Edge(
                paths.get(i), lock, EdgeKind.WAITS_FOR, 1, true,
                "lockdep saw it take " + step.wanted() + " while it held " + step.held(), List.of(step.wantedAt())));
        cycle.add(edges.size());
        edges.add(
            new Edge(
                lock, paths.get(next), EdgeKind.HELD_BY, 1, true,
                "lockdep saw it hold " + step.wanted() + " while it took " + order.steps().get(next).wanted(),
                List.of(order.steps().get(next).heldAt())));
        members.add(paths.get(i));
        members.add(lock);
      }
      knots.add(new Knot(List.copyOf(members), cycle, 1, true));
    }
    return new WaitGraph(nodes, edges, knots);
  }
}
