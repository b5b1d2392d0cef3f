package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;

/**
 * Reads how completions got the metadata for their inode update from recorded function calls (kprobes), for kernels that
 * have no reservation events, and plays them to the same machines. Only the calls count, and only what they prove:
 *
 * <ul>
 *   <li>btrfs_block_rsv_migrate out of the delalloc reserve, then btrfs_block_rsv_release of the same bytes, all before the
 *       update returns: handed over. Only code with the fix does so, and only where the unit was held for the inode.
 *   <li>migrated without a release, and no reservation was tried before: taken, as code without the fix does. The reserve
 *       must be known as the one delalloc reserve of all inodes, and the inode's own reservation must be recorded.
 *   <li>btrfs_block_rsv_add granted: on demand; refused, then migrated: stolen.
 *   <li>the update returns -ENOSPC: failed.
 * </ul>
 *
 * <p>Which reserve is the delalloc reserve is told by btrfs_delalloc_release_metadata, which releases it; that it belongs to
 * no single inode by its address, which lies outside of the inode (4.15 put a reserve into each). Functions that the
 * compiler inlined leave no calls; what then cannot be told is undecided. Arguments are those of 3.0 to 4.10.
 */
final class InodeUnitCalls {
  private static final int MAX_INODES = 1 << 18;
  /** More than the size of an inode: a reserve further away is not part of it. */
  private static final long FAR = 1 << 16;

  private final InodeUnitFlow flow;
  private final LongMap<InodeUnitCallTask> tasks = new LongMap<>();
  private final LongMap<InodeUnitInode> inodes = new LongMap<>();
  private final LongMap<DelallocReserve> reserves = new LongMap<>();
  private long calls;
  private boolean traceEvents;
  private boolean completionsRecorded;
  private boolean updatesRecorded;
  private boolean reservationsRecorded;
  private boolean innerCallsRecorded;
  private boolean paidOnce;

  /** The reserve that btrfs_delalloc_release_metadata released from. */
  private static final class DelallocReserve {
    private boolean shared;
  }

  InodeUnitCalls(WhatIfRules whatIf) {
    flow = new InodeUnitFlow(whatIf);
    flow.fromCalls = true;
    // No call tells what the reserve holds as a whole.
    flow.before.lose();
    flow.after.lose();
    flow.bucket.lose();
  }

  /** Reservation events are recorded, too: they tell more, and decide. */
  void traceEventsRecorded() {
    traceEvents = true;
  }

  /** Whether the calls are all there is. */
  boolean decide() {
    return calls > 0 && !traceEvents;
  }

  void accept(EventBlock block, int i, EventType type) {
    calls++;
    if (traceEvents) {
      return;
    }
    int pid = block.pid(i);
    InodeUnitCallTask task = tasks.get(pid);
    if (task == null) {
      task = new InodeUnitCallTask();
      tasks.put(pid, task);
    }
    long ret = block.number(i, Field.RET, Long.MIN_VALUE);
    switch (type) {
      case CALL_FINISH_ORDERED -> {
        completionsRecorded = true;
        task.completing++;
      }
      case RETURN_FINISH_ORDERED -> {
        if (task.completing > 0 && --task.completing == 0) {
          complete(task, block, i);
        }
      }
      case CALL_INODE_UPDATE -> beginUpdate(task, block, i, false);
      case RETURN_INODE_UPDATE -> endUpdate(task, ret, block, i, false);
      case CALL_INODE_RESERVE -> {
        innerCallsRecorded = true;
        if (!task.updating) {
          beginUpdate(task, block, i, true);
        }
        task.reserveCalled = true;
      }
      case RETURN_INODE_RESERVE -> endUpdate(task, ret, block, i, true);
      case RETURN_INODE_ITEM -> {
        if (ret == 0 && task.inCompletion() && task.updated && task.way == InodeUnitCallTask.Way.FAILED) {
          flow.tally.directUpdates++;
        }
      }
      case CALL_RSV_MIGRATE -> {
        if (task.updating) {
          task.move(block.number(i, Field.SRC, 0), block.number(i, Field.BYTES), InodeUnitReplay.evidence(block, i));
        }
      }
      case RETURN_RSV_MIGRATE -> {
        if (task.updating) {
          task.moveReturns(ret);
        }
      }
      case CALL_RSV_ADD -> {
        reservationsRecorded = true;
        if (task.updating) {
          task.add(block.number(i, Field.BYTES), InodeUnitReplay.evidence(block, i));
        }
      }
      case RETURN_RSV_ADD -> {
        if (task.updating) {
          task.addReturns(ret);
        }
      }
      case CALL_RSV_RELEASE -> release(task, block, i);
      case CALL_DELALLOC_RESERVE -> task.reserving = block.number(i, Field.INODE_ADDRESS, 0);
      case RETURN_DELALLOC_RESERVE -> {
        if (ret == 0 && task.reserving != 0) {
          // Space for an inode that needs a unit now has one under the rules with the fix.
          InodeUnitInode inode = inode(task.reserving);
          flow.before.reserve(inode, 0);
          flow.after.reserve(inode, 0);
        }
        task.reserving = 0;
      }
      case CALL_DELALLOC_RELEASE -> {
        task.releasing = block.number(i, Field.INODE_ADDRESS, 0);
        task.released |= task.inCompletion();
        task.inode = task.inode == 0 ? task.releasing : task.inode;
      }
      case RETURN_DELALLOC_RELEASE -> {
        task.releasing = 0;
        if (task.byName && task.updated) {
          complete(task, block, i);
        }
      }
      default -> {}
    }
  }

