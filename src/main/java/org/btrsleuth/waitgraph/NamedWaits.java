package org.btrsleuth.waitgraph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.log.LogRecord.LocksHeld;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;

/**
 * Draws waits whose holder the kernel itself names: the owner in hung-task reports (6.16 and newer), and lists of held
 * locks. The tasks that it names need not have a stack in the dump.
 */
final class NamedWaits {
  private final Knowledge knowledge;
  private final GraphDraft graph;
  /** Nodes of tasks with a stack come before this one. */
  private final int parties;
  private final Map<Integer, Integer> nodeOfPid = new HashMap<>();

  NamedWaits(List<Party> parties, Knowledge knowledge, GraphDraft graph) {
    this.knowledge = knowledge;
    this.graph = graph;
    this.parties = parties.size();
    for (Party party : parties) {
      for (TaskSnapshot task : party.tasks()) {
        if (task.pid() >= 0) {
          nodeOfPid.put(task.pid(), party.id());
        }
      }
    }
  }

  /** The resource that the owner holds. */
  int owned(Claim wait, KnownOwner owner) {
    String key = wait.kind() + "|owned by " + owner.ownerPid() + " " + owner.ownerComm() + "|" + owner.instance();
    Integer drawn = graph.drawn(key);
    if (drawn != null) {
      return drawn;
    }
    int id = graph.resource(key, wait.kind(), owner.instance().isEmpty() ? wait.instance() : owner.instance());
    int holder =
        nodeOfPid.computeIfAbsent(
            owner.ownerPid(),
            pid -> graph.task(owner.ownerComm() + " (" + pid + "), stack not captured", List.of()));
    graph.edge(id, holder, EdgeKind.HELD_BY, 1, true, owner.because(), owner.evidence());
    return id;
  }

  /** A wait that lists of held locks show of a task without a stack. */
  void listed(LockLists.Wait wait) {
    if (nodeOfPid.getOrDefault(wait.waiter().pid(), parties) < parties) {
      return; // its stack says what it waits for
    }
    String lockClass = wait.wanted().lockClass();
    String kind = knowledge.kindOfLock(lockClass);
    String key = kind + "|at " + wait.wanted().address();
    Integer resource = graph.drawn(key);
    if (resource == null) {
      resource = graph.resource(key, kind, lockClass);
      graph.edge(
          resource, task(wait.holder()), EdgeKind.HELD_BY, 1, true,
          wait.held().function() + ": its list of held locks has " + lockClass + " and others after it",
          List.of(wait.held().at()));
    }
    graph.edge(
        task(wait.waiter()), resource, EdgeKind.WAITS_FOR, 1, true,
        wait.wanted().function() + ": the last lock of its list is " + lockClass + ", which another task has",
        List.of(wait.wanted().at()));
  }

  private int task(LocksHeld list) {
    return nodeOfPid.computeIfAbsent(
        list.pid(),
        pid -> {
          TaskSnapshot task =
              new TaskSnapshot(
                  list.comm(), pid, TaskState.UNKNOWN, "", "", List.of(), TaskSnapshot.Origin.BARE, 0, -1, -1,
                  list.at(), list.at().line());
          return graph.task(task.name() + ", stack not captured", List.of(task));
        });
  }
}
