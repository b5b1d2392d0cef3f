package org.btrsleuth.finding;

import java.util.List;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.TaskRef;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.LockNames;
import org.btrsleuth.waitgraph.LockOrder;

/** Spells out the circle of locks that a lockdep report found. */
final class LockOrderText {
  private LockOrderText() {}

  /** Adds the first circle among {@code incident}'s reports that {@code bug} speaks of; any if it is null. */
  static void add(FindingBuilder finding, Incident incident, Knowledge knowledge, Bug bug) {
    for (LockOrder order : LockOrder.of(incident.records(), knowledge)) {
      if (bug == null || bug.lockOrders().isEmpty() || about(order, bug)) {
        order.steps().forEach(step -> add(finding, step, knowledge));
        return;
      }
    }
  }

  private static boolean about(LockOrder order, Bug bug) {
    return order.steps().stream()
        .map(step -> LockNames.plain(step.wanted()))
        .anyMatch(lock -> bug.lockOrders().stream().flatMap(List::stream).anyMatch(l -> LockNames.matches(l, lock)));
  }

  private static void add(FindingBuilder finding, LockOrder.Step step, Knowledge knowledge) {
    String held = LockNames.plain(step.held());
    String wanted = LockNames.plain(step.wanted());
    String because = "lockdep saw it take " + wanted + " while it held " + held;
    finding.cycle.add(
        new CycleStep(
            new TaskRef(step.who(), step.pid()),
            new ResourceRef(step.heldKind(), instance(held, step.heldKind()), true, because),
            new ResourceRef(step.wantedKind(), instance(wanted, step.wantedKind()), true, because),
            List.of(step.heldAt(), step.wantedAt())));
    String who = step.pid() < 0 ? "A " + step.who() : step.who() + " (" + step.pid() + ")";
    finding.explanation.add(
        who + " took " + name(wanted, step.wantedKind(), knowledge) + " while it held "
            + name(held, step.heldKind(), knowledge) + ".");
    finding.evidence.add(step.heldAt());
    finding.evidence.add(step.wantedAt());
  }

  /** The class, unless it says no more than the kind. */
  static String instance(String lock, String kind) {
    return lock.contains(kind) ? "" : lock;
  }

  private static String name(String lock, String kind, Knowledge knowledge) {
    String shown = knowledge.shown(kind);
    return lock.contains(shown) ? lock : lock + " (" + shown + ")";
  }
}
