package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * Rules by which a kernel with one delalloc bucket (3.2 to 4.14) pays for the inode update of a completion, as a state
 * machine over canonical operations. Every machine keeps its own bucket and, per inode, whether the delayed node is
 * dirty and whether an inode unit is held. Amounts are bytes and never contain the inode unit: whether one is added is
 * what the machines differ in.
 */
abstract class InodeUnitMachine {
  /** Outcome of the reservation on the spot (BTRFS_RESERVE_NO_FLUSH), where the events show it. */
  enum OnDemand {
    GRANTED,
    REFUSED,
    /** Not recorded: granted is assumed, as nothing of the space_info is known. */
    UNKNOWN
  }

  /** State of the global reserve as far as this machine needs it. */
  private static final long GLOBAL_UNKNOWN = -1;

  protected final InodeUnitBucket bucket = new InodeUnitBucket();
  private final int dirtyBit;
  private final int unitBit;
  protected long unit;
  protected long globalReserved = GLOBAL_UNKNOWN;

  /** @param slot 0 to 7, distinct for every machine that runs over the same inodes */
  InodeUnitMachine(int slot) {
    dirtyBit = 1 << (2 * slot);
    unitBit = 2 << (2 * slot);
  }

  abstract UnitRules rules();

  /** Data of {@code inode} became dirty: {@code bytes} for extents and checksums; true if a unit was added for the inode. */
  abstract boolean reserve(InodeUnitInode inode, long bytes);

  /** As {@link #reserve}, by a writer who looked for the unit before a completion took it. */
  void reserveExtent(InodeUnitInode inode, long bytes) {
    bucket.add(bytes);
  }

  /** Extents of {@code inode} ended; {@code last} if none is left outstanding. */
  abstract void release(InodeUnitInode inode, long bytes, boolean last);

  /** A completion updates the inode; its handle is backed by the delalloc bucket. */
  abstract InodeUnitOutcome update(InodeUnitInode inode, OnDemand onDemand);

  /** Bytes of one inode update. Known from the first delayed inode reservation on. */
  void setUnit(long unit) {
    this.unit = unit;
  }

  /** A completion paid a tree block. */
  void treeBlock(long bytes) {
    bucket.use(bytes);
  }

  /** As {@link #treeBlock(long)}, for {@code inode}. */
  void treeBlock(InodeUnitInode inode, long bytes) {
    treeBlock(bytes);
  }

  /** Amounts reserved for {@code inode} before the unit was known contained one of {@code bytes}. */
  void takeOutUnit(InodeUnitInode inode, long bytes) {}

  /** The inode was updated with bytes of another reserve. */
  void updateElsewhere(InodeUnitInode inode) {
    inode.bits |= dirtyBit;
  }

  /** The delayed node was written out or dropped. */
  void clean(InodeUnitInode inode) {
    inode.bits &= ~dirtyBit;
  }

  /** Events are missing. */
  void lose() {
    bucket.lose();
  }

  boolean dirty(InodeUnitInode inode) {
    return (inode.bits & dirtyBit) != 0;
  }

  boolean holdsUnit(InodeUnitInode inode) {
    return (inode.bits & unitBit) != 0;
  }

  protected void holdUnit(InodeUnitInode inode, boolean holds) {
    inode.bits = holds ? inode.bits | unitBit : inode.bits & ~unitBit;
  }

  /** Whether the bucket can pay a unit; a bucket of unknown content is taken to. */
  protected boolean takeUnit() {
    if (bucket.greatest() < unit) {
      return false;
    }
    bucket.use(unit);
    return true;
  }
}
