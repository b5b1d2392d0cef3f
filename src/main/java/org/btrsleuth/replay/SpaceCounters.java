package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;

/**
 * The counters of all space_infos of one file system, from the announcements of update_bytes_* and the lines of
 * btrfs_space_reservation. Tells a change of bytes_may_use from the extra reserve line of an allocation (rule S1), with
 * and without update lines.
 */
final class SpaceCounters {
  private final FsReplay fs;
  private final Dialect dialect;
  private final SymbolCache cache;
  private final CheckCounter mayUseCheck;
  private final CheckCounter pinnedCheck;
  private final SpaceInfoLedger[] spaceInfos = new SpaceInfoLedger[8];

  SpaceCounters(FsReplay fs, SymbolCache cache) {
    this.fs = fs;
    this.cache = cache;
    dialect = fs.dialect;
    mayUseCheck = fs.mayUseCheck;
    pinnedCheck = fs.pinnedCheck;
  }

  SpaceInfoLedger[] all() {
    return spaceInfos;
  }

  void gap() {
    for (SpaceInfoLedger info : spaceInfos) {
      if (info != null) {
        info.gap();
      }
    }
  }

  /** Space was given back to an unknown space_info. */
  void occupiedUnknown() {
    for (SpaceInfoLedger info : spaceInfos) {
      if (info != null) {
        info.occupied.gap();
      }
    }
  }

  void finish() {
    for (SpaceInfoLedger info : spaceInfos) {
      if (info != null) {
        info.mayUse.finish();
        info.pinned.finish();
      }
    }
  }

  SpaceInfoLedger spaceInfo(int flags) {
    int slot = flags & 7;
    SpaceInfoLedger info = spaceInfos[slot];
    if (info == null) {
      info = new SpaceInfoLedger(slot, mayUseCheck, pinnedCheck);
      spaceInfos[slot] = info;
    }
    return info;
  }

  /** update_bytes_may_use and update_bytes_pinned: announces the change that the task's next line makes. */
  void announced(EventBlock block, int i, TaskState task, boolean pinned) {
    int type = block.symbol(i, Field.TYPE);
    int flags =
        type == Symbols.NONE ? (int) block.number(i, Field.TYPE) & 7 : cache.flags(block.symbols(), type);
    SpaceInfoLedger info = spaceInfo(flags);
    ChainedCounter counter = pinned ? info.pinned : info.mayUse;
    long old = block.number(i, Field.OLD);
    long diff = block.number(i, Field.DIFF);
    if (pinned && diff < 0) {
      info.occupied.change(diff);
    }
    if (!pinned) {
      if (task.heldBytes != 0) {
        // The reserve line before was not a change of bytes_may_use: this line is the first change.
        fs.lines.allocated(task, task.heldFlags, task.heldBytes);
        task.heldBytes = 0;
      }
      if (!dialect.updateLines) {
        dialect.updateLines = true;
        if (old == 0 && diff > 0 && (flags & SpaceFlags.METADATA) != 0) {
          fs.fromMount();
        }
      }
    }
    finishPending(block, i, task);
    if (old >= 0 && diff < 0 && old + diff < 0) {
      fs.negative.counter(block, i, info.flags, pinned ? "bytes_pinned" : "bytes_may_use", old, diff);
      // The kernel clamps: the next printed value starts a chain of its own.
      counter.gap();
    } else if (!counter.printed(block, i, old, diff)) {
      fs.gapOfOwners(block, i, "the printed counter does not continue the values before it");
    }
    fs.dumpMoments.changed(block.time(i), info);
    if (task.pid < 0) {
      counter.open(diff);
    } else {
      task.pending = counter;
      task.pendingDiff = diff;
    }
  }

  /** An announced change whose line never came: 5.3 announces allocations without one (S2), else it is missing. */
  void finishPending(EventBlock block, int i, TaskState task) {
    ChainedCounter counter = task.pending;
    if (counter == null) {
      return;
    }
    task.pending = null;
    counter.line(block.time(i), task.pendingDiff);
    if ((dialect.allocationMarked || task.pendingDiff > 0) && task.pendingDiff != 0) {
      if (counter.mismatch(block, i)) {
        counter.detail("a printed change of " + task.pendingDiff + " bytes without its reserve or release line");
      }
      fs.gapOfOwners(block, i, "the line of a printed change is missing");
    }
  }

