package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * State of the inode unit replay of one file system: what every task is in the middle of, every inode's delayed node and
 * delalloc balance, and the delalloc bucket as the kernel must have it.
 */
final class InodeUnitFlow {
  private static final int MAX_SERIES = 48;
  /** Lines of two CPUs may stand in the wrong order when they were recorded this close to each other. */
  private static final long OUT_OF_ORDER = 20_000;

  final LongMap<InodeUnitInode> inodes = new LongMap<>();
  final LongMap<InodeUnitTask> tasks = new LongMap<>();
  final InodeUnitBucket bucket = new InodeUnitBucket();
  final InodeUnitJudge judge = new InodeUnitJudge();
  final InodeUnitJournal journal = new InodeUnitJournal();
  final InodeUnitTally tally = new InodeUnitTally();
  final InodeUnitHypothesis before;
  final InodeUnitHypothesis after;
  /** Comparison that was asked for, null if none was. */
  final InodeUnitDifferences differences;
  final SeriesRecorder reserved = new SeriesRecorder("what-if", "delalloc reserve as recorded", "bytes");
  final InodeUnitCompletions completions = new InodeUnitCompletions(this);

  /** The completions come from recorded function calls, not from trace events. */
  boolean fromCalls;
  long unit;
  boolean unitChanged;
  long gaps;
  /** Number of the present event. */
  long now;
  /** Whether an inode seen for the first time is known to have a clean delayed node. */
  private boolean startKnown;
  private int seriesKept;

  InodeUnitFlow(WhatIfRules whatIf) {
    before = new InodeUnitHypothesis(UnitRules.BEFORE_FIX, 0, whatIf);
    after = new InodeUnitHypothesis(UnitRules.AFTER_FIX, 2, whatIf);
    differences = whatIf == null ? null : new InodeUnitDifferences(whatIf);
  }

  InodeUnitTask task(int pid) {
    now++;
    InodeUnitTask task = tasks.get(pid);
    if (task == null) {
      task = new InodeUnitTask(pid);
      tasks.put(pid, task);
    }
    return task;
  }

  InodeUnitInode inode(long ino) {
    InodeUnitInode inode = inodes.get(ino);
    if (inode == null) {
      inode = new InodeUnitInode(ino, startKnown);
      if (seriesKept < MAX_SERIES) {
        seriesKept++;
        inode.series = new InodeUnitSeries(ino);
      }
      if (differences != null) {
        inode.difference = differences.row(inode);
      }
      inodes.put(ino, inode);
    }
    return inode;
  }

  /** Delalloc lines name no root; the task's last change of outstanding extents does, if it was this inode's. */
  private InodeUnitInode inode(InodeUnitTask task, long ino) {
    InodeUnitInode inode = inode(ino);
    if (task.counted == inode) {
      inode.select(task.countedRoot);
    }
    return inode;
  }

  /** Bytes of a tree block, inferred from the unit: (1 + 7) * 3 blocks until 3.10, 8 * 2 later, 8 from 5.4 on. */
  private boolean isTreeBlock(long bytes) {
    if (unit == 0 || Long.bitCount(bytes) != 1 || bytes < 4096 || bytes > 65536) {
      return false;
    }
    return bytes * 24 == unit || bytes * 16 == unit || judge.perInodeEvents > 0 && bytes * 8 == unit;
  }

  // ---- reservations ----

  /** {@code space_info release}: the right size, and it is a tree block that was paid for. */
  void allocated(InodeUnitTask task, long bytes, boolean reservedForIt, boolean mixed, EventBlock block, int i) {
    if (unit == 0 && !reservedForIt && task.released == null) {
      task.blocksBeforeUnit = bytes == task.blockBytesBeforeUnit ? task.blocksBeforeUnit + 1 : 1;
      task.blockBytesBeforeUnit = bytes;
    }
    if (!isTreeBlock(bytes) || reservedForIt || task.released != null) {
      return;
    }
    if (task.completer && task.treeBlocks == 0) {
      // The update follows the file extent and the checksums: what the node was before is of no account.
      task.windowStart = now;
    }
    if (mixed && !task.completer) {
      task.maybeTreeBlocks++;
    } else {
      task.treeBlocks++;
    }
    if (task.completer && judge.handOvers + judge.onDemand == 0 && bucket.greatest() - task.treeBlocks * bytes < unit) {
      task.dangerEvidence = InodeUnitReplay.evidence(block, i);
      task.dangerNanos = block.time(i);
      task.treeBlockBytes = bytes;
    }
    task.treeBlockBytes = bytes;
  }

  /** The bucket gave back an excess. */
  void bucketFull(InodeUnitTask task) {
    bucket.full();
    if (task.released == null || task.machinesReleased) {
      machinesFull();
    } else {
      task.fullAfterRelease = true;
    }
  }

  void machinesFull() {
    before.full();
    after.full();
  }

