package org.btrsleuth.replay;

import org.btrsleuth.source.Evidence;

/**
 * The calls of one task that matter for an inode update, as kprobes record them: which completion it is in, and what was
 * called between btrfs_delayed_update_inode and its return.
 */
final class InodeUnitCallTask {
  /** What btrfs_delayed_inode_reserve_metadata did, read from the calls inside it. */
  enum Way {
    /** No reserve was asked. */
    NONE,
    /** btrfs_block_rsv_add was granted. */
    ADDED,
    /** Moved out of {@link #source}, of which the same bytes were then released: the unit was held there for the inode. */
    MOVED_AND_RELEASED,
    /** Moved out of {@link #source}, whose promises stay as they were. */
    MOVED,
    /** As {@link #MOVED}, after a reservation was refused. */
    MOVED_AFTER_REFUSAL,
    /** As {@link #MOVED_AFTER_REFUSAL}, and after {@link #refusedSource} could not pay either. */
    MOVED_AFTER_TWO_REFUSALS,
    /** The update returned -ENOSPC. */
    FAILED,
    /** A return is missing, or the calls are none of the above. */
    UNCLEAR
  }

  /** Nested calls that may complete an ordered extent. */
  int completing;
  /** Completes by its name: no function that completes is recorded. */
  boolean byName;
  /** btrfs_delalloc_release_metadata was called in this completion. */
  boolean released;
  /** Inode of the completion, 0 if no call names it. */
  long inode;

  /** In btrfs_delayed_update_inode, or in btrfs_delayed_inode_reserve_metadata alone. */
  boolean updating;
  boolean openedByReserve;
  /** The completion's update is over, {@link #way} tells how. */
  boolean updated;
  Way way = Way.NONE;
  boolean reserveCalled;
  long bytes;
  long source;
  long refusedSource;
  boolean addRefused;
  Evidence evidence;
  long nanos;

  private boolean adding;
  private boolean moving;
  private boolean moved;
  private boolean added;
  private boolean gaveBack;
  private boolean unclear;
  private long asked;
  private long askedSource;

  /** Inode of the btrfs_delalloc_release_metadata that the task is in, 0 if it is in none. */
  long releasing;
  /** Inode of the btrfs_delalloc_reserve_metadata that the task is in, 0 if it is in none. */
  long reserving;

  boolean inCompletion() {
    return completing > 0 || byName;
  }

  void beginUpdate() {
    updating = true;
    openedByReserve = false;
    updated = false;
    reserveCalled = false;
    way = Way.NONE;
    bytes = 0;
    source = 0;
    refusedSource = 0;
    addRefused = false;
    evidence = null;
    adding = false;
    moving = false;
    moved = false;
    added = false;
    gaveBack = false;
    unclear = false;
  }

  void add(long size, Evidence at) {
    unclear |= adding || moving || added || moved;
    adding = true;
    asked = size;
    evidence = at;
  }

  void addReturns(long ret) {
    unclear |= !adding;
    adding = false;
    if (ret == 0) {
      added = true;
      bytes = asked;
    } else {
      addRefused = true;
    }
  }

  void move(long from, long size, Evidence at) {
    unclear |= adding || moving || added || moved;
    moving = true;
    askedSource = from;
    asked = size;
    evidence = at;
  }

  void moveReturns(long ret) {
    unclear |= !moving;
    moving = false;
    if (ret == 0) {
      moved = true;
      source = askedSource;
      bytes = asked;
    } else {
      unclear |= refusedSource != 0;
      refusedSource = askedSource;
    }
  }

  /** btrfs_block_rsv_release of {@code rsv} within the update. */
  void giveBack(long rsv, long size) {
    if (moved && rsv == source && size == bytes) {
      gaveBack = true;
    } else if (!(refusedSource != 0 && rsv == refusedSource)) {
      unclear = true;
    }
  }

  /** The update returns {@code ret}: from here on {@link #way} holds. */
  void endUpdate(long ret) {
    updating = false;
    updated = true;
    if (ret == -28) {
      way = Way.FAILED;
    } else if (ret != 0 || unclear || adding || moving) {
      way = Way.UNCLEAR;
    } else if (added) {
      way = Way.ADDED;
    } else if (!moved) {
      way = addRefused || refusedSource != 0 ? Way.UNCLEAR : Way.NONE;
    } else if (gaveBack) {
      way = addRefused || refusedSource != 0 ? Way.UNCLEAR : Way.MOVED_AND_RELEASED;
    } else if (!addRefused) {
      way = refusedSource == 0 ? Way.MOVED : Way.UNCLEAR;
    } else {
      way = refusedSource == 0 ? Way.MOVED_AFTER_REFUSAL : Way.MOVED_AFTER_TWO_REFUSALS;
    }
  }

  /** The completion is over. */
  void endCompletion() {
    released = false;
    byName = false;
    inode = 0;
    updated = false;
    updating = false;
    evidence = null;
  }

  /** Calls are missing. */
  void lost() {
    endCompletion();
    completing = 0;
    releasing = 0;
    reserving = 0;
  }
}
