package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** A graph under construction. Nodes are numbered as they are added; resources and services are found again by a key. */
final class GraphDraft {
  private final Knowledge knowledge;
  private final List<Draft> nodes = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Map<String, Integer> byKey = new HashMap<>();

  GraphDraft(Knowledge knowledge) {
    this.knowledge = knowledge;
  }

  /** Node of the resource or service with that key, null if there is none yet. */
  Integer drawn(String key) {
    return byKey.get(key);
  }

  int task(String label, List<TaskSnapshot> tasks) {
    return add(new Draft(NodeKind.TASK, "", "", label, tasks));
  }

  /**
   * @param instance "" if unknown
   */
  int resource(String key, String kind, String instance) {
    return resource(key, kind, instance, knowledge.shown(kind) + (instance.isEmpty() ? "" : ": " + instance));
  }

  int resource(String key, String kind, String instance, String label) {
    int id = add(new Draft(NodeKind.RESOURCE, kind, instance, label, List.of()));
    byKey.put(key, id);
    return id;
  }

  int service(String key, String name, String label) {
    int id = add(new Draft(NodeKind.SERVICE, name, "", label, List.of()));
    byKey.put(key, id);
    return id;
  }

  private int add(Draft draft) {
    nodes.add(draft);
    return nodes.size() - 1;
  }

  String label(int id) {
    return nodes.get(id).label;
  }

  /** One of its needs is enough. */
  void anyOf(int id) {
    nodes.get(id).anyOf = true;
  }

  void edge(
      int from, int to, EdgeKind kind, double confidence, boolean certain, String because, List<Evidence> evidence) {
    edges.add(new Edge(from, to, kind, confidence, certain, because, evidence));
  }

  int edges() {
    return edges.size();
  }

  /** Makes the edges of any-of nodes that were added since there were {@code from} edges less likely, and says why. */
  void dampen(int from, double factor, String why) {
    for (int k = from; k < edges.size(); k++) {
      Edge e = edges.get(k);
      if (nodes.get(e.from()).anyOf) {
        edges.set(
            k,
            new Edge(e.from(), e.to(), e.kind(), e.confidence() * factor, false, e.because() + why, e.evidence()));
      }
    }
  }

  WaitGraph finish() {
    List<Node> done = new ArrayList<>();
    for (Draft draft : nodes) {
      done.add(draft.node(done.size()));
    }
    return new WaitGraph(done, edges, Knots.find(done, edges));
  }

  private static final class Draft {
    final NodeKind nodeKind;
    final String kind;
    final String instance;
    final String label;
    final List<TaskSnapshot> tasks;
    boolean anyOf;

    Draft(NodeKind nodeKind, String kind, String instance, String label, List<TaskSnapshot> tasks) {
      this.nodeKind = nodeKind;
      this.kind = kind;
      this.instance = instance;
      this.label = label;
      this.tasks = tasks;
    }

    Node node(int id) {
      return new Node(id, nodeKind, kind, instance, label, tasks, anyOf);
    }
  }
}