  void delallocReserved(InodeUnitTask task, long ino, long bytes, long dataBytes, long nanos) {
    completions.settle(task);
    InodeUnitInode inode = inode(task, ino);
    completions.settlePending(inode, task);
    judge.amount(bytes, unit, true);
    if (inode.balance == 0 && inode.delallocKnown) {
      judge.firstReservation(bytes, unit, dataBytes);
    }
    inode.balance += bytes;
    inode.reservedAt = now;
    inode.reservedWithoutUnit = inode.everyExtentNeeded && bytes == unit;
    inode.everyExtentNeeded = false;
    bucket.add(bytes);
    int moreBefore = before.reserve(inode, bytes);
    int moreAfter = after.reserve(inode, bytes);
    if (inode.difference != null) {
      inode.difference.reserved(bytes, moreBefore, moreAfter);
    }
    moved(inode, nanos);
  }

  void delallocReleased(InodeUnitTask task, long ino, long bytes, long nanos) {
    InodeUnitInode inode = inode(task, ino);
    judge.amount(bytes, unit, false);
    if (task.released != null
        && (task.released != inode || task.updated != inode || completions.isWhole(task))) {
      completions.settle(task);
    }
    completions.settlePending(inode, task);
    if (task.released == null) {
      firstRelease(task, inode, nanos);
    }
    task.releases++;
    task.lastReleased = bytes;
    inode.balance -= bytes;
    inode.everyExtentNeeded = bytes == 0 && inode.balance > 0;
    if (inode.balance < 0) {
      // Reserved before the log began.
      inode.balance = 0;
      bucket.lose();
      before.lose();
      after.lose();
    }
    bucket.release(bytes);
    if (inode.balance == 0) {
      inode.delallocKnown = true;
    }
    task.releasedAll = inode.balance == 0;
    completions.released(task, inode);
    moved(inode, nanos);
  }

  private void firstRelease(InodeUnitTask task, InodeUnitInode inode, long nanos) {
    boolean fromBucket = task.updated == inode && !task.updatedOnDemand;
    task.balanceBefore = inode.balance;
    if (task.completer || task.updated == inode) {
      bucket.use(task.treeBlocks * task.treeBlockBytes);
      before.treeBlock(inode, task.treeBlocks * task.treeBlockBytes);
      after.treeBlock(inode, task.treeBlocks * task.treeBlockBytes);
      bucket.maybeUse(task.maybeTreeBlocks * task.treeBlockBytes);
    } else {
      task.treeBlocks = 0;
      task.maybeTreeBlocks = 0;
    }
    task.bucketHadUnit = bucket.hadUnit(unit);
    if (fromBucket) {
      bucket.use(unit);
    }
    task.released = inode;
    task.releasedNanos = nanos;
    task.nodeDirtyAtRelease = inode.dirtyNodes > 0;
    task.nodeMaybeDirty = maybeDirtyInWindow(task, inode);
    reserved.add(nanos, bucket.greatest());
    tally.shortage(bucket.shortage(), unit, this, task, inode, nanos);
  }

  static boolean maybeDirtyInWindow(InodeUnitTask task, InodeUnitInode inode) {
    return !inode.dirtyKnown || inode.dirtyNodes > 0 || inode.cleanedAt >= task.windowStart;
  }

  private void moved(InodeUnitInode inode, long nanos) {
    if (inode.series != null) {
      inode.series.add(nanos, inode.balanceOfAll());
    }
    if (inode.evicted) {
      forgetIfIdle(inode);
    }
  }

  void nodeDirtied(InodeUnitTask task, long ino, long bytes, boolean onDemand, boolean refused, EventBlock block, int i) {
    if (task.released != null || task.updated != null) {
      completions.settle(task);
    }
    tally.transactionsGoOn();
    if (unit != bytes) {
      unitChanged = unit != 0;
      if (unit == 0) {
        inodes.forEach(
            inode -> {
              before.unitKnown(inode, bytes);
              after.unitKnown(inode, bytes);
            });
      }
      boolean first = unit == 0;
      unit = bytes;
      if (first && isTreeBlock(task.blockBytesBeforeUnit) && task.treeBlocks == 0) {
        // This completion's blocks came before anything told their size.
        task.treeBlocks = task.blocksBeforeUnit;
        task.treeBlockBytes = task.blockBytesBeforeUnit;
      }
      before.setUnit(bytes);
      after.setUnit(bytes);
    }
    InodeUnitInode inode = inode(ino);
    if (inode.dirtyNodes == 0) {
      inode.dirtiedAt = now;
    }
    if (inode.cleanedEarly > 0 && block.time(i) - inode.cleanedEarlyNanos <= OUT_OF_ORDER) {
      // Two CPUs, one moment: the node was made dirty and written out, the lines stand the other way round.
      inode.cleanedEarly--;
      inode.cleanedAt = now;
    } else {
      inode.cleanedEarly = 0;
      inode.dirtyNodes++;
    }
    inode.dirtyKnown = true;
    if (task.handle) {
      before.updateElsewhere(inode);
      after.updateElsewhere(inode);
      return;
    }
    task.updated = inode;
    task.updatedOnDemand = onDemand;
    task.updatedAfterRefusal = refused;
    task.updatedAt = now;
    task.updatedEvidence = journal.wantsAny() ? InodeUnitReplay.evidence(block, i) : null;
  }

