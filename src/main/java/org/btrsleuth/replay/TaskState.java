package org.btrsleuth.replay;

/**
 * What one task is in the middle of, as far as its own events tell. The kernel prints a change of a counter as two
 * lines and charges tree blocks to a reserve that it does not name, so single lines mean nothing without the lines of
 * the same task around them.
 */
final class TaskState {
  final int pid;
  int comm;

  /** Counter whose printed change waits for its reserve or release line; null if none. */
  ChainedCounter pending;
  long pendingDiff;

  /** A reserve line that may be an allocation (rule S1); known when the task's next line comes. 0 if none. */
  long heldBytes;
  int heldFlags;

  /** Extent allocated by the line before, whose promised bytes are about to be given back. 0 if none. */
  long allocating;

  /** Bytes that the line just before reserved, or failed to reserve, on the spot. 0 if none. */
  long onDemand;
  /** The line just before was a reservation of metadata: its reserve is credited before a line says which one it is. */
  boolean credited;
  /** The allocation just before was paid by a reservation on the spot. 0 if not. */
  long paidOnDemand;

  /** Tree blocks charged to an unnamed reserve since the task last changed what it does, in bytes. */
  long consumed;
  int blocks;
  /** Of the blocks before, bytes that a line ended which may have belonged to the same span after all. */
  long dropped;
  /** It runs delayed refs, so tree blocks are charged to delayed_refs_rsv. */
  boolean runsDelayedRefs;
  /** It completes ordered I/O, where no delayed refs are run. */
  boolean completes;
  /** Inode units moved to the delayed inode reserve in the same span. */
  long migrated;

  /** Inode of the task's last change of outstanding extents; delalloc lines name no root. */
  InodeReserve inode;

  /** Its last event changed outstanding extents: the reserve or release line about it may still come. */
  boolean betweenLines;

  /** Counts the task's events other than counter lines, to see whether it is past a point. */
  long steps;

  /** Handle reserve that is open: what {@code transaction reserve} printed and has not been released. */
  long handle;
  long handleTransid;

  /** What the space_info that this task flushes had freed at the task's last flush event. */
  long freedMark;
  SpaceInfoLedger freedOf;

  TaskState(int pid) {
    this.pid = pid;
  }

  /** The task turns to something else: what it consumed before belongs to something unknown. */
  void boundary() {
    consumed = 0;
    blocks = 0;
    migrated = 0;
    dropped = 0;
    runsDelayedRefs = false;
    completes = false;
  }

  /** A line of delayed_refs_rsv: what the task consumed before may have been consumed by running delayed refs. */
  void drop() {
    dropped += consumed;
    consumed = 0;
    blocks = 0;
    migrated = 0;
  }

  /** Forgets everything that a missing event could have ended. */
  void gap() {
    boundary();
    pending = null;
    heldBytes = 0;
    allocating = 0;
    onDemand = 0;
    credited = false;
    inode = null;
    handle = 0;
  }
}
