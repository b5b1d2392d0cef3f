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
import org.btrsleuth.waitgraph.HangGraph;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.PartyNames;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Spells out the cycle of a knot: as steps, as sentences, and as what is certain and what inferred. */
final class CycleText {
  private final HangGraph hang;
  private final WaitGraph graph;
  private final Knowledge knowledge;
  private final List<Edge> cycle;
  private final List<CycleStep> steps = new ArrayList<>();
  private final List<String> sentences = new ArrayList<>();
  private final List<String> certain = new ArrayList<>();
  private final List<String> inferred = new ArrayList<>();
  private final Set<Evidence> evidence = new LinkedHashSet<>();

  CycleText(HangGraph hang, Knot knot, Knowledge knowledge) {
    this.hang = hang;
    this.graph = hang.graph();
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
    // That a task holds a lock of the kind is one thing, that it is the one waited for another: see same().
    Claim hold = into.kind() == EdgeKind.HELD_BY ? claim(task, held.kind()) : null;
    boolean proven = into.certain() || hold != null && hold.proven() && hold.weight() == 1;
    String holds = hold == null ? into.because() : hold.because();
    steps.add(
        new CycleStep(
            ref(task),
            new ResourceRef(held.kind(), held.instance(), proven, holds),
            new ResourceRef(wanted.kind(), wanted.instance(), out.certain(), out.because() + same(i)),
            at));
    String name = task.label();
    String verb = into.kind() == EdgeKind.HELD_BY ? " holds the " : " must end the ";
    sentences.add(name + verb + thing(held) + ": " + holds + ".");
    sentences.add(name + " waits for the " + thing(wanted) + ": " + out.because() + same(i) + ".");
  }

  /** Why the resource that the task at {@code i} waits for is the one that the next task holds. */
  private String same(int i) {
    Edge next = cycle.get((i + 1) % cycle.size());
    Node holder = graph.nodes().get(next.to());
    if (next.kind() != EdgeKind.HELD_BY || holder.nodeKind() != NodeKind.TASK) {
      return "";
    }
    Claim hold = claim(holder, graph.nodes().get(next.from()).kind());
    String because = next.because();
    if (hold != null && because.startsWith(hold.because())) {
      because = because.substring(hold.because().length()).replaceFirst("^; ", "");
    }
    return because.isEmpty()
        ? ""
        : "; that it is the one " + holder.label() + " holds is " + (next.certain() ? "certain: " : "inferred: ") + because;
  }

  private Claim claim(Node task, String kind) {
    return task.id() < hang.parties().size() ? hang.parties().get(task.id()).hold(kind) : null;
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
