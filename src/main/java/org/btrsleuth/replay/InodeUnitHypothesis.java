package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.replay.InodeUnitMachine.OnDemand;
import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * The assumption that the observed kernel follows one of the two sets of rules with a single bucket. Under it the
 * recorded amounts become canonical ones (without inode units), over which both machines run: the one that should do what
 * was observed, and the other one that tells what would have happened. Both assumptions are followed through the capture;
 * which one holds is decided at its end.
 */
final class InodeUnitHypothesis {
  private static final int MAX_WAITING = 4096;

  final UnitRules observed;
  final InodeUnitMachine same;
  final InodeUnitMachine other;
  final InodeUnitCounts otherCounts = new InodeUnitCounts();
  final SeriesRecorder otherReserved;

  /** Completions for which the machine of the observed rules said what the events show, and something else. */
  long agreed;
  long disagreed;
  /** Completions not marked in the log, or whose inode had reservations from before the log, or shares its number with another. */
  long untold;

  private final boolean includesUnit;
  private long unit;
  private long unitsBeforeKnown;
  /** Inodes that are dirty under the other rules only, until the next commit. */
  private final List<InodeUnitInode> dirtyUnderOther = new ArrayList<>();

  /** @param asked rules to replay under, null for those of the other side of the fix */
  InodeUnitHypothesis(UnitRules observed, int firstSlot, WhatIfRules asked) {
    this.observed = observed;
    includesUnit = observed == UnitRules.AFTER_FIX;
    same =
        includesUnit
            ? new InodeUnitAfterFix(firstSlot, InodeUnitAfterFix.Variant.V3_4)
            : new InodeUnitBeforeFix(firstSlot);
    other = WhatIfRules.machine(asked, observed, firstSlot + 1);
    otherReserved =
        new SeriesRecorder(
            "what-if",
            switch (other.rules()) {
              case BEFORE_FIX -> "delalloc reserve without the fix";
              case PER_INODE -> "sum of the inodes' own reserves";
              default -> "delalloc reserve with the fix";
            },
            "bytes");
  }

  UnitRules otherRules() {
    return other.rules();
  }

  void setUnit(long bytes) {
    if (unit == 0 && unitsBeforeKnown > 0) {
      // Until the first unit is spent the two buckets differ by the units that are held, and by nothing else.
      if (includesUnit != (other.rules() != UnitRules.BEFORE_FIX)) {
        other.bucket.add((includesUnit ? -bytes : bytes) * unitsBeforeKnown);
      }
    }
    unit = bytes;
    same.setUnit(bytes);
    other.setUnit(bytes);
  }

  /** The first unit was seen: amounts that were reserved for {@code inode} before may have contained one. */
  void unitKnown(InodeUnitInode inode, long bytes) {
    if (includesUnit && same.holdsUnit(inode)) {
      other.takeOutUnit(inode, bytes);
    }
  }

  /** The machine with the fix under this assumption holds a unit for the inode. */
  boolean unitHeld(InodeUnitInode inode) {
    return (includesUnit ? same : other).holdsUnit(inode);
  }

  /** Returns how many units more than recorded the other rules reserve: -1, 0 or 1. */
  int reserve(InodeUnitInode inode, long bytes) {
    boolean newUnit = !unitHeld(inode);
    if (unit == 0 && newUnit) {
      unitsBeforeKnown++;
    }
    boolean without = includesUnit && newUnit && inode.reservedWithoutUnit;
    boolean contained = includesUnit && newUnit && bytes >= unit && !without;
    long base = contained ? bytes - unit : bytes;
    if (without) {
      same.reserveExtent(inode, base);
    } else {
      same.reserve(inode, base);
    }
    boolean added = other.reserve(inode, base);
    return (added ? 1 : 0) - (contained ? 1 : 0);
  }

  void release(InodeUnitInode inode, long bytes, boolean last) {
    boolean withUnit = last && unitHeld(inode);
    if (unit == 0 && withUnit && unitsBeforeKnown > 0) {
      unitsBeforeKnown--;
    }
    long base = includesUnit && withUnit && bytes >= unit ? bytes - unit : bytes;
    same.release(inode, base, last);
    other.release(inode, base, last);
  }

  void treeBlock(InodeUnitInode inode, long bytes) {
    same.treeBlock(inode, bytes);
    other.treeBlock(inode, bytes);
  }

  void updateElsewhere(InodeUnitInode inode) {
    same.updateElsewhere(inode);
    other.updateElsewhere(inode);
  }

  void clean(InodeUnitInode inode) {
    same.clean(inode);
    other.clean(inode);
  }

  void commit() {
    for (InodeUnitInode inode : dirtyUnderOther) {
      if (!same.dirty(inode)) {
        other.clean(inode);
      }
    }
    dirtyUnderOther.clear();
  }

  void lose() {
    same.lose();
    other.lose();
  }

  void full() {
    same.bucket.full();
  }

  /**
   * A completion as the events show it; returns what it would have been under the other rules.
   *
   * @param exact the log marks the end of completions, so that their order is known
   */
  InodeUnitOutcome completion(InodeUnitInode inode, InodeUnitSeen seen, boolean exact, long nanos) {
    InodeUnitOutcome shown = seen.under(observed);
    if (seen == InodeUnitSeen.NO_UPDATE || seen == InodeUnitSeen.UNDECIDED) {
      otherCounts.count(shown, unit);
      return shown;
    }
    alignNode(inode, seen);
    OnDemand onDemand =
        switch (seen) {
          case ON_DEMAND -> OnDemand.GRANTED;
          case STOLEN, STOLEN_THOUGH_SHORT -> OnDemand.REFUSED;
          case TAKEN, TAKEN_THOUGH_SHORT, FAILED -> includesUnit ? OnDemand.REFUSED : OnDemand.UNKNOWN;
          default -> OnDemand.UNKNOWN;
        };
    InodeUnitOutcome predicted = same.update(inode, onDemand);
    if (seen != InodeUnitSeen.DIRTY) {
      if (!exact || !inode.delallocKnown || inode.severalRoots) {
        untold++;
      } else if (predicted == shown) {
        agreed++;
      } else {
        disagreed++;
      }
    }
    InodeUnitOutcome otherwise = other.update(inode, onDemand);
    otherCounts.count(otherwise, unit);
    if (other.dirty(inode) && !same.dirty(inode) && dirtyUnderOther.size() < MAX_WAITING) {
      dirtyUnderOther.add(inode);
    }
    otherReserved.add(nanos, other.bucket.greatest());
    return otherwise;
  }

  /** The events are right about the node: a start in the middle and lines out of order must not confuse the machines. */
  private void alignNode(InodeUnitInode inode, InodeUnitSeen seen) {
    if (seen == InodeUnitSeen.DIRTY && !same.dirty(inode)) {
      updateElsewhere(inode);
    } else if (seen != InodeUnitSeen.DIRTY && same.dirty(inode)) {
      clean(inode);
    }
  }
}
