package org.btrsleuth.chart;

import java.util.List;
import org.btrsleuth.chart.graph.Cycles;
import org.btrsleuth.chart.graph.GraphPicture;
import org.btrsleuth.chart.plot.Amounts;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** The chart of the lock-wait graph. */
final class GraphCharts {
  private GraphCharts() {}

  /** One chart, or none if nobody waits for anything. */
  static List<Chart> of(WaitGraph graph) {
    if (graph.edges().stream().noneMatch(edge -> edge.kind() == EdgeKind.WAITS_FOR)) {
      return List.of();
    }
    long deadlocks = graph.knots().stream().filter(Cycles::isDeadlock).count();
    boolean doubtful = graph.knots().size() > deadlocks;
    long tasks = graph.nodes().stream().filter(n -> n.nodeKind() == NodeKind.TASK).mapToLong(GraphCharts::weight).sum();
    long resources = graph.nodes().stream().filter(n -> n.nodeKind() == NodeKind.RESOURCE).count();
    String title =
        deadlocks == 0
            ? "Who waits for whom: " + (doubtful ? "no certain cycle" : "no cycle")
            : deadlocks == 1 ? "Who waits for whom: one cycle" : "Who waits for whom: " + deadlocks + " cycles";
    String subtitle =
        Amounts.count(tasks) + (tasks == 1 ? " task, " : " tasks, ") + Amounts.count(resources)
            + (resources == 1 ? " resource" : " resources") + certainty(graph)
            + ".  An arrow points from what cannot go on to what it needs.";
    String caption =
        "The lock-wait graph. Read along the arrows: a task waits for a resource, the resource is held by a task or "
            + "needs a service to make progress. Solid arrows are shown by the captured frames or events, dashed ones "
            + "are inferred, with their likelihood. "
            + (deadlocks == 0
                ? "No set of tasks was found that surely only waits for itself; where the arrows end is what "
                    + "everything waits for."
                : "The thick orange-red arrows form the cycle: each member waits for the next one, and nothing "
                    + "outside the cycle can end that.")
            + (doubtful ? " Thick purple arrows are circles that are unlikely or that something may still end." : "")
            + " Tasks that wait for the same are one box with their number; point at a box or an arrow of the SVG to "
            + "see the full names, stacks, reasons and lines. The report's data holds the whole graph.";
    return List.of(new Chart("wait-graph", title, caption, () -> new GraphPicture(graph, title, subtitle)));
  }

  private static String certainty(WaitGraph graph) {
    StringBuilder text = new StringBuilder();
    for (Knot knot : graph.knots()) {
      if (Cycles.isDeadlock(knot)) {
        text.append(String.format(
            java.util.Locale.ROOT, "%s %.0f %%", text.isEmpty() ? "; cycle likelihood" : ",", knot.confidence() * 100));
      }
    }
    return text.toString();
  }

  private static long weight(Node node) {
    return Math.max(1, node.tasks().size());
  }
}
