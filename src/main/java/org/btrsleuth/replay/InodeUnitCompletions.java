package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * Decides what a task's events were: an ordered extent's completion, an inline extent's, or none. Classifies completions
 * and gives them to the machines.
 */
final class InodeUnitCompletions {
  private static final long ROOT_TREE = 1;
  private static final long DATA_RELOC_TREE = -9;

  private final InodeUnitFlow flow;
  private final InodeUnitFlags flags = new InodeUnitFlags();
  /** Ordered extents are recorded: a completion ends with the removal of one. */
  private boolean orderedRecorded;

  InodeUnitCompletions(InodeUnitFlow flow) {
    this.flow = flow;
  }

  /** The task turns to something else: what it has collected was no ordered completion. */
  void settle(InodeUnitTask task) {
    InodeUnitInode inode = task.released;
    if (inode != null) {
      if (task.counted == inode) {
        inode.select(task.countedRoot);
      }
      InodeUnitSeen seen =
          task.completer && !orderedRecorded ? classify(task, inode, false, 0) : inline(task, inode);
      if (seen == InodeUnitSeen.FAILED && !orderedRecorded) {
        // Without its flags the extent may be one whose completion updates nothing.
        seen = InodeUnitSeen.UNDECIDED;
      }
      if (seen != null) {
        complete(task, inode, seen);
      } else {
        release(task, inode);
        updatedElsewhere(task);
      }
    } else {
      updatedElsewhere(task);
    }
    task.endWindow(flow.now);
  }

  /** The completion of another task holds back this inode's release although nothing more can be learnt of it. */
  void settlePending(InodeUnitInode inode, InodeUnitTask now) {
    InodeUnitTask pending = inode.pending;
    if (orderedRecorded || pending == null || pending == now) {
      return;
    }
    if (pending.updated == inode && pending.releases == 1 && pending.lastReleased == flow.unit) {
      // Its own release is still to come if this one was the hand-over: wait, but its place in the order is lost.
      pending.overtaken = true;
    } else {
      settle(pending);
    }
  }

  /** The hand-over and the completion's own release have come; where no event marks the end, a further one is another's. */
  boolean isWhole(InodeUnitTask task) {
    return !orderedRecorded && task.releases >= 2;
  }

  /** Ordered extents are recorded in this log. */
  void orderedSeen() {
    orderedRecorded = true;
  }

  /**
   * The machines hear of a release when it is known whether it came with an update. Where no update is in sight that is
   * at once, so that nothing else of the inode happens in between.
   */
  void released(InodeUnitTask task, InodeUnitInode inode) {
    boolean mayHaveFailed = task.bucketHadUnit < 0 && !task.nodeMaybeDirty;
    if (task.updated == inode || mayHaveFailed) {
      inode.pending = task;
    } else {
      release(task, inode);
    }
  }

  private void release(InodeUnitTask task, InodeUnitInode inode) {
    if (!task.machinesReleased) {
      task.machinesReleased = true;
      flow.before.release(inode, task.lastReleased, task.releasedAll);
      flow.after.release(inode, task.lastReleased, task.releasedAll);
      if (task.fullAfterRelease) {
        flow.machinesFull();
      }
    }
  }

  private void updatedElsewhere(InodeUnitTask task) {
    if (task.updated != null) {
      flow.before.updateElsewhere(task.updated);
      flow.after.updateElsewhere(task.updated);
    }
  }

  /**
   * Whether the releases belong to an inline extent, which is inserted and completed by whoever writes the page back. Its
   * handle is backed by the delalloc reserve, too; a truncate's or a failed write's release has no such update before it.
   */
  private InodeUnitSeen inline(InodeUnitTask task, InodeUnitInode inode) {
    if (task.updated == inode) {
      if (!task.updatedOnDemand) {
        return taken(task);
      }
      return task.kernelThread ? InodeUnitSeen.ON_DEMAND : null;
    }
    boolean writeback = task.kernelThread && !task.completer;
    return writeback && task.lastReleased > 0 && task.nodeDirtyAtRelease ? InodeUnitSeen.DIRTY : null;
  }

  private static InodeUnitSeen taken(InodeUnitTask task) {
    if (task.releases >= 2) {
      return InodeUnitSeen.HANDED_OVER;
    }
    boolean tooShort = task.bucketHadUnit < 0;
    if (task.updatedAfterRefusal) {
      return tooShort ? InodeUnitSeen.STOLEN_THOUGH_SHORT : InodeUnitSeen.STOLEN;
    }
    return tooShort ? InodeUnitSeen.TAKEN_THOUGH_SHORT : InodeUnitSeen.TAKEN;
  }

  /** {@code btrfs_ordered_extent_remove}: the last thing a completion does. */
  void completed(InodeUnitTask task, EventBlock block, int i) {
    InodeUnitInode inode = flow.inode(block.number(i, Field.INO));
    long root = block.number(i, Field.ROOT);
    inode.root(root);
    orderedRecorded = true;
    inode.openOrdered = Math.max(0, inode.openOrdered - 1);
    task.completer = true;
    task.justReserved = 0;
    task.justReleased = false;
    if (task.released != null && task.released != inode) {
      settle(task);
    }
    if (root == ROOT_TREE || root == DATA_RELOC_TREE) {
      // Free space cache and relocation inodes are written without a delayed node.
      complete(task, inode, InodeUnitSeen.NO_UPDATE);
      task.endWindow(flow.now);
      return;
    }
    if (flow.judge.perInodeEvents > 0) {
      inode.select(root);
    }
    long end = block.number(i, Field.FILE_OFFSET) + block.number(i, Field.LEN);
    InodeUnitSeen seen = classify(task, inode, flags.mayHaveNoUpdate(block, i), end);
    if (task.updatedEvidence == null && flow.journal.wants(seen)) {
      task.updatedEvidence = InodeUnitReplay.evidence(block, i);
    }
    if (task.released == null) {
      task.releasedNanos = block.time(i);
    }
    complete(task, inode, seen);
    inode.writtenEnd = Math.max(inode.writtenEnd, end);
    if (inode.outstanding == 0) {
      // Nothing is promised any more: what the balance still shows went into blocks and units.
      inode.balance = 0;
      inode.consumed = 0;
    }
    task.endWindow(flow.now);
  }

