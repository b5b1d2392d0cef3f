package org.btrsleuth.finding;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.ResourceKind;
import org.btrsleuth.knowledge.ResourceKind.Trait;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.HangGraph;
import org.btrsleuth.waitgraph.Party;
import org.btrsleuth.waitgraph.PartyNames;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Blocked tasks without a deadlock: where their chains of waits end, and what would have to be captured to go on. */
final class BlockedFindings {
  private static final int MOST = 4;

  private final Incident incident;
  private final Knowledge knowledge;
  private final HangGraph hang;
  private final List<BugRoles> bugs;
  /** The graph without guesses: of several possible holders none is followed. */
  private final WaitGraph graph;

  BlockedFindings(Incident incident, Knowledge knowledge, HangGraph hang, List<BugRoles> bugs) {
    this.incident = incident;
    this.knowledge = knowledge;
    this.hang = hang;
    this.bugs = bugs;
    this.graph = hang.graph().atLeast(HangAnalysis.POSSIBLE);
  }

  /** Findings about where the chains end, the one with most tasks behind it first. */
  List<Finding> all() {
    Map<String, Finding> found = new LinkedHashMap<>();
    new MissingHolder(knowledge, hang, bugs).find().ifPresent(f -> found.put(f.pattern(), f));
    for (RootBlockers.Root root : new RootBlockers(knowledge, hang, graph).all()) {
      if (found.size() == MOST) {
        break;
      }
      Finding finding = root(root);
      found.putIfAbsent(finding.pattern(), finding);
    }
    if (found.isEmpty() && hang.moved() > 0) {
      Finding finding = moved();
      found.put(finding.pattern(), finding);
    }
    return new ArrayList<>(found.values());
  }

  /** Tasks were seen waiting, but none of them still is where it was. */
  private Finding moved() {
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = "tasks-moved-on";
    finding.severity = Severity.INFO;
    finding.confidence = Confidence.CERTAIN;
    finding.title = "Nothing is stuck: all waiting tasks moved on between the dumps";
    finding.summary =
        hang.moved() + " tasks wait in one dump and wait elsewhere, or not at all, in a later one. That is work, perhaps slow"
            + " work, but no hang.";
    finding.numbers.put("moved", (long) hang.moved());
    return finding.build();
  }

  private Finding root(RootBlockers.Root blocker) {
    int id = blocker.node();
    List<Integer> behind = blocker.behind();
    Node root = graph.nodes().get(id);
    Knot stall = graph.knots().stream().filter(k -> k.nodes().contains(id)).findFirst().orElse(null);
    FindingBuilder finding = new FindingBuilder();
    long tasks = behind.stream().mapToLong(graph::weight).sum();
    boolean lasting = behind.stream().anyMatch(i -> i < hang.parties().size() && hang.parties().get(i).lasting());
    finding.severity = lasting ? Severity.WARNING : Severity.INFO;
    finding.numbers.put("victims", tasks);
    String count = tasks == 1 ? "1 task waits" : tasks + " tasks wait";
    name(finding, root, behind, stall, count);
    List<Edge> chain = longest(id, behind);
    for (Edge e : chain) {
      Node from = graph.nodes().get(e.from());
      Node to = graph.nodes().get(e.to());
      String verb =
          switch (e.kind()) {
            case WAITS_FOR -> from.label() + " waits for the " + to.label();
            case HELD_BY -> "The " + from.label() + " is held by " + to.label();
            case NEEDS -> "The " + from.label() + " needs the " + to.label();
          };
      finding.explanation.add(verb + ": " + e.because() + ".");
      (e.certain() ? finding.certain : finding.inferred).add(verb + ": " + e.because());
      finding.evidence.addAll(e.evidence());
    }
    if (hang.moved() > 0) {
      finding.certain.add(hang.moved() + " tasks moved on between the dumps: they are not stuck");
    }
    for (int node : behind) {
      if (node < hang.parties().size()) {
        Party party = hang.parties().get(node);
        for (TaskSnapshot task : party.tasks()) {
          finding.victims.add(DeadlockFindings.victim(party, task));
        }
      }
    }
    finding.inferred.addAll(blocker.joined());
    finding.mechanism.add(root.kind());
    return finding.build();
  }