  void counterLine(EventBlock block, int i, TaskState task, RsvType type, int flags, long signed) {
    SpaceInfoLedger info = spaceInfo(flags);
    boolean pinned = type == RsvType.PINNED;
    ChainedCounter counter = pinned ? info.pinned : info.mayUse;
    long time = block.time(i);
    if (task.pending == counter && task.pendingDiff == signed || task.pid < 0 && counter.close(signed)) {
      task.pending = null;
      counter.line(time, signed);
      changed(info, task, pinned, signed);
      return;
    }
    finishPending(block, i, task);
    if (pinned) {
      unannouncedPinned(block, i, counter, signed);
      changed(info, task, true, signed);
    } else if (dialect.updateLines) {
      unannounced(block, i, task, info, signed);
    } else {
      withoutUpdateLines(time, task, info, signed);
    }
  }

  private void unannouncedPinned(EventBlock block, int i, ChainedCounter counter, long signed) {
    if (!counter.isChained()) {
      counter.change(block.time(i), signed);
    } else if (signed != 0) {
      if (pinnedCheck.mismatch(block, i)) {
        pinnedCheck.detail("a pinned line of " + signed + " bytes without the change that it reports");
      }
      fs.gapOfOwners(block, i, "a pinned line stands alone: its counter line is missing, or the line is doubled");
    }
  }

  private void changed(SpaceInfoLedger info, TaskState task, boolean pinned, long signed) {
    if (signed < 0 && task.allocating == 0) {
      info.freed -= signed;
    }
    task.allocating = 0;
    if (!pinned) {
      task.onDemand = signed > 0 ? signed : 0;
      task.credited = signed > 0 && (info.flags & SpaceFlags.METADATA) != 0;
    }
  }

  /** With update lines recorded, a reserve line without one is an allocation (S1); a release line never is. */
  private void unannounced(EventBlock block, int i, TaskState task, SpaceInfoLedger info, long signed) {
    if (signed >= 0) {
      dialect.allocationMarked = true;
      fs.lines.allocated(task, info.flags, signed);
      info.occupied.change(signed);
    } else if (info.mayUse.isChained()) {
      if (mayUseCheck.mismatch(block, i)) {
        mayUseCheck.detail("a release line of " + -signed + " bytes without the change that it reports");
      }
      fs.gapOfOwners(block, i, "a release line stands alone: its counter line is missing, or the line is doubled");
    }
  }

  /** Without update lines, a reserve directly followed by the same task's release is an allocation (S1, 5.4 on). */
  private void withoutUpdateLines(long time, TaskState task, SpaceInfoLedger info, long signed) {
    if (signed > 0) {
      commitHeld(time, task);
      if (dialect.delayedRefs || dialect.localDelayedRefs) {
        task.heldBytes = signed;
        task.heldFlags = info.flags;
      } else {
        info.mayUse.change(time, signed);
        changed(info, task, false, signed);
      }
      return;
    }
    if (task.heldBytes != 0 && task.heldFlags == info.flags && task.heldBytes <= -signed) {
      dialect.allocationMarked = true;
      fs.lines.allocated(task, info.flags, task.heldBytes);
      task.heldBytes = 0;
    } else {
      commitHeld(time, task);
    }
    task.paidOnDemand = task.onDemand == -signed ? -signed : 0;
    info.mayUse.change(time, signed);
    changed(info, task, false, signed);
  }

  /** A held reserve line turned out to be a change of bytes_may_use. */
  void commitHeld(long time, TaskState task) {
    if (task.heldBytes != 0) {
      SpaceInfoLedger info = spaceInfo(task.heldFlags);
      info.mayUse.change(time, task.heldBytes);
      task.onDemand = task.heldBytes;
      task.heldBytes = 0;
    }
  }
}
