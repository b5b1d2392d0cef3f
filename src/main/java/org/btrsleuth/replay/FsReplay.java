package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.replay.ReplayReport.Gap;
import org.btrsleuth.replay.ReplayReport.Holder;
import org.btrsleuth.source.Evidence;

/** Replay of one file system: takes its events in order and keeps what each counter and reserve holds. */
final class FsReplay {
  private static final int MAX_GAPS = 256;
  private static final int MAX_TASKS = 1 << 16;

  private final SymbolCache cache;
  private String fsid;

  final Dialect dialect = new Dialect();
  final Units units = new Units();
  final CheckCounter mayUseCheck = new CheckCounter("bytes_may_use");
  final CheckCounter pinnedCheck = new CheckCounter("bytes_pinned");
  final InodeLedger inodes = new InodeLedger();
  final BucketLedger bucket = new BucketLedger();
  final OwnerLedger owners = new OwnerLedger();
  final TicketLedger tickets = new TicketLedger();
  final FlushLedger flushes = new FlushLedger();
  final EnospcLedger enospc = new EnospcLedger(this);
  final DumpCheck dumps = new DumpCheck();
  final NegativeBalances negative = new NegativeBalances();
  final DumpMoments dumpMoments = new DumpMoments();
  final LogDumps logDumps = new LogDumps(dumps.check);
  final RsvLedger rsvs = new RsvLedger();
  final InodeUnitReplay inodeUnits;
  final PoolLedger[] pools = new PoolLedger[RsvType.values().length];
  final List<Gap> gaps = new ArrayList<>();
  private long gapCount;

  private final LongMap<TaskState> tasks = new LongMap<>();
  final ReserveLines lines;
  final FsProbe probe = new FsProbe(this);
  final ExtentEvents extents;
  private final SpaceCounters counters;

  /** @param whatIf rules to replay under besides the observed ones, null for those of the other side of the fix */
  FsReplay(String fsid, SymbolCache cache, WhatIfRules whatIf) {
    this.fsid = fsid;
    this.cache = cache;
    inodeUnits = new InodeUnitReplay(whatIf);
    for (RsvType type : RsvType.values()) {
      pools[type.ordinal()] = new PoolLedger(type);
    }
    lines = new ReserveLines(this);
    counters = new SpaceCounters(this, cache);
    extents = new ExtentEvents(this, counters, cache);
  }

  void fsid(String text) {
    fsid = text;
  }

  String fsid() {
    return fsid;
  }

  // ---- tasks and gaps ----

  TaskState task(int pid) {
    TaskState task = tasks.get(pid);
    if (task == null) {
      if (tasks.size() >= MAX_TASKS) {
        tasks.clear();
      }
      task = new TaskState(pid);
      tasks.put(pid, task);
    }
    return task;
  }

  /** Events are missing before event {@code i}: whatever rests on unbroken order starts anew. */
  void gap(EventBlock block, int i, String because) {
    counters.gap();
    tasks.forEach(TaskState::gap);
    gapOfOwners(block, i, because);
  }

  /** As {@link #gap}, but the counters go on: they found the gap and took up the chain behind it. */
  void gapOfOwners(EventBlock block, int i, String because) {
    gapCount++;
    if (gaps.size() < MAX_GAPS) {
      gaps.add(new Gap(CheckCounter.evidence(block, i), because));
    }
    tasks.forEach(TaskState::boundary);
    rsvs.gap();
    dumpMoments.gap();
    inodes.gap();
    bucket.gap();
    owners.gap();
  }

  /** The log shows the file system from its mount: everything starts empty. */
  void fromMount() {
    if (gapCount == 0) {
      inodes.fromMount();
      rsvs.fromMount();
    }
  }

  LongMap<TaskState> tasks() {
    return tasks;
  }

  void announced(EventBlock block, int i, TaskState task, boolean pinned) {
    counters.announced(block, i, task, pinned);
  }

  /** A CPU's events since {@code line} were lost: what did not fit since then says nothing. */
  void lost(EventBlock block, int i, long line) {
    mayUseCheck.forgiveSince(line);
    pinnedCheck.forgiveSince(line);
    inodes.forgiveSince(line);
    bucket.identity.forgiveSince(line);
    gap(block, i, "the producer lost events here");
  }

  /** A CPU prints nothing after {@code line}: if counters change unseen since then, its later events were not kept. */
  void silentSince(String path, long line, int cpu) {
    if (!mayUseCheck.onlyMismatchesAfter(path, line)) {
      return;
    }
    Evidence at = mayUseCheck.firstMismatch();
    mayUseCheck.forgiveSince(line);
    pinnedCheck.forgiveSince(line);
    inodes.forgiveSince(line);
    bucket.identity.forgiveSince(line);
    gapCount++;
    if (gaps.size() < MAX_GAPS) {
      gaps.add(
          new Gap(
              at,
              "counters change unseen since CPU " + cpu + " printed its last event in line " + line
                  + ": its buffer took no more events"));
    }
  }