  private void name(FindingBuilder finding, Node root, List<Integer> behind, Knot stall, String count) {
    String what = root.label();
    if (stall != null) {
      finding.pattern = "stall";
      finding.title = count + " in or behind a stall that may resolve";
      finding.summary =
          "Tasks wait for each other, but at least one of them can also be served by somebody else, so this may end by"
              + " itself. Two dumps 30 seconds apart tell.";
      finding.nextSteps.add("Take all blocked tasks twice, 30 seconds apart: echo w > /proc/sysrq-trigger");
      return;
    }
    switch (root.nodeKind()) {
      case RESOURCE -> {
        ResourceKind kind = knowledge.kinds().get(root.kind());
        if (kind != null && kind.trait() == Trait.SINK) {
          sink(finding, root, behind, count);
        } else if (root.kind().equals("fs_freeze")) {
          frozen(finding, root, behind, count);
        } else if (root.kind().equals("flush_step")) {
          finding.pattern = "blocked-behind-space-reclaim";
          finding.title = count + " for space that a reclaim worker is at work to free";
          finding.summary =
              "The chain of waits ends at the worker that frees space for the reservations, asleep in a flush step or between"
                  + " two of them (flush_space, fs/btrfs/space-info.c). It waits for no task of the capture: it is at work,"
                  + " fast or slow.";
          finding.nextSteps.add("See whether it gets on: cat /proc/PID/stack of the worker several times; btrfs filesystem usage");
        } else if (hang.graph().edges().stream().anyMatch(e -> e.from() == root.id())) {
          finding.pattern = "holder-not-clear";
          finding.title = count + " for: " + what + "; which of several tasks holds it is not clear";
          finding.summary =
              "The chain of waits comes to: " + what + ". Several tasks of the capture may hold it and wait for different"
                  + " things themselves, so where the chain goes on cannot be told from stacks.";
          finding.nextSteps.add(
              "A kernel with CONFIG_LOCKDEP lists the holders: echo d > /proc/sysrq-trigger; kernels 6.16 and newer name"
                  + " the likely owner in hung-task reports");
        } else {
          finding.pattern = "holder-not-captured";
          finding.title = count + " for: " + what + "; the holder is missing in this capture";
          finding.summary =
              "The chain of waits ends at: " + what + ". No task of the capture is seen to hold it or to work on it, so"
                  + " whether this is a deadlock cannot be told.";
          finding.nextSteps.add(
              "Capture all tasks, not only those the hung-task detector reported: echo w > /proc/sysrq-trigger and, for the"
                  + " running ones, echo t > /proc/sysrq-trigger; then dmesg");
        }
      }
      case SERVICE -> {
        finding.pattern = "service-not-captured";
        finding.title = count + " for the " + what + ", which is not in this capture";
        finding.summary =
            "The chain of waits ends at the " + what + ". It is not among the blocked tasks: it runs, sleeps for work, or"
                + " was not captured.";
        finding.nextSteps.add("Capture all tasks twice, 30 seconds apart: echo t > /proc/sysrq-trigger; dmesg");
      }
      case TASK -> {
        finding.pattern = "blocked-behind-running-task";
        finding.title = count + " for " + what + ", which is not known to wait for anything";
        finding.summary =
            "The chain of waits ends at a task that runs, or waits for something that no rule knows, or whose stack was"
                + " not captured.";
        finding.nextSteps.add("Take the stack of " + what + " several times: cat /proc/PID/stack");
      }
    }
  }

  private void frozen(FindingBuilder finding, Node root, List<Integer> behind, String count) {
    List<Party> waiters = behind.stream().filter(i -> waitsAt(i, root.kind())).map(hang.parties()::get).toList();
    List<Party> below = waiters.stream().filter(p -> p.is("loop_worker")).toList();
    finding.pattern = "blocked-behind-frozen-filesystem";
    finding.confidence = Confidence.LIKELY;
    if (!waiters.isEmpty() && below.size() == waiters.size()) {
      finding.title = count + " for the file system below a loop device, which is frozen";
      finding.summary =
          "The chain of waits ends at a frozen file system; nobody in the capture is seen to thaw it. The only one that"
              + " waits for the thaw itself is the worker of a loop device (" + PartyNames.of(below.get(0)) + "): frozen is"
              + " the file system that the backing file lies on, not the one on the loop device.";
      finding.nextSteps.add(
          "Find the backing file (losetup -l), look who froze its file system (fsfreeze, LVM snapshot, suspend of a device"
              + " below) and thaw it");
    } else {
      finding.title = count + " for a frozen file system";
      finding.summary = "The chain of waits ends at a frozen file system; nobody in the capture is seen to thaw it.";
      finding.nextSteps.add("Look who froze it (fsfreeze, LVM snapshot, suspend of a device below) and thaw it");
    }
  }

