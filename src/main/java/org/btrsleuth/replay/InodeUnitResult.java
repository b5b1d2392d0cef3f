package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.replay.ReplayReport.WhatIf;

/** Ends the inode unit replay: decides the rules and states what follows. */
final class InodeUnitResult {
  private static final int INODE_SERIES = 8;

  private final InodeUnitFlow flow;
  private final List<String> notes = new ArrayList<>();

  InodeUnitResult(InodeUnitFlow flow) {
    this.flow = flow;
  }

  InodeUnitReplay.Result build() {
    List<InodeUnitTask> tasks = new ArrayList<>();
    flow.tasks.forEach(tasks::add);
    tasks.sort(Comparator.comparingInt(t -> t.pid));
    for (InodeUnitTask task : tasks) {
      if (task.released != null) {
        flow.completions.settle(task);
      }
    }
    UnitRules rules = flow.judge.decide();
    if (rules == UnitRules.BEFORE_FIX) {
      tasks.forEach(this::unfinished);
    }
    InodeUnitCounts counts = flow.tally.observed(rules, flow.unit);
    List<InodeUnitEvent> events = flow.journal.report(rules);
    InodeUnitRules stated =
        new InodeUnitRules(
            rules,
            // How the calls of the probe script look is known from sources only: no kernel has printed them for us yet.
            flow.judge.certain() && !flow.fromCalls,
            flow.judge.because(),
            rules == UnitRules.PER_INODE ? 0 : flow.tally.inodesTook,
            flow.tally.peakShortage,
            flow.tally.peakShortageAt,
            rules == UnitRules.BEFORE_FIX ? flow.tally.victims() : List.of(),
            first(events, InodeUnitOutcome.FAILED),
            flow.fromCalls);
    explain(rules, counts);
    InodeUnits units = counts.report(stated, whatIf(rules, counts));
    WhatIf compared =
        flow.differences == null ? null : new InodeUnitWhatIf(flow.differences, rules, units, flow.unit).build();
    List<Series> series = series(rules);
    if (compared != null && compared.replayed()) {
      series.addAll(flow.differences.series(rules));
    }
    return new InodeUnitReplay.Result(
        units, events, flow.unit, checks(rules), series, List.copyOf(notes), compared);
  }

  private static InodeUnitEvent first(List<InodeUnitEvent> events, InodeUnitOutcome outcome) {
    return events.stream().filter(e -> e.outcome().equals(outcome.key)).findFirst().orElse(null);
  }

  /**
   * A worker that the log leaves inside a completion. Where the bucket cannot pay the unit and no inode that is being
   * written has a dirty node, the update must fail: nothing more is heard of a worker that died in BUG_ON.
   */
  private void unfinished(InodeUnitTask task) {
    if (!task.completer || task.handle || task.treeBlocks == 0 && task.updated == null) {
      return;
    }
    if (task.updated != null) {
      if (!task.updatedOnDemand) {
        flow.tally.count(InodeUnitSeen.TAKEN, flow.unit, task.updated);
        flow.journal.add(
            InodeUnitSeen.TAKEN, task.updated, flow.unit, InodeUnitTally.taskName(task), 0, task.updatedEvidence);
      }
      return;
    }
    List<InodeUnitInode> open = new ArrayList<>();
    flow.inodes.forEach(
        inode -> {
          if (inode.openOrdered > 0) {
            open.add(inode);
          }
        });
    if (open.isEmpty()) {
      return;
    }
    boolean allClean = open.stream().allMatch(inode -> inode.dirtyKnown && inode.dirtyNodes == 0);
    boolean short1 = flow.bucket.greatest() - task.treeBlocks * task.treeBlockBytes < flow.unit;
    InodeUnitInode inode = open.size() == 1 ? open.get(0) : null;
    if (allClean && short1) {
      flow.tally.count(InodeUnitSeen.FAILED, flow.unit, inode);
      flow.journal.add(
          InodeUnitSeen.FAILED, inode, flow.unit, InodeUnitTally.taskName(task), task.dangerNanos, task.dangerEvidence);
      notes.add(
          InodeUnitTally.taskName(task)
              + " never ends its last completion: the delalloc reserve holds less than a unit and the node is clean, so"
              + " the update fails, and the worker dies or the capture ends there.");
    } else {
      flow.tally.count(InodeUnitSeen.UNDECIDED, flow.unit, inode);
    }
  }

