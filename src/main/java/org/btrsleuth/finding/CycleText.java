package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.TaskRef;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.PartyNames;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Spells out the cycle of a knot: as steps, as sentences, and as what is certain and what inferred. */
final class CycleText {
  private final WaitGraph graph;
  private final Knowledge knowledge;
  private final List<Edge> cycle;
  private final List<CycleStep> steps = new ArrayList<>();
  private final List<String> sentences = new ArrayList<>();
  private final List<String> certain = new ArrayList<>();
  private final List<String> inferred = new ArrayList<>();
  private final Set<Evidence> evidence = new LinkedHashSet<>();

  CycleText(WaitGraph graph, Knot knot, Knowledge knowledge) {
    this.graph = graph;
    this.knowledge = knowledge;
    this.cycle = fromTask(knot.cycle().stream().map(graph.edges()::get).toList());
    walk();
  }

  List<CycleStep> steps() {
    return steps;
  }

  /** One sentence for what each party holds and waits for. */
  List<String> sentences() {
    return sentences;
  }

  List<String> certain() {
    return certain;
  }

  List<String> inferred() {
    return inferred;
  }

  List<Evidence> evidence() {
    return List.copyOf(evidence);
  }

  /** Kinds of the resources on the cycle, sorted. */
  Set<String> kinds() {
    Set<String> kinds = new TreeSet<>();
    for (Edge e : cycle) {
      Node from = graph.nodes().get(e.from());
      if (from.nodeKind() == NodeKind.RESOURCE) {
        kinds.add(from.kind());
      }
    }
    return kinds;
  }

  /** Ids of the task nodes on the cycle. */
  Set<Integer> tasks() {
    Set<Integer> tasks = new TreeSet<>();
    for (Edge e : cycle) {
      if (graph.nodes().get(e.from()).nodeKind() == NodeKind.TASK) {
        tasks.add(e.from());
      }
    }
    return tasks;
  }

  /** Starts at the first task that holds something, so that equal cycles read equally. */
  private List<Edge> fromTask(List<Edge> edges) {
    int best = 0;
    int bestRank = Integer.MAX_VALUE;
    for (int i = 0; i < edges.size(); i++) {
      Edge into = edges.get((i + edges.size() - 1) % edges.size());
      Node node = graph.nodes().get(edges.get(i).from());
      if (node.nodeKind() == NodeKind.TASK) {
        int rank = node.id() + (into.kind() == EdgeKind.HELD_BY ? 0 : graph.nodes().size());
        if (rank < bestRank) {
          best = i;
          bestRank = rank;
        }
      }
    }
    List<Edge> turned = new ArrayList<>(edges.subList(best, edges.size()));
    turned.addAll(edges.subList(0, best));
    return turned;
  }

  private void walk() {
    for (int i = 0; i < cycle.size(); i++) {
      Edge out = cycle.get(i);
      Edge into = cycle.get((i + cycle.size() - 1) % cycle.size());
      Node from = graph.nodes().get(out.from());
      Node to = graph.nodes().get(out.to());
      say(out, from, to);
      evidence.addAll(out.evidence());
      switch (from.nodeKind()) {
        case TASK -> task(i, into, from, out, to);
        case RESOURCE -> {
          // Writers of a transaction and their handles are one thing under two names.
          boolean sameThing = from.kind().startsWith("transaction") && to.kind().startsWith("transaction");
          if (to.nodeKind() == NodeKind.RESOURCE && !sameThing) {
            unseen(from, out, to);
          }
        }
        case SERVICE -> {
          // The step of the task that is the service says it.
        }
      }
    }
  }

  private void task(int i, Edge into, Node task, Edge out, Node wanted) {
    Node held = graph.nodes().get(into.from());
    int back = i;
    while (held.nodeKind() != NodeKind.RESOURCE) {
      back = (back + cycle.size() - 1) % cycle.size();
      held = graph.nodes().get(cycle.get(back).from());
    }
    List<Evidence> at = new ArrayList<>(new LinkedHashSet<>(concat(into.evidence(), out.evidence())));
    steps.add(
        new CycleStep(
            ref(task),
            new ResourceRef(held.kind(), held.instance(), into.certain(), into.because()),
            new ResourceRef(wanted.kind(), wanted.instance(), out.certain(), out.because()),
            at));
    String name = task.label();
    String held0 =
        into.kind() == EdgeKind.HELD_BY
            ? " holds the " + thing(held) + ": " + into.because()
            : " must end the " + thing(held) + ": " + into.because();
    sentences.add(name + held0 + ".");
    sentences.add(name + " waits for the " + thing(wanted) + ": " + out.because() + ".");
  }

  /** A need that no task of the dump stands for. */
  private void unseen(Node from, Edge out, Node to) {
    steps.add(
        new CycleStep(
            new TaskRef(knowledge.shown(from.kind()) + " (who carries it out is not in this dump)", -1),
            new ResourceRef(from.kind(), from.instance(), out.certain(), out.because()),
            new ResourceRef(to.kind(), to.instance(), out.certain(), out.because()),
            out.evidence()));
    sentences.add("The " + thing(from) + " needs the " + thing(to) + ": " + out.because() + ".");
  }

  private void say(Edge e, Node from, Node to) {
    String verb =
        switch (e.kind()) {
          case WAITS_FOR -> from.label() + " waits for the " + thing(to);
          case HELD_BY -> "the " + thing(from) + " is held by " + to.label();
          case NEEDS -> "the " + thing(from) + " needs the " + thing(to);
        };
    (e.certain() ? certain : inferred).add(verb + ": " + e.because());
  }

  private String thing(Node node) {
    return switch (node.nodeKind()) {
      case TASK -> node.label();
      case SERVICE -> node.label();
      case RESOURCE -> knowledge.shown(node.kind()) + (node.instance().isEmpty() ? "" : " of " + node.instance());
    };
  }

  static TaskRef ref(Node node) {
    return node.tasks().isEmpty() ? new TaskRef(node.label(), -1) : ref(node.tasks().get(0));
  }

  static TaskRef ref(TaskSnapshot task) {
    return new TaskRef(PartyNames.comm(task), task.pid());
  }

  private static List<Evidence> concat(List<Evidence> a, List<Evidence> b) {
    List<Evidence> both = new ArrayList<>(a);
    both.addAll(b);
    return both;
  }
}