  private boolean waitsAt(int party, String kind) {
    return party < hang.parties().size()
        && hang.parties().get(party).waitsFor() != null
        && hang.parties().get(party).waitsFor().kind().equals(kind);
  }

  private void sink(FindingBuilder finding, Node root, List<Integer> behind, String count) {
    switch (root.kind()) {
      case "block_io" -> {
        finding.pattern = "blocked-behind-storage";
        finding.title = count + " for the storage below btrfs";
        boolean seen = behind.stream().anyMatch(i -> waitsAt(i, root.kind()));
        finding.summary =
            seen
                ? "The chain of waits ends at the block layer: no task waits for another one in a circle. Storage is slow,"
                    + " or it lost a request."
                : "What these tasks wait for ends with I/O, and no other task of the capture is in the way. No task is seen"
                    + " in the block layer itself, so besides slow storage a worker that was not captured may hold it up.";
        finding.confidence = seen ? Confidence.LIKELY : Confidence.POSSIBLE;
        if (!seen) {
          finding.nextSteps.add("Capture all tasks: echo t > /proc/sysrq-trigger; dmesg");
        }
        DeviceTrouble.tell(incident, finding);
        finding.nextSteps.add("Look at the device: iostat -x 1, SMART, kernel messages of its driver; at io.max of the cgroup of the waiting tasks");
      }
      case "dirty_throttle" -> {
        finding.pattern = "blocked-behind-dirty-throttle";
        finding.title = count + " for: " + root.label();
        finding.summary =
            "Writers are held back until writeback catches up (balance_dirty_pages); no task waits for another one in a circle."
                + " Writeback is slower than they are, or a memory cgroup has few pages.";
        finding.nextSteps.add(
            "Compare Dirty and Writeback of /proc/meminfo with vm.dirty_ratio or vm.dirty_bytes; look at memory.high and io.max"
                + " of the cgroup and at the device: iostat -x 1");
      }
      case "other_fs" -> {
        finding.pattern = "blocked-behind-other-filesystem";
        finding.title = count + " for another file system or subsystem";
        finding.summary = "The chain of waits ends outside of btrfs.";
        finding.confidence = Confidence.LIKELY;
      }
      default -> {
        finding.pattern = "blocked-behind-" + root.kind().replace('_', '-');
        finding.title = count + " for: " + root.label();
        finding.summary = "The chain of waits ends at: " + root.label() + ". No task waits for another one in a circle.";
      }
    }
  }

  /** The longest of the shortest chains that lead to the root. */
  private List<Edge> longest(int root, List<Integer> behind) {
    Map<Integer, List<Edge>> in = new HashMap<>();
    for (Edge e : graph.edges()) {
      in.computeIfAbsent(e.to(), k -> new ArrayList<>()).add(e);
    }
    Map<Integer, Edge> next = new HashMap<>();
    Deque<Integer> queue = new ArrayDeque<>(List.of(root));
    int far = root;
    while (!queue.isEmpty()) {
      int at = queue.remove();
      for (Edge e : in.getOrDefault(at, List.of())) {
        if (e.from() != root && !next.containsKey(e.from())) {
          next.put(e.from(), e);
          queue.add(e.from());
          far = graph.nodes().get(e.from()).nodeKind() == NodeKind.TASK ? e.from() : far;
        }
      }
    }
    List<Edge> chain = new ArrayList<>();
    for (int at = far; at != root && next.containsKey(at); at = next.get(at).to()) {
      chain.add(next.get(at));
    }
    return chain;
  }
}
