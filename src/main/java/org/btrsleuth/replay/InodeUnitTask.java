package org.btrsleuth.replay;

import org.btrsleuth.source.Evidence;

/**
 * What a task is in the middle of. Everything between two completions of a task belongs to the second one; other kinds
 * of work (a write, a transaction of its own, running delayed items) end what was collected.
 */
final class InodeUnitTask {
  final int pid;
  /** Symbol of the name printed last. */
  int comm;
  /** The name, "" if none was printed or the kernel had forgotten it. */
  String name = "";
  /** Completed ordered extents before, or is named like a worker that only does that. */
  boolean completer;
  /** A kernel thread by its name: writeback or a worker. */
  boolean kernelThread;
  /** Runs a transaction handle that reserved bytes of its own. */
  boolean handle;
  /** Number of the event before which nothing belongs to the present completion. */
  long windowStart;

  /** The task's last event was {@code space_info ... reserve} of this many bytes; 0 otherwise. */
  long justReserved;
  /** What it had reserved right before that. */
  long reservedBefore;
  /** The task's last event was a delalloc release: a release of the space_info shows that the bucket was full. */
  boolean justReleased;
  /** The task's last event was a {@code space_info:enospc} line of this many bytes; 0 otherwise. */
  long justRefused;

  /** Tree blocks paid from the handle's reserve since the window began. */
  int treeBlocks;
  /** Equal releases at the end of what came while no unit was known, and their size: tree blocks if the unit says so. */
  int blocksBeforeUnit;
  long blockBytesBeforeUnit;
  /** Of {@link #treeBlocks}, those that may be data extents of a mixed block group. */
  int maybeTreeBlocks;
  long treeBlockBytes;
  /** Last tree block after which the bucket could not pay a unit any more. */
  Evidence dangerEvidence;
  long dangerNanos;

  /** Inode whose delayed node this task made dirty in this window, null if none. */
  InodeUnitInode updated;
  boolean updatedOnDemand;
  /** A reservation on the spot was refused before. */
  boolean updatedAfterRefusal;
  long updatedAt;
  /** Balance of {@link #released} before the releases. */
  long balanceBefore;
  Evidence updatedEvidence;

  /** Inode whose outstanding extents it changed last, and in which root; null if none. */
  InodeUnitInode counted;
  long countedRoot;

  /** Inode of the delalloc releases that are not yet known to be a completion's, null if none. */
  InodeUnitInode released;
  int releases;
  /** The machines have heard of them. */
  boolean machinesReleased;
  /** The bucket was full after them. */
  boolean fullAfterRelease;
  long lastReleased;
  /** Another task worked on the inode between its two releases. */
  boolean overtaken;
  /** The inode's balance was 0 after the last of them. */
  boolean releasedAll;
  boolean nodeDirtyAtRelease;
  /** The node was dirty at some time since the window began, or nobody knows. */
  boolean nodeMaybeDirty;
  long releasedNanos;
  /** Before the releases, after the tree blocks, the bucket had a unit: 1 certainly, 0 possibly, -1 certainly not. */
  int bucketHadUnit;

  InodeUnitTask(int pid) {
    this.pid = pid;
  }

  /** Forgets what was collected: the task does something else now. */
  void endWindow(long at) {
    windowStart = at;
    treeBlocks = 0;
    blocksBeforeUnit = 0;
    blockBytesBeforeUnit = 0;
    maybeTreeBlocks = 0;
    updated = null;
    updatedEvidence = null;
    dangerEvidence = null;
    if (released != null && released.pending == this) {
      released.pending = null;
    }
    released = null;
    machinesReleased = false;
    fullAfterRelease = false;
    releases = 0;
    overtaken = false;
  }
}
