package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * Rules from 4.15 on, where every inode has a reserve of its own whose size includes one unit while extents are
 * outstanding (btrfs_calculate_inode_block_rsv_size); each reservation fills it up to its size. A completion takes its
 * unit and its tree blocks from there; where that is too little the inode item is written directly.
 */
final class InodeUnitOwnReserve extends InodeUnitMachine {
  InodeUnitOwnReserve(int slot) {
    super(slot);
  }

  @Override
  UnitRules rules() {
    return UnitRules.PER_INODE;
  }

  @Override
  boolean reserve(InodeUnitInode inode, long bytes) {
    boolean withUnit = !holdsUnit(inode);
    holdUnit(inode, true);
    boolean first = inode.ownPromised == 0;
    long spent = inode.ownPromised - inode.own;
    inode.ownPromised += bytes;
    inode.own = inode.ownPromised;
    bucket.add(first ? bytes + unit : bytes);
    bucket.refill(withUnit && !first ? spent + unit : spent);
    return withUnit;
  }

  @Override
  void release(InodeUnitInode inode, long bytes, boolean last) {
    long promised = inode.ownPromised;
    if (promised == 0) {
      return;
    }
    inode.ownPromised = last ? 0 : Math.max(0, promised - bytes);
    inode.own = Math.min(inode.own, inode.ownPromised);
    if (inode.ownPromised == 0) {
      inode.own = 0;
      holdUnit(inode, false);
    }
    bucket.release(promised - inode.ownPromised + (inode.ownPromised == 0 ? unit : 0));
  }

  @Override
  void treeBlock(InodeUnitInode inode, long bytes) {
    inode.own -= bytes;
    bucket.use(bytes);
  }

  @Override
  InodeUnitOutcome update(InodeUnitInode inode, OnDemand onDemand) {
    if (dirty(inode)) {
      return InodeUnitOutcome.ALREADY_DIRTY;
    }
    if (inode.delallocKnown && held(inode) < unit) {
      return InodeUnitOutcome.FAILED;
    }
    if (holdsUnit(inode)) {
      holdUnit(inode, false);
    } else {
      inode.own -= unit;
    }
    bucket.use(unit);
    updateElsewhere(inode);
    return InodeUnitOutcome.HANDED_OVER;
  }

  /** What the inode's reserve holds. */
  private long held(InodeUnitInode inode) {
    return inode.own + (holdsUnit(inode) ? unit : 0);
  }

  /** Its amounts up to now contained the unit, whose size was not known. */
  @Override
  void takeOutUnit(InodeUnitInode inode, long bytes) {
    inode.ownPromised -= bytes;
    inode.own -= bytes;
  }
}
