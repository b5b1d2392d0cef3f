package org.btrsleuth.waitgraph;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Who waits for what, who holds it, and what must run for a wait to end. Immutable result of the analysis.
 *
 * @param nodes by id, ascending; ids are indices into the list
 * @param edges in a stable order
 * @param knots strongly connected components that cannot resolve, see {@link Knot}
 */
public record WaitGraph(List<Node> nodes, List<Edge> edges, List<Knot> knots) {

  public static final WaitGraph EMPTY = new WaitGraph(List.of(), List.of(), List.of());

  public WaitGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
    knots = List.copyOf(knots);
  }

  /** What a node stands for. */
  public enum NodeKind {
    /** A task, or several with the same stack folded into one node. */
    TASK,
    /** A lock, page, extent range, transaction state, ... */
    RESOURCE,
    /** Something that must run for others to go on: reclaim worker, flusher, cleaner, committer, work queue. */
    SERVICE
  }

  /**
   * @param kind resource kind (page_lock, ticket, ...) for resources, service kind for services, "" for tasks
   * @param instance which one ("inode 5/257 page 0"), "" if unknown
   * @param label short text for drawings and listings
   * @param tasks the folded tasks of a TASK node, empty otherwise
   * @param anyOf true for an OR node: one successor that can go on is enough (a ticket is served by any release)
   */
  public record Node(
      int id, NodeKind nodeKind, String kind, String instance, String label, List<TaskSnapshot> tasks, boolean anyOf) {
    public Node {
      tasks = List.copyOf(tasks);
    }
  }

  /** Direction is "depends on": from the one that cannot go on to what it needs. */
  public enum EdgeKind {
    /** task -> resource. */
    WAITS_FOR,
    /** resource -> task. */
    HELD_BY,
    /** resource or service -> what must make progress. */
    NEEDS
  }

  /**
   * @param confidence 0 to 1, derived as lock-model rules say
   * @param certain true if frames or events prove it, false if it is inferred
   * @param because the reason in words, with the rule's source
   */
  public record Edge(
      int from, int to, EdgeKind kind, double confidence, boolean certain, String because, List<Evidence> evidence) {
    public Edge {
      evidence = List.copyOf(evidence);
    }
  }

  /**
   * A set of nodes none of which can go on unless another of the set does.
   *
   * @param nodes members, ascending
   * @param cycle one cycle through it as edge indices, in order
   * @param confidence least confidence along the cycle
   * @param resolvable true if some any-of node has an alternative outside: a stall, not a deadlock
   */
  public record Knot(List<Integer> nodes, List<Integer> cycle, double confidence, boolean resolvable) {
    public Knot {
      nodes = List.copyOf(nodes);
      cycle = List.copyOf(cycle);
    }
  }

  /**
   * What everything waits behind: node id of a root blocker to the ids of the task nodes that directly or through others
   * wait for it, ascending. Root blockers are knots (by their lowest node) and the nodes where chains end; the one with
   * most tasks behind it stands first.
   */
  public record Forest(Map<Integer, List<Integer>> behind) {}

  /** The same nodes with the edges of at least that confidence; ids stay. */
  public WaitGraph atLeast(double confidence) {
    List<Edge> sure = edges.stream().filter(e -> e.confidence() >= confidence).toList();
    return new WaitGraph(nodes, sure, Knots.find(nodes, sure));
  }

  /** Groups of waiting tasks behind their root blockers; computed on each call. */
  public Forest forest() {
    return Forests.of(this);
  }

  /** Tasks that stand for node {@code id}: one for a nameless or unseen task, 0 for resources and services. */
  public int weight(int id) {
    Node node = nodes.get(id);
    return node.nodeKind() == NodeKind.TASK ? Math.max(1, node.tasks().size()) : 0;
  }

  /** Writes the graph in the DOT language of Graphviz; inferred edges are dashed, edges of deadlock cycles red. */
  public void toDot(Appendable out) throws IOException {
    DotWriter.write(this, out);
  }
}
