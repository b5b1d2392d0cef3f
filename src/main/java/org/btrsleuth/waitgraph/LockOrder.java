package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.LockNames;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.log.LogRecord.ChainLink;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.log.LogRecord.Lockdep;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * A circle of locks that lockdep reported: each path holds a lock and takes the next one. lockdep proves that the
 * kernel takes them in this order, not that tasks ever met in it.
 *
 * @param steps in waiting order: each wants what the next one holds, the last what the first one holds
 * @param happened true if one task takes a lock that it holds, which would have locked it out
 */
public record LockOrder(List<Step> steps, boolean happened, Evidence at) {
  public LockOrder {
    steps = List.copyOf(steps);
  }

  /**
   * A path through the kernel.
   *
   * @param who task of the report, or the function that took {@code wanted} when lockdep learned the order
   * @param pid -1 for a path that was learned earlier
   * @param task its stack, null if the report has none
   * @param held class of the lock that it holds, as printed
   * @param heldKind resource kind of that lock
   */
  public record Step(
      String who,
      int pid,
      TaskSnapshot task,
      String held,
      String heldKind,
      Evidence heldAt,
      String wanted,
      String wantedKind,
      Evidence wantedAt) {}

  /** The circles that the reports among {@code records} spell out, equal ones once, in the order of the log. */
  public static List<LockOrder> of(List<LogRecord> records, Knowledge knowledge) {
    List<LockOrder> orders = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    for (LogRecord record : records) {
      if (record instanceof Lockdep report) {
        List<Step> steps = steps(report, knowledge);
        if (!steps.isEmpty() && seen.add(steps.stream().map(s -> LockNames.plain(s.wanted())).toList())) {
          orders.add(new LockOrder(steps, steps.size() == 1, report.at()));
        }
      }
    }
    return orders;
  }

  private static List<Step> steps(Lockdep report, Knowledge knowledge) {
    if (report.kind().equals("recursive")) {
      return recursion(report, knowledge);
    }
    // Printed in reverse: the lock of link #k was taken under that of #k-1; #0 is what the reporting task does now,
    // while it holds the lock of the highest link.
    List<ChainLink> chain = new ArrayList<>(report.chain());
    if (!report.kind().equals("circular") || chain.size() < 2) {
      return List.of();
    }
    List<Step> steps = new ArrayList<>();
    int last = chain.size() - 1;
    ChainLink innermost = chain.get(0);
    ChainLink wanted = chain.get(last);
    String comm = report.comm().isEmpty() ? path(wanted) : report.comm();
    steps.add(
        step(comm, report.pid(), report.task() == null ? wanted.stack() : report.task(), innermost, wanted, knowledge));
    for (int i = last - 1; i >= 0; i--) {
      ChainLink taken = chain.get(i);
      steps.add(step(path(taken), -1, taken.stack(), chain.get(i + 1), taken, knowledge));
    }
    return steps;
  }

  private static Step step(
      String who, int pid, TaskSnapshot task, ChainLink held, ChainLink wanted, Knowledge knowledge) {
    return new Step(
        who, pid, task, held.lockClass(), knowledge.kindOfLock(held.lockClass()), held.at(), wanted.lockClass(),
        knowledge.kindOfLock(wanted.lockClass()), wanted.at());
  }

  private static List<Step> recursion(Lockdep report, Knowledge knowledge) {
    if (report.wanted() == null || report.held().isEmpty()) {
      return List.of();
    }
    String plain = LockNames.plain(report.wanted().lockClass());
    for (HeldLock held : report.held()) {
      if (LockNames.plain(held.lockClass()).equals(plain)) {
        String kind = knowledge.kindOfLock(held.lockClass());
        return List.of(
            new Step(
                report.comm(), report.pid(), report.task(), held.lockClass(), kind, held.at(),
                report.wanted().lockClass(), kind, report.wanted().at()));
      }
    }
    return List.of();
  }

  /** The innermost function of btrfs on a path, or the innermost that is not lockdep's or the lock's own. */
  private static String path(ChainLink link) {
    String fallback = "";
    List<String> functions =
        link.stack() == null ? List.of() : link.stack().frames().stream().map(f -> f.function()).toList();
    for (String function : functions) {
      if (function.contains("btrfs")) {
        return "path through " + function;
      }
      boolean lock = function.contains("lock") || function.contains("check_prev") || function.startsWith("down_");
      if (fallback.isEmpty() && !lock && !function.equals("validate_chain")) {
        fallback = "path through " + function;
      }
    }
    return fallback.isEmpty() ? "path that took " + LockNames.plain(link.lockClass()) : fallback;
  }
}