  /**
   * The events so far come from a ring buffer whose oldest part was overwritten, and the first event of another CPU
   * shows that this CPU's were missing until now: what did not fit says nothing.
   */
  void forgive(EventBlock block, int i) {
    mayUseCheck.forgiveSince(0);
    pinnedCheck.forgiveSince(0);
    inodes.forgiveSince(0);
    bucket.identity.forgiveSince(0);
    gaps.clear();
    gapCount = 0;
    gap(block, i, "events of this CPU were overwritten before this one");
  }

  // ---- btrfs_space_reservation ----

  void reservation(EventBlock block, int i, TaskState task) {
    int name = block.symbol(i, Field.RSV);
    if (name == Symbols.NONE) {
      // The trace option "fields" prints the record's own names.
      name = block.symbol(i, Field.TYPE);
    }
    RsvType type = cache.rsv(block.symbols(), name);
    long value = block.number(i, Field.VAL);
    long bytes = block.number(i, Field.BYTES);
    boolean reserve = block.number(i, Field.RESERVE) != 0;
    long time = block.time(i);
    switch (type) {
      case SPACE_INFO, PINNED -> {
        if (type == RsvType.PINNED) {
          dialect.pinnedLines = true;
          counters.commitHeld(time, task);
        }
        counters.counterLine(block, i, task, type, (int) value, reserve ? bytes : -bytes);
      }
      case ENOSPC -> {
        dialect.enospcMarker = true;
        step(block, i, task);
        task.onDemand = bytes;
        SpaceInfoLedger info = counters.spaceInfo((int) value);
        enospc.marker(block, i, info, bytes);
        dumpMoments.at(block, i, info, rsvs.state(anyUnsettled()));
      }
      case DELALLOC -> {
        step(block, i, task);
        lines.delalloc(block, i, task, value, bytes, reserve);
      }
      case DELAYED_INODE -> {
        long onDemand = task.onDemand;
        step(block, i, task);
        lines.delayedInode(block, i, task, value, bytes, reserve, onDemand);
      }
      case DELAYED_ITEM -> {
        long onDemand = task.onDemand;
        step(block, i, task);
        lines.delayedItem(block, i, task, value, bytes, reserve, onDemand);
      }
      case TRANSACTION -> {
        step(block, i, task);
        lines.transaction(time, task, value, bytes, reserve);
      }
      case ZONE_UNUSABLE, OTHER -> step(block, i, task);
      default -> {
        step(block, i, task);
        dialect.delayedRefs |= type == RsvType.DELAYED_REFS;
        dialect.localDelayedRefs |= type == RsvType.LOCAL_DELAYED_REFS;
        dialect.orphan |= type == RsvType.ORPHAN;
        if (type != RsvType.DELAYED_REFS) {
          task.boundary();
        } else if (task.runsDelayedRefs || !dialect.delayedRefRuns && !task.completes) {
          task.drop();
        }
        lines.plain(time, type, bytes, reserve);
      }
    }
  }

  // ---- other events ----

  /** The task did something: what was held for its next line is decided. */
  void step(EventBlock block, int i, TaskState task) {
    task.steps++;
    task.betweenLines = false;
    task.comm = block.comm(i);
    if (task.pending != null) {
      counters.finishPending(block, i, task);
    }
    if (task.heldBytes != 0) {
      counters.commitHeld(block.time(i), task);
    }
    task.onDemand = 0;
    task.credited = false;
    task.allocating = 0;
    task.paidOnDemand = 0;
  }

  void outstanding(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    task.betweenLines = true;
    dialect.outstandingEvents = true;
    // The trace option "fields" prints the 32 bits unsigned.
    long mod = (int) block.number(i, Field.MOD);
    long printed = block.number(i, Field.OUTSTANDING, -1);
    dialect.outstandingPrinted |= printed >= 0;
    if (printed > Integer.MAX_VALUE && printed <= 0xffffffffL) {
      negative.outstanding(block, i, block.number(i, Field.ROOT), block.number(i, Field.INO), (int) printed);
    }
    inodes.taskless |= task.pid < 0;
    if (mod < 0) {
      lines.chargeDelalloc(block.time(i), task);
    }
    inodes.modified(block, i, task, block.number(i, Field.ROOT), block.number(i, Field.INO), mod, printed);
  }