  private void beginUpdate(InodeUnitCallTask task, EventBlock block, int i, boolean byReserve) {
    if (task.inCompletion() && (task.updated || task.updating)) {
      // The end of the one before is missing, or not recorded.
      complete(task, block, i);
    }
    updatesRecorded |= !byReserve;
    if (task.completing == 0 && !completionsRecorded) {
      task.byName = block.symbols().text(block.comm(i)).startsWith("btrfs-endio-wri");
    }
    task.releasing = 0;
    task.beginUpdate();
    task.openedByReserve = byReserve;
    task.inode = block.number(i, Field.INODE_ADDRESS, 0);
    task.nanos = block.time(i);
  }

  private void endUpdate(InodeUnitCallTask task, long ret, EventBlock block, int i, boolean ofReserve) {
    if (!task.updating || task.openedByReserve != ofReserve) {
      return;
    }
    task.endUpdate(ret);
    if (!task.inCompletion()) {
      task.endCompletion();
      return;
    }
    if (task.way == InodeUnitCallTask.Way.FAILED) {
      // Counted now: the task may die of it.
      task.evidence = InodeUnitReplay.evidence(block, i);
      count(task, block, i, InodeUnitSeen.FAILED);
      flow.judge.onDemandRefused += task.addRefused ? 1 : 0;
    }
  }

  private void release(InodeUnitCallTask task, EventBlock block, int i) {
    long rsv = block.number(i, Field.RSV_ADDRESS, 0);
    if (task.releasing != 0 && rsv != 0) {
      DelallocReserve reserve = reserves.get(rsv);
      if (reserve == null) {
        reserve = new DelallocReserve();
        reserves.put(rsv, reserve);
      }
      reserve.shared |= Math.abs(rsv - task.releasing) > FAR;
      // It releases once; should its return be missing, a later release is another's.
      task.releasing = 0;
    } else if (task.updating) {
      task.giveBack(rsv, block.number(i, Field.BYTES));
    }
  }

  /** The completion ends here. */
  private void complete(InodeUnitCallTask task, EventBlock block, int i) {
    if (task.updating) {
      task.way = InodeUnitCallTask.Way.UNCLEAR;
      task.updated = true;
    }
    if (task.updated && task.way != InodeUnitCallTask.Way.FAILED) {
      count(task, block, i, seen(task));
    } else if (!task.updated && task.released) {
      task.nanos = block.time(i);
      count(task, block, i, updatesRecorded ? InodeUnitSeen.NO_UPDATE : InodeUnitSeen.UNDECIDED);
    }
    task.endCompletion();
  }