  private InodeUnits whatIf(UnitRules rules, InodeUnitCounts observed) {
    switch (rules) {
      case BEFORE_FIX, AFTER_FIX -> {
        boolean before = rules == UnitRules.BEFORE_FIX;
        InodeUnitHypothesis held = before ? flow.before : flow.after;
        InodeUnitCounts otherwise = held.otherCounts;
        InodeUnitOutcome cutOff =
            !before
                ? InodeUnitOutcome.UNDECIDED
                : held.otherRules() == UnitRules.PER_INODE ? InodeUnitOutcome.HANDED_OVER : InodeUnitOutcome.ON_DEMAND;
        for (long n = observed.completions - otherwise.completions; n > 0; n--) {
          // Completions that the end of the log cut off are not in the machines: with the fix they would have had their unit.
          otherwise.count(cutOff, flow.unit);
        }
        InodeUnitEvent failure = flow.tally.firstFailureOtherwise(rules);
        InodeUnitRules stated =
            new InodeUnitRules(
                held.otherRules(),
                false,
                List.of(because(held.otherRules())),
                0,
                0,
                null,
                List.of(),
                failure);
        return otherwise.report(stated, null);
      }
      case PER_INODE -> {
        return flow.tally.withoutUnit.report(
            new InodeUnitRules(
                UnitRules.BEFORE_FIX,
                false,
                List.of("the same per-inode reserve without the unit for the inode's update"),
                0,
                0,
                null,
                List.of(),
                null),
            null);
      }
      default -> {
        return null;
      }
    }
  }

  private static String because(UnitRules other) {
    return switch (other) {
      case BEFORE_FIX -> "the same completions without a unit reserved for the inode";
      case PER_INODE -> "the same completions, each inode with a reserve of its own that holds its unit";
      default -> "the same completions with a unit reserved for the inode at write time; a reservation on the spot is taken"
          + " to succeed";
    };
  }

  private List<Check> checks(UnitRules rules) {
    if (rules != UnitRules.BEFORE_FIX && rules != UnitRules.AFTER_FIX) {
      return List.of();
    }
    InodeUnitHypothesis held = rules == UnitRules.BEFORE_FIX ? flow.before : flow.after;
    if (held.agreed + held.disagreed + held.untold == 0) {
      return List.of();
    }
    return List.of(
        new Check(
            "inode_unit_rules",
            held.agreed + held.disagreed,
            held.disagreed,
            held.untold,
            null,
            "completions that needed a unit: what the rules " + rules + " predict against what the events show"));
  }

  private List<Series> series(UnitRules rules) {
    List<Series> series = new ArrayList<>();
    List<InodeUnitSeries> busiest = new ArrayList<>();
    flow.inodes.forEach(
        inode -> {
          if (inode.series != null && inode.series.completions > 0) {
            busiest.add(inode.series);
          }
        });
    busiest.sort(
        Comparator.comparingLong((InodeUnitSeries s) -> s.completions).reversed().thenComparingLong(s -> s.ino));
    for (InodeUnitSeries s : busiest.subList(0, Math.min(INODE_SERIES, busiest.size()))) {
      series.add(s.finish(rules));
    }
    if (rules == UnitRules.BEFORE_FIX || rules == UnitRules.AFTER_FIX) {
      if (!flow.reserved.isEmpty()) {
        series.add(flow.reserved.finish(List.of()));
      }
      InodeUnitHypothesis held = rules == UnitRules.BEFORE_FIX ? flow.before : flow.after;
      if (!held.otherReserved.isEmpty()) {
        series.add(held.otherReserved.finish(List.of()));
      }
    }
    return series;
  }

  private void explain(UnitRules rules, InodeUnitCounts counts) {
    if (counts.completions == 0) {
      return;
    }
    if (rules == UnitRules.UNKNOWN && flow.judge.taken > 0) {
      notes.add(
          flow.judge.taken
              + " completions took an inode unit without a visible reservation, but the capture does not tell by which"
              + " rules the kernel works: they are undecided.");
    }
    if (counts.undecided > 0 && !flow.fromCalls) {
      notes.add(
          counts.undecided
              + " completions are undecided: a preallocated extent whose completion may or may not have updated the inode,"
              + " or a delayed node whose state the events do not show at that moment.");
    }
    if (!flow.bucket.anchored() && !flow.fromCalls && rules != UnitRules.PER_INODE) {
      notes.add(
          "The log starts in the middle or has gaps: reservations made before are unknown, so the content of the delalloc"
              + " reserve is a lower bound.");
    }
    if (flow.unitChanged) {
      notes.add("Inode units of different sizes were printed: the figures in bytes use the last one.");
    }
  }
}