  void nodeCleaned(InodeUnitTask task, long ino, long nanos) {
    task.treeBlocks = 0;
    task.maybeTreeBlocks = 0;
    InodeUnitInode inode = inode(ino);
    completions.settlePending(inode, task);
    if (inode.dirtyKnown && inode.dirtyNodes == 0) {
      inode.cleanedEarly++;
      inode.cleanedEarlyNanos = nanos;
    } else {
      inode.cleanedEarly = 0;
    }
    inode.dirtyNodes = Math.max(0, inode.dirtyNodes - 1);
    inode.dirtyKnown = true;
    if (inode.dirtyNodes == 0) {
      inode.cleanedAt = now;
      before.clean(inode);
      after.clean(inode);
    }
    if (inode.evicted) {
      forgetIfIdle(inode);
    }
  }

  void delayedItemDone(InodeUnitTask task) {
    task.treeBlocks = 0;
    task.maybeTreeBlocks = 0;
  }

  void handle(InodeUnitTask task, boolean begins) {
    completions.settle(task);
    task.handle = begins;
    if (begins) {
      tally.transactionsGoOn();
    }
  }

  // ---- other events ----

  void orderedAdded(InodeUnitTask task, long ino, long root) {
    completions.settle(task);
    InodeUnitInode inode = inode(ino);
    completions.orderedSeen();
    inode.root(root);
    inode.openOrdered++;
  }

  void orderedPut(InodeUnitTask task) {
    task.justReserved = 0;
    task.justReleased = false;
    if (task.updated == null && task.released == null && task.treeBlocks == 0) {
      task.windowStart = now;
    }
  }

  void workBegins(InodeUnitTask task, boolean completion) {
    completions.settle(task);
    task.completer |= completion;
    task.handle = false;
  }

  void otherWork(InodeUnitTask task) {
    completions.settle(task);
  }

  /** {@code btrfs_transaction_commit}, which a commit that was aborted prints, too, but without writing tree blocks. */
  void committed(InodeUnitTask task) {
    if (task.treeBlocks + task.maybeTreeBlocks > 0) {
      tally.transactionsGoOn();
    }
    before.commit();
    after.commit();
    if (!startKnown) {
      // The commit wrote every delayed node: those that printed no release were clean.
      startKnown = true;
      inodes.forEach(inode -> inode.dirtyKnown = true);
    }
  }

  void inodeNew(InodeUnitTask task, long ino, long root) {
    InodeUnitInode inode = inode(ino);
    inode.root(root);
    inode.evicted = false;
    inode.dirtyKnown = true;
    inode.writtenEnd = 0;
    inode.delallocKnown |= inode.balance == 0;
  }

  void inodeEvicted(InodeUnitTask task, long ino) {
    completions.settle(task);
    InodeUnitInode inode = inodes.get(ino);
    if (inode != null && !inode.severalRoots) {
      inode.evicted = true;
      inode.writtenEnd = 0;
      forgetIfIdle(inode);
    }
  }

  private void forgetIfIdle(InodeUnitInode inode) {
    if (inode.balanceOfAll() == 0 && inode.dirtyNodes == 0 && inode.openOrdered == 0 && startKnown && inode.series == null) {
      inodes.remove(inode.ino);
    }
  }

  /** A truncate was prepared: the file may end anywhere now. */
  void truncated(long ino) {
    InodeUnitInode inode = inodes.get(ino);
    if (inode != null) {
      inode.writtenEnd = 0;
    }
  }

  /** @param printed the count after the change, -1 where the kernel does not print it */
  void outstanding(InodeUnitTask task, long ino, long root, long mod, long printed) {
    judge.perInodeEvents++;
    InodeUnitInode inode = inode(ino);
    inode.root(root);
    inode.select(root);
    inode.reserveKnown |= printed >= 0 ? printed == mod : gaps == 0;
    task.counted = inode;
    task.countedRoot = root;
    inode.outstanding = printed >= 0 ? printed : Math.max(0, Math.max(0, inode.outstanding) + mod);
  }

  void eventOfPerInodeEra() {
    judge.perInodeEvents++;
  }

  /** Events are missing: nothing that was in progress can be told any more. */
  void lost() {
    gaps++;
    startKnown = false;
    bucket.lose();
    before.lose();
    after.lose();
    inodes.forEach(
        inode -> {
          if (judge.perInodeEvents > 0) {
            inode.loseReserves();
          }
          inode.dirtyKnown = false;
          inode.delallocKnown = false;
          inode.openOrdered = 0;
        });
    tasks.forEach(
        task -> {
          task.endWindow(now);
          task.handle = false;
          task.justReserved = 0;
          task.justReleased = false;
        });
  }
}