  private InodeUnitSeen classify(InodeUnitTask task, InodeUnitInode inode, boolean mayHaveNoUpdate, long end) {
    if (task.updated == inode) {
      return task.updatedOnDemand ? InodeUnitSeen.ON_DEMAND : taken(task);
    }
    boolean perInode = flow.judge.perInodeEvents > 0;
    boolean dirty = task.released != null ? task.nodeDirtyAtRelease : inode.dirtyNodes > 0;
    boolean maybeDirty = task.released != null ? task.nodeMaybeDirty : InodeUnitFlow.maybeDirtyInWindow(task, inode);
    int hadUnit =
        perInode ? held(task, inode) >= flow.unit ? 1 : 0 : task.released != null ? task.bucketHadUnit : 0;
    if (!maybeDirty) {
      if (mayHaveNoUpdate) {
        return InodeUnitSeen.NO_UPDATE;
      }
      return hadUnit < 0 ? InodeUnitSeen.FAILED : InodeUnitSeen.UNDECIDED;
    }
    if (mayHaveNoUpdate && !perInode) {
      return end <= inode.writtenEnd ? InodeUnitSeen.NO_UPDATE : InodeUnitSeen.UNDECIDED;
    }
    boolean dirtyThroughout = dirty && inode.dirtyKnown && inode.dirtiedAt < task.windowStart && !inode.severalRoots;
    return dirtyThroughout || hadUnit > 0 ? InodeUnitSeen.DIRTY : InodeUnitSeen.UNDECIDED;
  }

  /** Per-inode eras: bytes in the inode's own reserve when the completion came to its update, at least. */
  private static long held(InodeUnitTask task, InodeUnitInode inode) {
    long balance = task.released == inode ? task.balanceBefore : inode.balance;
    long counted = balance - inode.consumed - task.treeBlocks * task.treeBlockBytes;
    // What it gave back in the end it had before, even if nothing is known of what it had been given.
    return task.released == inode ? Math.max(counted, task.lastReleased) : counted;
  }

  /** A completion of which it is known what it was: counted, and played by the machines. */
  void complete(InodeUnitTask task, InodeUnitInode inode, InodeUnitSeen seen) {
    long nanos = task.releasedNanos;
    judgeCompletion(inode, seen);
    flow.tally.count(seen, flow.unit, inode);
    if (inode.difference != null) {
      inode.difference.completed(seen);
    }
    if (inode.series != null) {
      inode.series.completion(nanos, seen);
    }
    note(task, inode, seen, nanos);
    otherwise(flow.before, task, inode, seen, nanos);
    otherwise(flow.after, task, inode, seen, nanos);
    long blocks = task.treeBlocks * task.treeBlockBytes;
    InodeUnitOutcome without =
        flow.tally.perInode(seen, inode, task.released == inode ? task.balanceBefore : inode.balance, flow.unit, blocks);
    if (flow.differences != null) {
      flow.differences.otherwise(UnitRules.PER_INODE, task, inode, seen, without, nanos, flow.unit);
    }
    inode.consumed += blocks + (seen.updatesNode() ? flow.unit : 0);
    if (task.released != null) {
      release(task, inode);
    }
  }

  private void judgeCompletion(InodeUnitInode inode, InodeUnitSeen seen) {
    switch (seen) {
      case HANDED_OVER -> flow.judge.handOvers++;
      case ON_DEMAND -> flow.judge.onDemand++;
      case STOLEN, STOLEN_THOUGH_SHORT -> flow.judge.onDemandRefused++;
      case TAKEN, TAKEN_THOUGH_SHORT -> {
        flow.judge.taken++;
        if (flow.after.unitHeld(inode)) {
          flow.judge.takenThoughHeld++;
        }
      }
      default -> {}
    }
  }

  private void note(InodeUnitTask task, InodeUnitInode inode, InodeUnitSeen seen, long nanos) {
    if (seen != InodeUnitSeen.DIRTY && seen != InodeUnitSeen.NO_UPDATE) {
      flow.journal.add(seen, inode, flow.unit, InodeUnitTally.taskName(task), nanos, task.updatedEvidence);
    }
  }

  private void otherwise(
      InodeUnitHypothesis hypothesis, InodeUnitTask task, InodeUnitInode inode, InodeUnitSeen seen, long nanos) {
    // A reservation of another task in between reaches the machines first.
    boolean exact = orderedRecorded || flow.bucket.anchored() && !task.overtaken;
    boolean inOrder = task.updated != inode || inode.reservedAt < task.updatedAt;
    InodeUnitOutcome outcome = hypothesis.completion(inode, seen, exact && inOrder, nanos);
    if (flow.differences != null) {
      flow.differences.otherwise(hypothesis.observed, task, inode, seen, outcome, nanos, flow.unit);
    }
    if (outcome == InodeUnitOutcome.FAILED) {
      flow.tally.otherwiseFailed(hypothesis, inode, task, nanos);
    }
  }
}