  private InodeUnitSeen seen(InodeUnitCallTask task) {
    DelallocReserve source = reserves.get(task.source);
    DelallocReserve refused = reserves.get(task.refusedSource);
    return switch (task.way) {
      case ADDED -> InodeUnitSeen.ON_DEMAND;
      case MOVED_AND_RELEASED -> InodeUnitSeen.HANDED_OVER;
      case MOVED -> source != null && source.shared && reservationsRecorded
          ? InodeUnitSeen.TAKEN
          : InodeUnitSeen.UNDECIDED;
      case MOVED_AFTER_REFUSAL -> source != null && source.shared ? InodeUnitSeen.STOLEN : InodeUnitSeen.UNDECIDED;
      case MOVED_AFTER_TWO_REFUSALS -> refused != null && refused.shared && source == null
          ? InodeUnitSeen.STOLEN_THOUGH_SHORT
          : InodeUnitSeen.UNDECIDED;
      // Nothing was asked for: the node was dirty, unless the calls that ask are not recorded, or not made (3.0, 3.1).
      case NONE -> !task.reserveCalled && paidOnce && (innerCallsRecorded || reservationsRecorded)
          ? InodeUnitSeen.DIRTY
          : InodeUnitSeen.UNDECIDED;
      default -> InodeUnitSeen.UNDECIDED;
    };
  }

  private void count(InodeUnitCallTask task, EventBlock block, int i, InodeUnitSeen seen) {
    InodeUnitInode inode = task.inode == 0 ? new InodeUnitInode(-1, true) : inode(task.inode);
    InodeUnitTask as = flow.task(block.pid(i));
    String comm = block.comm(i) == Symbols.NONE ? "" : block.symbols().text(block.comm(i));
    as.name = comm.equals("<...>") ? "" : comm;
    if (seen.updatesNode()) {
      paidOnce = true;
      if (task.bytes != flow.unit) {
        flow.unitChanged = flow.unit != 0;
        flow.unit = task.bytes;
        flow.before.setUnit(task.bytes);
        flow.after.setUnit(task.bytes);
      }
    }
    as.updatedEvidence = task.evidence != null ? task.evidence : InodeUnitReplay.evidence(block, i);
    as.releasedNanos = task.nanos;
    // Makes the comparison count it as not compared: what the reserve holds is not known.
    as.overtaken = true;
    flow.completions.complete(as, inode, seen);
    as.endWindow(flow.now);
  }

  /** Addresses stand for inodes; their numbers are not recorded. */
  private InodeUnitInode inode(long address) {
    InodeUnitInode inode = inodes.get(address);
    if (inode == null) {
      inode = new InodeUnitInode(-1, true);
      if (inodes.size() < MAX_INODES) {
        inodes.put(address, inode);
      }
    }
    return inode;
  }

  /** Calls are missing from here on. */
  void lost() {
    flow.lost();
    tasks.forEach(InodeUnitCallTask::lost);
    inodes.forEach(inode -> inode.bits = 0);
  }

  /** Ends the replay of the calls. */
  InodeUnitReplay.Result finish() {
    tasks.forEach(
        task -> {
          if (task.inCompletion() && task.updated && task.way != InodeUnitCallTask.Way.FAILED) {
            flow.tally.count(seen(task), flow.unit, null);
          }
        });
    InodeUnitReplay.Result result = new InodeUnitResult(flow).build();
    return with(
        result,
        "How completions got their inode unit is read from " + calls + " recorded function calls (kprobes), not from trace"
            + " events: inodes are known by address only, inline extents are not counted, and under other rules the delalloc"
            + " reserve is taken to suffice, because no call tells what it holds.",
        result.units().undecided() == 0
            ? null
            : result.units().undecided() + " completions are undecided: calls that would tell are missing (functions that the"
                + " compiler inlined or no probe was on), or nothing shows which reserve is that of delalloc.");
  }

  /** States that calls were recorded, but not needed. */
  InodeUnitReplay.Result noted(InodeUnitReplay.Result result) {
    return calls == 0
        ? result
        : with(
            result,
            calls + " recorded function calls (kprobes) were not judged: the reservation events of the same capture decide.",
            null);
  }

  private static InodeUnitReplay.Result with(InodeUnitReplay.Result result, String note, String second) {
    List<String> notes = new ArrayList<>(result.notes());
    notes.add(note);
    if (second != null) {
      notes.add(second);
    }
    return new InodeUnitReplay.Result(
        result.units(), result.events(), result.unit(), result.checks(), result.series(), List.copyOf(notes),
        result.whatIf());
  }
}
