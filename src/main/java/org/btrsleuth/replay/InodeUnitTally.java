package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.replay.ReplayReport.UnitVictim;
import org.btrsleuth.source.Evidence;

/** What the completions of one file system add up to. */
final class InodeUnitTally {
  private static final int MAX_VICTIMS = 64;

  private final long[] seen = new long[InodeUnitSeen.values().length];
  private final long[] seenBytes = new long[InodeUnitSeen.values().length];
  long inodesTook;
  long directUpdates;
  private long failuresInDoubt;

  long peakShortage;
  Evidence peakShortageAt;
  private final List<UnitVictim> victims = new ArrayList<>();

  InodeUnitEvent firstFailure;
  private InodeUnitEvent firstFailureBefore;
  private InodeUnitEvent firstFailureAfter;

  /** What-if of the per-inode era: the same reserve without the inode's unit. */
  final InodeUnitCounts withoutUnit = new InodeUnitCounts();

  void count(InodeUnitSeen how, long unit, InodeUnitInode inode) {
    seen[how.ordinal()]++;
    seenBytes[how.ordinal()] += how.updatesNode() ? unit : 0;
    if (how == InodeUnitSeen.FAILED) {
      failuresInDoubt++;
    }
    boolean took = how.takes() || how == InodeUnitSeen.FAILED;
    if (took && inode != null && !inode.took) {
      inode.took = true;
      inodesTook++;
    }
  }

  long of(InodeUnitSeen how) {
    return seen[how.ordinal()];
  }

  /** A handle was started or a node made dirty: no transaction was aborted, so failed updates were done directly. */
  void transactionsGoOn() {
    directUpdates += failuresInDoubt;
    failuresInDoubt = 0;
  }

  /** Counts as the observed kernel's rules name them. */
  InodeUnitCounts observed(UnitRules rules, long unit) {
    InodeUnitCounts counts = new InodeUnitCounts();
    for (InodeUnitSeen how : InodeUnitSeen.values()) {
      InodeUnitOutcome outcome = how.under(rules);
      for (long n = seen[how.ordinal()]; n > 0; n--) {
        counts.count(outcome, unit);
      }
    }
    counts.directUpdate = counts.failed > 0 ? directUpdates : 0;
    return counts;
  }

  /** Called when a completion gives its reservation back: who else relies on what is missing? */
  void shortage(long shortage, long unit, InodeUnitFlow flow, InodeUnitTask task, InodeUnitInode taker, long nanos) {
    if (unit == 0 || shortage < peakShortage + unit) {
      return;
    }
    peakShortage = shortage;
    peakShortageAt = task.updatedEvidence;
    flow.inodes.forEach(
        inode -> {
          if (inode != taker && inode.balance > 0) {
            inode.victimPromised = inode.balance;
            inode.victimShortage = shortage;
            inode.victimNanos = nanos;
            remember(inode);
          }
        });
  }

  private void remember(InodeUnitInode inode) {
    victims.removeIf(v -> v.ino() == inode.ino);
    if (victims.size() < MAX_VICTIMS) {
      victims.add(new UnitVictim(inode.ino, inode.victimPromised, inode.victimShortage, inode.victimNanos));
    }
  }

  List<UnitVictim> victims() {
    List<UnitVictim> sorted = new ArrayList<>(victims);
    sorted.sort(
        Comparator.comparingLong(UnitVictim::shortage)
            .thenComparingLong(UnitVictim::promised)
            .reversed()
            .thenComparingLong(UnitVictim::ino));
    return sorted;
  }

  void otherwiseFailed(InodeUnitHypothesis hypothesis, InodeUnitInode inode, InodeUnitTask task, long nanos) {
    boolean before = hypothesis.observed == UnitRules.BEFORE_FIX;
    if ((before ? firstFailureBefore : firstFailureAfter) != null) {
      return;
    }
    InodeUnitEvent event =
        new InodeUnitEvent(
            InodeUnitOutcome.FAILED.key,
            inode.rootOrUnknown(),
            inode.ino,
            0,
            taskName(task),
            nanos,
            task.updatedEvidence);
    if (before) {
      firstFailureBefore = event;
    } else {
      firstFailureAfter = event;
    }
  }

  /** First completion that would have failed under the other rules, null if none. */
  InodeUnitEvent firstFailureOtherwise(UnitRules observed) {
    return observed == UnitRules.BEFORE_FIX ? firstFailureBefore : firstFailureAfter;
  }

  /** The same completion if the inode's own reserve held no unit for it: could its extents have paid? */
  InodeUnitOutcome perInode(InodeUnitSeen how, InodeUnitInode inode, long balance, long unit, long treeBlocks) {
    if (!how.updatesNode()) {
      withoutUnit.count(how.under(UnitRules.PER_INODE), unit);
      return how.under(UnitRules.PER_INODE);
    }
    boolean extentsPay = balance - inode.consumed - treeBlocks - unit >= unit;
    InodeUnitOutcome outcome =
        extentsPay
            ? InodeUnitOutcome.WITHOUT_ENTITLEMENT
            : inode.reserveKnown ? InodeUnitOutcome.FAILED : InodeUnitOutcome.UNDECIDED;
    withoutUnit.count(outcome, unit);
    if (outcome == InodeUnitOutcome.FAILED) {
      withoutUnit.directUpdate++;
    }
    return outcome;
  }

  static String taskName(InodeUnitTask task) {
    String name = task.name.isEmpty() ? "task" : task.name;
    return task.pid < 0 ? name : name + " (" + task.pid + ")";
  }
}
