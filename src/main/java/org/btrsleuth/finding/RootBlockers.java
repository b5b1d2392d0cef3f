package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Service;
import org.btrsleuth.waitgraph.HangGraph;
import org.btrsleuth.waitgraph.Party;
import org.btrsleuth.waitgraph.PartyNames;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/**
 * Where chains of waits end, with the groups put together that end at the same place for all that can be told: behind a
 * lock of which any of several tasks may be the holder, all of which wait for the same thing; behind a worker of a
 * queue whose other items wait for it; behind several nodes that stand for the same resource.
 */
final class RootBlockers {
  /**
   * @param node where the chains end
   * @param behind ids of the parties behind it, ascending
   * @param joined why some of them are counted here although no edge leads there: inferred, in words
   */
  record Root(int node, List<Integer> behind, List<String> joined) {}

  private final Knowledge knowledge;
  private final HangGraph hang;
  private final WaitGraph graph;
  private final Map<Integer, Set<Integer>> behind = new LinkedHashMap<>();
  private final Map<Integer, List<String>> joined = new HashMap<>();

  /** @param graph without guesses */
  RootBlockers(Knowledge knowledge, HangGraph hang, WaitGraph graph) {
    this.knowledge = knowledge;
    this.hang = hang;
    this.graph = graph;
    graph.forest().behind().forEach((node, parties) -> behind.put(node, new TreeSet<>(parties)));
  }

  /** The one with most tasks behind it first. */
  List<Root> all() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int node : List.copyOf(behind.keySet())) {
        changed |= behind.containsKey(node) && follow(node);
      }
    }
    alike();
    return behind.entrySet().stream()
        .map(e -> new Root(e.getKey(), List.copyOf(e.getValue()), joined.getOrDefault(e.getKey(), List.of())))
        .sorted(Comparator.comparingLong(r -> -tasks(r.behind())))
        .toList();
  }

  private long tasks(Iterable<Integer> parties) {
    long tasks = 0;
    for (int party : parties) {
      tasks += graph.weight(party);
    }
    return tasks;
  }

  /** Adds the parties behind {@code node} to the root that all parties which may serve it stand behind, if there is one. */
  private boolean follow(int node) {
    if (graph.knots().stream().anyMatch(k -> k.nodes().contains(node))) {
      return false;
    }
    Node root = graph.nodes().get(node);
    Set<Integer> serving = root.nodeKind() == NodeKind.SERVICE ? sameQueue(root) : holders(node);
    if (serving.isEmpty()) {
      return false;
    }
    for (int other : behind.keySet()) {
      if (other != node && graph.nodes().get(other).nodeKind() == NodeKind.RESOURCE && behind.get(other).containsAll(serving)) {
        int most = 3;
        String names =
            serving.stream().limit(most).map(i -> PartyNames.of(hang.parties().get(i))).collect(Collectors.joining(", "))
                + (serving.size() > most ? " and " + (serving.size() - most) + " more" : "");
        String why =
            root.nodeKind() == NodeKind.SERVICE
                ? "the " + root.label() + " is not in the capture, but other items of its work queue occupy workers (" + names
                    + "), and what they wait for ends at the same place"
                : "which of several tasks holds the " + root.label() + " is not clear (" + names
                    + "), but all of them wait for what ends at the same place";
        behind.get(other).addAll(behind.remove(node));
        List<String> reasons = joined.computeIfAbsent(other, k -> new ArrayList<>());
        reasons.add(why);
        reasons.addAll(joined.getOrDefault(node, List.of()));
        return true;
      }
    }
    return false;
  }

  /** Possible holders of a resource none of which is likely enough to follow; empty if it has none or none that waits. */
  private Set<Integer> holders(int node) {
    Set<Integer> holders = new TreeSet<>();
    for (Edge e : hang.graph().edges()) {
      if (e.from() == node && e.kind() == EdgeKind.HELD_BY) {
        holders.add(e.to());
      }
    }
    // One that waits for the same kind itself says nothing of where the chain goes on.
    return holders.stream().anyMatch(behind.get(node)::contains) ? Set.of() : holders;
  }

  /** Parties that work on other items of the queue of a service that nobody in the dump is. */
  private Set<Integer> sameQueue(Node root) {
    Service service = knowledge.services().get(root.kind());
    Set<Integer> workers = new TreeSet<>();
    if (service == null || service.queue().isEmpty()) {
      return workers;
    }
    for (Party party : hang.parties()) {
      boolean same =
          party.services().stream()
              .map(knowledge.services()::get)
              .anyMatch(s -> s != null && s.queue().equals(service.queue()));
      if (same && !behind.get(root.id()).contains(party.id())) {
        workers.add(party.id());
      }
    }
    return workers;
  }

  /** Several nodes stand for one kind of resource where frames do not tell, say, which file system is meant. */
  private void alike() {
    Map<String, Integer> first = new HashMap<>();
    Set<Integer> knotted = new HashSet<>();
    graph.knots().forEach(k -> knotted.addAll(k.nodes()));
    for (int node : List.copyOf(behind.keySet())) {
      Node root = graph.nodes().get(node);
      if (root.nodeKind() != NodeKind.RESOURCE || knotted.contains(node) || !holders(node).isEmpty()) {
        continue;
      }
      Integer same = first.putIfAbsent(root.label(), node);
      if (same != null) {
        behind.get(same).addAll(behind.remove(node));
        List<String> reasons = joined.computeIfAbsent(same, k -> new ArrayList<>());
        String why = "stacks do not tell whether all of them wait for the same " + root.label();
        if (!reasons.contains(why)) {
          reasons.add(why);
        }
      }
    }
  }
}
