package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * Compares, inode by inode and over time, what was recorded with what other rules would have done. Kept only when it was
 * asked for. Holds a bounded number of inodes; the totals count all.
 */
final class InodeUnitDifferences {
  private static final int MAX_INODES = 4096;

  final WhatIfRules asked;
  private final LongMap<InodeUnitDifference> rows = new LongMap<>();
  private long left;
  private final Curve[] curves = {
    new Curve(UnitRules.BEFORE_FIX), new Curve(UnitRules.AFTER_FIX), new Curve(UnitRules.PER_INODE)
  };

  /** Units that nobody had reserved for the completion, added up over time. */
  private static final class Curve {
    private final UnitRules observed;
    private final SeriesRecorder recorded = new SeriesRecorder("what-if-units", "as recorded", "count");
    private final SeriesRecorder otherwise = new SeriesRecorder("what-if-units", "under the other rules", "count");
    private long recordedUnits;
    private long otherUnits;
    private InodeUnitEvent first;

    Curve(UnitRules observed) {
      this.observed = observed;
    }
  }

  InodeUnitDifferences(WhatIfRules asked) {
    this.asked = asked;
  }

  /** The row of an inode that is seen for the first time, or again; null when there are too many. */
  InodeUnitDifference row(InodeUnitInode inode) {
    InodeUnitDifference row = rows.get(inode.ino);
    if (row == null) {
      if (rows.size() >= MAX_INODES) {
        left++;
        return null;
      }
      row = new InodeUnitDifference(inode);
      rows.put(inode.ino, row);
    }
    return row;
  }

  void otherwise(
      UnitRules observed, InodeUnitTask task, InodeUnitInode inode, InodeUnitSeen how, InodeUnitOutcome outcome,
      long nanos, long unit) {
    if (inode.difference != null) {
      inode.difference.otherwise(observed, how, outcome, nanos);
    }
    Curve curve = curves[observed == UnitRules.BEFORE_FIX ? 0 : observed == UnitRules.AFTER_FIX ? 1 : 2];
    InodeUnitOutcome recorded = how.under(observed);
    curve.recordedUnits += unreserved(recorded) ? 1 : 0;
    curve.otherUnits += unreserved(outcome) ? 1 : 0;
    curve.recorded.add(nanos, curve.recordedUnits);
    curve.otherwise.add(nanos, curve.otherUnits);
    if (curve.first == null && outcome != recorded && task.updatedEvidence != null) {
      curve.first =
          new InodeUnitEvent(
              outcome.key, inode.rootOrUnknown(), inode.ino, unit, InodeUnitTally.taskName(task), nanos,
              task.updatedEvidence);
    }
  }

  private static boolean unreserved(InodeUnitOutcome outcome) {
    return switch (outcome) {
      case WITHOUT_ENTITLEMENT, STOLEN_FROM_DELALLOC, STOLEN_FROM_GLOBAL, FAILED -> true;
      default -> false;
    };
  }

  /** Inodes that fare differently, most completions first. */
  List<InodeDifference> inodes(UnitRules observed, long unit) {
    List<InodeDifference> all = new ArrayList<>();
    rows.forEach(
        row -> {
          InodeDifference difference = row.report(observed, unit);
          if (difference.differing() > 0 || difference.recorded().reserved() != difference.otherwise().reserved()) {
            all.add(difference);
          }
        });
    all.sort(
        Comparator.comparingLong(InodeDifference::differing)
            .thenComparingLong(InodeDifference::completions)
            .reversed()
            .thenComparingLong(InodeDifference::ino));
    return all;
  }

  /** Inodes that came after the table was full. */
  long left() {
    return left;
  }

  /** First completion that goes another way, named by what it would have been; null if none. */
  InodeUnitEvent first(UnitRules observed) {
    return curve(observed).first;
  }

  List<Series> series(UnitRules observed) {
    Curve curve = curve(observed);
    return curve.recorded.isEmpty()
        ? List.of()
        : List.of(curve.recorded.finish(List.of()), curve.otherwise.finish(List.of()));
  }

  private Curve curve(UnitRules observed) {
    for (Curve curve : curves) {
      if (curve.observed == observed) {
        return curve;
      }
    }
    return curves[2];
  }
}