  /** Ends the span in which the task's tree blocks can belong to an inode. */
  void boundary(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    task.boundary();
  }

  void workBegins(EventBlock block, int i, TaskState task) {
    boundary(block, i, task);
    task.completes = cache.isCompletion(block.symbols(), block.symbol(i, Field.FUNC));
  }

  void inodeNew(EventBlock block, int i, TaskState task) {
    boundary(block, i, task);
    bucket.created(block.number(i, Field.INO));
    inodes.created(block.number(i, Field.ROOT), block.number(i, Field.INO));
  }

  void inodeEvict(EventBlock block, int i, TaskState task) {
    boundary(block, i, task);
    inodes.evicted(block.number(i, Field.ROOT), block.number(i, Field.INO), block, i);
  }

  void committed(EventBlock block, int i, TaskState task) {
    boundary(block, i, task);
    if (task.handle > 0) {
      // A snapshot's reservation is never printed as released (T2).
      pools[RsvType.TRANSACTION.ordinal()].release(block.time(i), task.handle);
      rsvs.handleReleased(task.handle, 0, true);
      task.handle = 0;
    }
  }

  void triggerFlush(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    dialect.flushEvents = true;
    SpaceInfoLedger info = counters.spaceInfo(flags(block, i));
    info.flushStart = info.freed;
    info.flushSteps = 0;
  }

  void flushed(EventBlock block, int i, TaskState task) {
    boundary(block, i, task);
    dialect.flushEvents = true;
    SpaceInfoLedger info = counters.spaceInfo(flags(block, i));
    long from = task.freedOf == info ? Math.max(task.freedMark, info.flushStart) : info.flushStart;
    task.freedOf = info;
    task.freedMark = info.freed;
    info.flushSteps++;
    String state = flushes.step(block, i, info.freed - from);
    info.storm.step(block, i, state, info.freed - from);
  }

  /**
   * run_delayed_tree_ref and its siblings: the delayed_refs_rsv lines of this task come from running refs. Without such an
   * event before it, a line means that adding a ref merged it with one of the same extent (drop_delayed_ref,
   * update_existing_head_ref, check_ref_cleanup), in the middle of whatever the task does.
   */
  void delayedRefRun(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    dialect.delayedRefRuns = true;
    task.runsDelayedRefs = true;
  }

  void ticket(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    dialect.tickets = true;
    tickets.ended(block, i);
    long error = block.number(i, Field.ERROR);
    task.credited = error == 0;
    if (error != 0) {
      enospc.ticketFailed(block, i, counters.spaceInfo(flags(block, i)), error);
    }
  }

  /** btrfs_fail_all_tickets and btrfs_done_preemptive_reclaim print the whole space_info. */
  void snapshot(EventBlock block, int i, TaskState task, boolean failed) {
    step(block, i, task);
    SpaceInfoLedger info = counters.spaceInfo(flags(block, i));
    dumps.compare(block, i, info, rsvs, anyUnsettled(), dialect);
    if (failed) {
      enospc.allTicketsFailed(block, i, info);
      info.storm.ticketsFailed(new SpaceSnapshot(block, i));
      dumpMoments.at(block, i, info, rsvs.state(anyUnsettled()));
    }
  }

  private boolean anyUnsettled() {
    boolean[] any = new boolean[1];
    tasks.forEach(task -> any[0] |= task.consumed != 0 || task.credited);
    return any[0];
  }

  void orderedAdded(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    rsvs.orderedAdded(block.number(i, Field.LEN));
  }

  void orderedRemoved(EventBlock block, int i, TaskState task) {
    boundary(block, i, task);
    rsvs.orderedRemoved(block.number(i, Field.LEN));
  }

  /** Handles that hold reserved bytes, as holders. */
  void addHandles(List<Holder> to) {
    tasks.forEach(
        task -> {
          if (task.handle > 0) {
            to.add(new Holder("task", "handle of transaction " + task.handleTransid + " in task " + task.pid, task.handle));
          }
        });
  }

  /** Flags as number where printed, else by their names. */
  int flags(EventBlock block, int i) {
    long number = block.number(i, Field.FLAGS, 0);
    if (number == 0 && block.symbol(i, Field.FLAGS) == Symbols.NONE) {
      number = block.number(i, Field.SI_FLAGS, 0);
    }
    return number != 0 ? (int) number & 7 : cache.flags(block.symbols(), block.symbol(i, Field.FLAGS)) & 7;
  }

  ReplayReport.FileSystem finish() {
    counters.finish();
    inodes.finish();
    return new FsReport(this, counters.all(), gapCount).build(inodeUnits.finish());
  }
}
