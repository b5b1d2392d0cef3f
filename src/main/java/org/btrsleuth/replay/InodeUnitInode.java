package org.btrsleuth.replay;

/**
 * What the replay knows of an inode of one file system. Reservation events print no root, so inodes of equal number in
 * several subvolumes share a state; {@link #severalRoots} says when that was seen.
 */
final class InodeUnitInode {
  static final int ROOT_UNSEEN = Integer.MIN_VALUE;

  final long ino;
  /** Machine states, see {@link InodeUnitMachine}. */
  int bits;
  /** Bytes of delalloc events: reserved minus released; in per-inode eras those of the root that {@link #select} named. */
  long balance;
  /** Delayed nodes of this number that hold a reservation: more than 1 for several roots or lines out of order. */
  int dirtyNodes;
  /** Whether {@link #dirtyNodes} counts all, false until the log shows it. */
  boolean dirtyKnown;
  /** Number of the event at which the node was last known dirty and then cleaned. */
  long cleanedAt = -1;
  /** Releases that were printed although the node was clean, and when. */
  int cleanedEarly;
  long cleanedEarlyNanos;
  /** Number of the event at which the node became dirty. */
  long dirtiedAt = -1;
  long root = ROOT_UNSEEN;
  boolean severalRoots;
  /** Number of the event of its last delalloc reservation. */
  long reservedAt;
  int openOrdered;
  /** Task whose release of this inode is not yet interpreted, null if none. */
  InodeUnitTask pending;
  boolean evicted;
  boolean took;
  /** Per-inode eras: bytes of tree blocks and inode units that left the inode's own reserve. */
  long consumed;
  /** Per-inode eras: {@link #balance} and {@link #consumed} count from a moment at which the reserve was empty. */
  boolean reserveKnown;
  /** End of the furthest completed extent: a lower bound of the file's size, rounded up. */
  long writtenEnd;
  long victimPromised;
  long victimShortage;
  long victimNanos;
  /** The log shows a moment at which the inode had no delalloc reservation. */
  boolean delallocKnown;
  /** Printed count of outstanding extents, -1 if not printed. */
  long outstanding = -1;
  InodeUnitSeries series;
  /**
   * The last release gave back nothing: at least as many extents are outstanding as are reserved for, as while a writer
   * waits for its reservation, so the next reservation contains at least one extent.
   */
  boolean everyExtentNeeded;
  /**
   * Its last reservation is one extent and nothing else, although no unit is held: the writer had looked when one was,
   * and a completion took that while the writer waited for space.
   */
  boolean reservedWithoutUnit;
  /** Replay under rules with a reserve per inode: what it holds beside the unit, below 0 where blocks ate into the unit. */
  long own;
  /** And what it was promised, without the unit. */
  long ownPromised;
  /** Its row in the comparison that was asked for, null if none. */
  InodeUnitDifference difference;

  /** Reserves of the inodes of this number in other roots than the selected one, null if there are none. */
  private LongMap<OfRoot> others;
  private long othersBalance;
  private long selected = ROOT_UNSEEN;

  private static final class OfRoot {
    long balance;
    long consumed;
    long outstanding = -1;
    long reservedAt;
    boolean reserveKnown;
  }

  InodeUnitInode(long ino, boolean dirtyKnown) {
    this.ino = ino;
    this.dirtyKnown = dirtyKnown;
  }

  void root(long seen) {
    if (root == ROOT_UNSEEN) {
      root = seen;
    } else if (root != seen) {
      severalRoots = true;
    }
  }

  /**
   * Per-inode eras: {@link #balance}, {@link #consumed}, {@link #outstanding} and {@link #reservedAt} are from here on
   * those of the inode in {@code wanted}.
   */
  void select(long wanted) {
    if (wanted == selected) {
      return;
    }
    if (selected != ROOT_UNSEEN) {
      if (others == null) {
        others = new LongMap<>();
      }
      if (balance != 0 || consumed != 0 || outstanding > 0) {
        OfRoot left = new OfRoot();
        left.balance = balance;
        left.consumed = consumed;
        left.outstanding = outstanding;
        left.reservedAt = reservedAt;
        left.reserveKnown = reserveKnown;
        others.put(selected, left);
        othersBalance += balance;
      }
      OfRoot taken = others.get(wanted);
      if (taken == null) {
        taken = new OfRoot();
      }
      othersBalance -= taken.balance;
      balance = taken.balance;
      consumed = taken.consumed;
      outstanding = taken.outstanding;
      reservedAt = taken.reservedAt;
      reserveKnown = taken.reserveKnown;
      others.remove(wanted);
    }
    selected = wanted;
  }

  /** Events are missing: what the reserves hold is not known any more, so no less than nothing. */
  void loseReserves() {
    balance = 0;
    consumed = 0;
    outstanding = -1;
    reserveKnown = false;
    others = null;
    othersBalance = 0;
  }

  /** The balance of all roots. */
  long balanceOfAll() {
    return balance + othersBalance;
  }

  long rootOrUnknown() {
    return root == ROOT_UNSEEN || severalRoots ? -1 : root;
  }
}
