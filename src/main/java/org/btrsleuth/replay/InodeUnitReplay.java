package org.btrsleuth.replay;

import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.replay.ReplayReport.WhatIf;
import org.btrsleuth.source.Evidence;

/**
 * Finds out for every completion of one file system how it got the metadata for its inode update, from the standard trace
 * events alone, and what would have happened under the other rules. Takes events in file order, in one pass; memory grows
 * with the number of inodes and tasks that are active, not with the number of events. Where a capture has no reservation
 * events, but the calls that {@code capture enospc-kprobes} records, those decide: {@link InodeUnitCalls}.
 *
 * <p>This class reads events; {@link InodeUnitFlow} holds the state.
 */
public final class InodeUnitReplay {
  private static final long DATA = 1;
  private static final long METADATA = 4;
  private static final long MIXED = 5;

  /**
   * What the replay found.
   *
   * @param unit bytes of one inode update as the log prints them, 0 if it shows none
   * @param checks how far the machine of the observed rules agrees with the events
   * @param series balances of inodes with their completions, and the delalloc reserve under both rules
   * @param notes what is uncertain, in sentences
   * @param whatIf comparison with the rules that were asked for, null if none were
   */
  public record Result(
      InodeUnits units,
      List<InodeUnitEvent> events,
      long unit,
      List<Check> checks,
      List<Series> series,
      List<String> notes,
      WhatIf whatIf) {}

  private final InodeUnitFlow flow;
  private final InodeUnitCalls calls;
  private Symbols symbols;
  private int spaceInfo;
  private int enospc;
  private int delalloc;
  private int delayedInode;
  private int delayedItem;
  private int transaction;
  private int orphan;
  private int finishOrdered;

  InodeUnitReplay(WhatIfRules whatIf) {
    flow = new InodeUnitFlow(whatIf);
    calls = new InodeUnitCalls(whatIf);
  }

  /** Takes event {@code i}; events of other types than those it needs are ignored. */
  public void accept(EventBlock block, int i) {
    EventType type = block.type(i);
    if (type.isCall()) {
      calls.accept(block, i, type);
      return;
    }
    switch (type) {
      case SPACE_RESERVATION -> {
        calls.traceEventsRecorded();
        reservation(block, i);
      }
      case ORDERED_EXTENT_ADD -> {
        InodeUnitTask task = begin(block, i);
        flow.orderedAdded(task, block.number(i, Field.INO), block.number(i, Field.ROOT));
      }
      case ORDERED_EXTENT_REMOVE -> flow.completions.completed(begin(block, i), block, i);
      case ORDERED_EXTENT_PUT -> flow.orderedPut(begin(block, i));
      case WORK_SCHED -> {
        InodeUnitTask task = begin(block, i);
        flow.workBegins(task, block.symbol(i, Field.FUNC) == finishOrdered);
      }
      case TRANSACTION_COMMIT -> flow.committed(begin(block, i));
      case INODE_NEW -> flow.inodeNew(begin(block, i), block.number(i, Field.INO), block.number(i, Field.ROOT));
      case INODE_EVICT -> flow.inodeEvicted(begin(block, i), block.number(i, Field.INO));
      case SYNC_FILE -> flow.otherWork(begin(block, i));
      case INODE_MOD_OUTSTANDING_EXTENTS ->
          flow.outstanding(
              begin(block, i),
              block.number(i, Field.INO),
              block.number(i, Field.ROOT),
              block.number(i, Field.MOD),
              block.number(i, Field.OUTSTANDING, -1));
      case UPDATE_BYTES_MAY_USE, RESERVE_TICKET -> flow.eventOfPerInodeEra();
      case LOST -> gap();
      default -> {}
    }
  }

  /** Events are missing from here on: what was in progress cannot be told any more. */
  public void gap() {
    flow.lost();
    calls.lost();
  }

  /** Ends the replay. */
  public Result finish() {
    return calls.decide() ? calls.finish() : calls.noted(new InodeUnitResult(flow).build());
  }

  private InodeUnitTask begin(EventBlock block, int i) {
    if (block.symbols() != symbols) {
      symbols = block.symbols();
      spaceInfo = symbols.intern("space_info");
      enospc = symbols.intern("space_info:enospc");
      delalloc = symbols.intern("delalloc");
      delayedInode = symbols.intern("delayed_inode");
      delayedItem = symbols.intern("delayed_item");
      transaction = symbols.intern("transaction");
      orphan = symbols.intern("orphan");
      finishOrdered = symbols.intern("finish_ordered_fn");
    }
    InodeUnitTask task = flow.task(block.pid(i));
    int comm = block.comm(i);
    if (comm != task.comm) {
      task.comm = comm;
      name(task, symbols.text(comm));
    }
    return task;
  }

  /** Kernel threads by the names that btrfs, the flusher and work queues give them. */
  private static void name(InodeUnitTask task, String comm) {
    task.name = comm.equals("<...>") ? "" : comm;
    task.completer |= comm.startsWith("btrfs-endio-wri");
    task.kernelThread |= comm.startsWith("btrfs-") || comm.startsWith("flush-") || comm.startsWith("kworker/");
  }

  private void reservation(EventBlock block, int i) {
    InodeUnitTask task = begin(block, i);
    int rsv = block.symbol(i, Field.RSV);
    long val = block.number(i, Field.VAL);
    boolean reserve = block.number(i, Field.RESERVE) != 0;
    long bytes = block.number(i, Field.BYTES);
    long justReserved = task.justReserved;
    long justRefused = task.justRefused;
    boolean justReleased = task.justReleased;
    task.justRefused = 0;
    task.justReserved = 0;
    task.justReleased = false;
    if (rsv == spaceInfo) {
      if (reserve) {
        task.reservedBefore = justReserved;
        task.justReserved = bytes;
      } else if (justReleased && bytes > 0 && val != DATA) {
        flow.bucketFull(task);
      } else if (val == METADATA || val == MIXED) {
        flow.allocated(task, bytes, justReserved == bytes, val == MIXED, block, i);
      }
    } else if (rsv == delalloc) {
      if (reserve) {
        flow.delallocReserved(task, val, bytes, justReserved > 0 ? task.reservedBefore : 0, block.time(i));
      } else {
        flow.delallocReleased(task, val, bytes, block.time(i));
        task.justReleased = true;
      }
    } else if (rsv == delayedInode) {
      if (reserve) {
        flow.nodeDirtied(task, val, bytes, justReserved == bytes, justRefused == bytes, block, i);
      } else {
        flow.nodeCleaned(task, val, block.time(i));
      }
    } else if (rsv == transaction) {
      flow.handle(task, reserve);
    } else if (rsv == delayedItem) {
      if (!reserve) {
        flow.delayedItemDone(task);
      }
    } else if (rsv == orphan) {
      flow.truncated(val);
    } else if (rsv == enospc) {
      task.justRefused = bytes;
    }
  }

  static Evidence evidence(EventBlock block, int i) {
    return new Evidence(block.path(), block.line(i), block.text(i));
  }
}
