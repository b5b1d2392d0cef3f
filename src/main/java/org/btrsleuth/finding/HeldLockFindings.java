package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.finding.Finding.TaskRef;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.LockNames;
import org.btrsleuth.knowledge.ResourceKind;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.log.LogRecord.LocksHeld;
import org.btrsleuth.waitgraph.LockLists;

/** Who holds what, where a capture has lists of held locks and no stacks: facts, and what they leave open. */
final class HeldLockFindings {
  private static final int TASKS = 12;

  private HeldLockFindings() {}

  static Optional<Finding> of(LockLists lists, Knowledge knowledge) {
    List<LocksHeld> tasks = lists.lists().stream().filter(list -> !locks(list, knowledge).isEmpty()).toList();
    if (tasks.isEmpty()) {
      return Optional.empty();
    }
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = "locks-held";
    finding.severity = Severity.INFO;
    finding.confidence = Confidence.CERTAIN;
    int waiting = lists.waits().size();
    finding.title =
        (tasks.size() == 1 ? "1 task holds locks" : tasks.size() + " tasks hold locks")
            + (waiting == 0 ? "" : "; " + waiting + " of them wait" + (waiting == 1 ? "s" : "") + " for one that another has");
    finding.summary =
        "Lists of held locks name classes and addresses. They do not show pages, extent ranges, transactions or tickets, nor"
            + " why a holder does not go on: that takes stacks.";
    for (LockLists.Wait wait : lists.waits()) {
      String lock = LockNames.plain(wait.wanted().lockClass());
      String says =
          name(wait.waiter()) + " waits for " + lock + " in " + wait.wanted().function() + "; " + name(wait.holder())
              + " has it since " + wait.held().function() + " [both lists show " + wait.wanted().address() + "]";
      finding.certain.add(says);
      finding.explanation.add(says + ".");
      String kind = knowledge.kindOfLock(wait.wanted().lockClass());
      finding.victims.add(
          new Victim(
              new TaskRef(wait.waiter().comm(), wait.waiter().pid()), new ResourceRef(kind, LockOrderText.instance(lock, kind), true, says),
              wait.wanted().at()));
      finding.evidence.add(wait.wanted().at());
      finding.evidence.add(wait.held().at());
    }
    for (LocksHeld list : tasks.subList(0, Math.min(TASKS, tasks.size()))) {
      String held =
          locks(list, knowledge).stream()
              .map(l -> LockNames.plain(l.lockClass()) + (l.function().isEmpty() ? "" : " from " + l.function()))
              .collect(Collectors.joining(", "));
      finding.explanation.add(name(list) + " holds, or is about to take: " + held + ".");
      finding.evidence.add(list.at());
    }
    if (tasks.size() > TASKS) {
      finding.explanation.add("And " + (tasks.size() - TASKS) + " more tasks.");
    }
    finding.mechanism.add(waiting == 0 ? "lists" : "lists with waits");
    finding.numbers.put("tasksWithLocks", (long) tasks.size());
    finding.numbers.put("victims", (long) waiting);
    finding.nextSteps.add("Take the stacks, too: echo w > /proc/sysrq-trigger; dmesg");
    return Optional.of(finding.build());
  }

  /** Locks in the narrow sense: no marks of RCU, reclaim and work queues. */
  private static List<HeldLock> locks(LocksHeld list, Knowledge knowledge) {
    List<HeldLock> locks = new ArrayList<>();
    for (HeldLock lock : list.locks()) {
      ResourceKind kind = knowledge.kinds().get(knowledge.kindOfLock(lock.lockClass()));
      boolean mark = kind != null && (kind.trait() == ResourceKind.Trait.SINK || kind.name().equals("work_item"));
      if (!mark && !LockNames.plain(lock.lockClass()).equals("rcu_read_lock")) {
        locks.add(lock);
      }
    }
    return locks;
  }

  private static String name(LocksHeld list) {
    return list.comm() + " (" + list.pid() + ")";
  }
}
