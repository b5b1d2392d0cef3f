package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeShare;
import org.btrsleuth.replay.ReplayReport.UnitRules;

/** What one inode got, as recorded and under other rules; the latter for both assumptions about the kernel's own rules. */
final class InodeUnitDifference {
  /** Under the assumption that the kernel follows one set of rules. */
  private static final class Side {
    private final long[] outcomes = new long[InodeUnitOutcome.values().length];
    private long unitsMore;
    private long firstAt = -1;
    private long differing;
  }

  private final InodeUnitInode inode;
  private final long[] seen = new long[InodeUnitSeen.values().length];
  private final Side before = new Side();
  private final Side after = new Side();
  private final Side withoutUnit = new Side();
  private long reserved;
  private long completions;

  InodeUnitDifference(InodeUnitInode inode) {
    this.inode = inode;
  }

  void reserved(long bytes, int unitsMoreBefore, int unitsMoreAfter) {
    reserved += bytes;
    before.unitsMore += unitsMoreBefore;
    after.unitsMore += unitsMoreAfter;
  }

  void completed(InodeUnitSeen how) {
    completions++;
    seen[how.ordinal()]++;
  }

  /** True for the first completion of the inode that goes another way under the other rules. */
  void otherwise(UnitRules observed, InodeUnitSeen how, InodeUnitOutcome outcome, long nanos) {
    Side side = side(observed);
    side.outcomes[outcome.ordinal()]++;
    if (outcome != how.under(observed)) {
      side.differing++;
      if (side.firstAt < 0) {
        side.firstAt = nanos;
      }
    }
  }

  private Side side(UnitRules observed) {
    return switch (observed) {
      case BEFORE_FIX -> before;
      case AFTER_FIX -> after;
      default -> withoutUnit;
    };
  }

  InodeDifference report(UnitRules observed, long unit) {
    Side side = side(observed);
    long[] recorded = new long[side.outcomes.length];
    for (InodeUnitSeen how : InodeUnitSeen.values()) {
      recorded[how.under(observed).ordinal()] += seen[how.ordinal()];
    }
    boolean known = observed != UnitRules.PER_INODE;
    return new InodeDifference(
        inode.rootOrUnknown(),
        inode.ino,
        completions,
        side.differing,
        side.firstAt,
        share(known ? reserved : -1, recorded),
        share(known ? reserved + side.unitsMore * unit : -1, side.outcomes));
  }

  private static InodeShare share(long reserved, long[] outcomes) {
    return new InodeShare(
        reserved,
        outcomes[InodeUnitOutcome.HANDED_OVER.ordinal()],
        outcomes[InodeUnitOutcome.ON_DEMAND.ordinal()],
        outcomes[InodeUnitOutcome.WITHOUT_ENTITLEMENT.ordinal()]
            + outcomes[InodeUnitOutcome.STOLEN_FROM_DELALLOC.ordinal()]
            + outcomes[InodeUnitOutcome.STOLEN_FROM_GLOBAL.ordinal()],
        outcomes[InodeUnitOutcome.FAILED.ordinal()]);
  }
}
