package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * Rules before "Btrfs: fix our reservations for updating an inode when completing io" (7fd2ae21a42d, 3.2-rc): nothing is
 * reserved for the inode, btrfs_delayed_inode_reserve_metadata migrates the unit straight out of the delalloc bucket, and
 * where that is short the completion fails with -ENOSPC.
 */
final class InodeUnitBeforeFix extends InodeUnitMachine {
  InodeUnitBeforeFix(int slot) {
    super(slot);
  }

  @Override
  UnitRules rules() {
    return UnitRules.BEFORE_FIX;
  }

  @Override
  boolean reserve(InodeUnitInode inode, long bytes) {
    bucket.add(bytes);
    return false;
  }

  @Override
  void release(InodeUnitInode inode, long bytes, boolean last) {
    bucket.release(bytes);
  }

  @Override
  InodeUnitOutcome update(InodeUnitInode inode, OnDemand onDemand) {
    if (dirty(inode)) {
      return InodeUnitOutcome.ALREADY_DIRTY;
    }
    if (!takeUnit()) {
      return InodeUnitOutcome.FAILED;
    }
    updateElsewhere(inode);
    return InodeUnitOutcome.WITHOUT_ENTITLEMENT;
  }
}
