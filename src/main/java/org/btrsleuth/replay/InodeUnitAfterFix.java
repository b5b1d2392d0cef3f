package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * Rules after "Btrfs: fix our reservations for updating an inode when completing io": the first delalloc reservation of an
 * inode includes a unit for its update (BTRFS_I(inode)->delalloc_meta_reserved), the completion takes that over; once it
 * is spent the next one reserves on the spot.
 */
final class InodeUnitAfterFix extends InodeUnitMachine {
  /** What differs between the releases that have the fix. */
  enum Variant {
    /**
     * The commit itself: a failed delalloc reservation leaves the bit set without bytes behind it when other extents are
     * outstanding, and the delayed node records bytes even where nothing could be taken.
     */
    SEED_COMMIT(true, true),
    /** 3.2 to 3.3: the bit is set after success only (660d3f6cde55); the rest as in the commit. */
    V3_2(false, true),
    /** 3.4 to 4.7: the node records only bytes that it got. How completions are counted is the same as in 3.2. */
    V3_4(false, true),
    /** 4.8 to 4.14: no stealing; after a refusal the inode item is written directly. */
    V4_8(false, false);

    final boolean phantomUnit;
    final boolean steals;

    Variant(boolean phantomUnit, boolean steals) {
      this.phantomUnit = phantomUnit;
      this.steals = steals;
    }
  }

  private final Variant variant;
  private long phantomUnits;

  InodeUnitAfterFix(int slot, Variant variant) {
    super(slot);
    this.variant = variant;
  }

  @Override
  UnitRules rules() {
    return UnitRules.AFTER_FIX;
  }

  @Override
  boolean reserve(InodeUnitInode inode, long bytes) {
    boolean withUnit = !holdsUnit(inode);
    holdUnit(inode, true);
    bucket.add(withUnit ? bytes + unit : bytes);
    return withUnit;
  }

  /**
   * The space for a delalloc reservation was refused.
   *
   * @param othersOutstanding other extents of the inode are outstanding
   */
  void refused(InodeUnitInode inode, boolean othersOutstanding) {
    if (!variant.phantomUnit || holdsUnit(inode) || !othersOutstanding) {
      return;
    }
    // drop_outstanding_extent gives the unit back only when nothing is outstanding: the bit stays without bytes.
    holdUnit(inode, true);
    phantomUnits++;
  }

  @Override
  void release(InodeUnitInode inode, long bytes, boolean last) {
    boolean withUnit = last && holdsUnit(inode);
    if (withUnit) {
      holdUnit(inode, false);
    }
    bucket.release(withUnit ? bytes + unit : bytes);
  }

  @Override
  InodeUnitOutcome update(InodeUnitInode inode, OnDemand onDemand) {
    if (dirty(inode)) {
      return InodeUnitOutcome.ALREADY_DIRTY;
    }
    if (holdsUnit(inode)) {
      holdUnit(inode, false);
      if (bucket.greatest() < unit) {
        // BUG_ON(release) in the commit, an error later: only a phantom unit or a short bucket leads here.
        return InodeUnitOutcome.FAILED;
      }
      bucket.handOver(unit);
      updateElsewhere(inode);
      return InodeUnitOutcome.HANDED_OVER;
    }
    if (onDemand != OnDemand.REFUSED) {
      updateElsewhere(inode);
      return InodeUnitOutcome.ON_DEMAND;
    }
    if (!variant.steals) {
      return InodeUnitOutcome.FAILED;
    }
    if (takeUnit()) {
      updateElsewhere(inode);
      return InodeUnitOutcome.STOLEN_FROM_DELALLOC;
    }
    if (globalReserved >= 0 && globalReserved < unit) {
      return InodeUnitOutcome.FAILED;
    }
    updateElsewhere(inode);
    return InodeUnitOutcome.STOLEN_FROM_GLOBAL;
  }

  /** Bits that stand for a unit which nobody holds. */
  long phantomUnits() {
    return phantomUnits;
  }
}
