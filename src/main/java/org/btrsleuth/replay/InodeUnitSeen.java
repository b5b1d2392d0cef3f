package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.UnitRules;

/** What the events of one completion show, before it is known by which rules the kernel works. */
enum InodeUnitSeen {
  /** No line, and the delayed node was dirty. */
  DIRTY,
  /** The delayed inode reserve line, then a delalloc release beside the completion's own. */
  HANDED_OVER,
  /** A reservation of one unit, then the delayed inode reserve line. */
  ON_DEMAND,
  /** The delayed inode reserve line alone, the bucket had enough. */
  TAKEN,
  /** The delayed inode reserve line alone, the bucket was certainly short. */
  TAKEN_THOUGH_SHORT,
  /** A refused reservation of one unit, then the delayed inode reserve line alone, the bucket had enough. */
  STOLEN,
  /** The same, the bucket was certainly short. */
  STOLEN_THOUGH_SHORT,
  /** No line although the node was clean, and the bucket was certainly short. */
  FAILED,
  /** No line, and no update was due: preallocated extent inside the file. */
  NO_UPDATE,
  UNDECIDED;

  boolean updatesNode() {
    return this == HANDED_OVER || this == ON_DEMAND || takes();
  }

  /** The unit came out of what others had reserved, or of the inode's own reserve where that is how the kernel works. */
  boolean takes() {
    return switch (this) {
      case TAKEN, TAKEN_THOUGH_SHORT, STOLEN, STOLEN_THOUGH_SHORT -> true;
      default -> false;
    };
  }

  InodeUnitOutcome under(UnitRules rules) {
    return switch (this) {
      case DIRTY -> InodeUnitOutcome.ALREADY_DIRTY;
      case HANDED_OVER -> InodeUnitOutcome.HANDED_OVER;
      case ON_DEMAND -> rules == UnitRules.PER_INODE ? InodeUnitOutcome.HANDED_OVER : InodeUnitOutcome.ON_DEMAND;
      case TAKEN, TAKEN_THOUGH_SHORT -> switch (rules) {
        case BEFORE_FIX -> InodeUnitOutcome.WITHOUT_ENTITLEMENT;
        case AFTER_FIX -> this == TAKEN ? InodeUnitOutcome.STOLEN_FROM_DELALLOC : InodeUnitOutcome.STOLEN_FROM_GLOBAL;
        case PER_INODE -> InodeUnitOutcome.HANDED_OVER;
        case UNKNOWN -> InodeUnitOutcome.UNDECIDED;
      };
      case STOLEN -> rules == UnitRules.PER_INODE
          ? InodeUnitOutcome.HANDED_OVER
          : InodeUnitOutcome.STOLEN_FROM_DELALLOC;
      case STOLEN_THOUGH_SHORT -> rules == UnitRules.PER_INODE
          ? InodeUnitOutcome.HANDED_OVER
          : InodeUnitOutcome.STOLEN_FROM_GLOBAL;
      case FAILED -> rules == UnitRules.UNKNOWN || rules == UnitRules.PER_INODE
          ? InodeUnitOutcome.UNDECIDED
          : InodeUnitOutcome.FAILED;
      case NO_UPDATE -> InodeUnitOutcome.NO_UPDATE;
      case UNDECIDED -> InodeUnitOutcome.UNDECIDED;
    };
  }
}
