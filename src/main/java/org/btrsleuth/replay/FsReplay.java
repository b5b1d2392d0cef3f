package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.replay.ReplayReport.Gap;
import org.btrsleuth.replay.ReplayReport.Holder;

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
  final RsvLedger rsvs = new RsvLedger();
  final ProbeCheck probe = new ProbeCheck();
  final InodeUnitReplay inodeUnits = new InodeUnitReplay();
  final PoolLedger[] pools = new PoolLedger[RsvType.values().length];
  final List<Gap> gaps = new ArrayList<>();
  private long gapCount;
  private int handleHint = Symbols.NONE;
  private String hintText = "";

  private final LongMap<TaskState> tasks = new LongMap<>();
  private final SpaceInfoLedger[] spaceInfos = new SpaceInfoLedger[8];

  FsReplay(String fsid, SymbolCache cache) {
    this.fsid = fsid;
    this.cache = cache;
    for (RsvType type : RsvType.values()) {
      pools[type.ordinal()] = new PoolLedger(type);
    }
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
    for (SpaceInfoLedger info : spaceInfos) {
      if (info != null) {
        info.gap();
      }
    }
    tasks.forEach(TaskState::gap);
    gapOfOwners(block, i, because);
  }

  /** As {@link #gap}, but the counters go on: they found the gap and took up the chain behind it. */
  private void gapOfOwners(EventBlock block, int i, String because) {
    gapCount++;
    if (gaps.size() < MAX_GAPS) {
      gaps.add(new Gap(CheckCounter.evidence(block, i), because));
    }
    tasks.forEach(TaskState::boundary);
    rsvs.gap();
    inodes.gap();
    bucket.gap();
    owners.gap();
  }

  /** A CPU's events since {@code line} were lost: what did not fit since then says nothing. */
  void lost(EventBlock block, int i, long line) {
    mayUseCheck.forgiveSince(line);
    pinnedCheck.forgiveSince(line);
    inodes.forgiveSince(line);
    bucket.identity.forgiveSince(line);
    gap(block, i, "the producer lost events here");
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

  private SpaceInfoLedger spaceInfo(int flags) {
    int slot = flags & 7;
    SpaceInfoLedger info = spaceInfos[slot];
    if (info == null) {
      info = new SpaceInfoLedger(slot, mayUseCheck, pinnedCheck);
      spaceInfos[slot] = info;
    }
    return info;
  }

  // ---- counters ----

  /** update_bytes_may_use and update_bytes_pinned: announces the change that the task's next line makes. */
  void announced(EventBlock block, int i, TaskState task, boolean pinned) {
    int type = block.symbol(i, Field.TYPE);
    int flags =
        type == Symbols.NONE ? (int) block.number(i, Field.TYPE) & 7 : cache.flags(block.symbols(), type);
    SpaceInfoLedger info = spaceInfo(flags);
    ChainedCounter counter = pinned ? info.pinned : info.mayUse;
    long old = block.number(i, Field.OLD);
    long diff = block.number(i, Field.DIFF);
    if (!pinned) {
      if (task.heldBytes != 0) {
        // The reserve line before was not a change of bytes_may_use: this line is the first change.
        allocated(task, task.heldFlags, task.heldBytes);
        task.heldBytes = 0;
      }
      if (!dialect.updateLines) {
        dialect.updateLines = true;
        if (old == 0 && diff > 0 && (flags & SpaceFlags.METADATA) != 0 && gapCount == 0) {
          inodes.fromMount();
          rsvs.fromMount();
        }
      }
    }
    finishPending(block, i, task);
    if (!counter.printed(block, i, old, diff)) {
      gapOfOwners(block, i, "the printed counter does not continue the values before it");
    }
    if (task.pid < 0) {
      counter.open(diff);
    } else {
      task.pending = counter;
      task.pendingDiff = diff;
    }
  }

  /** An announced change whose line never came: 5.3 announces allocations without one (S2), else it is missing. */
  private void finishPending(EventBlock block, int i, TaskState task) {
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
      gapOfOwners(block, i, "the line of a printed change is missing");
    }
  }

  private void counterLine(EventBlock block, int i, TaskState task, RsvType type, int flags, long signed) {
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
      gapOfOwners(block, i, "a pinned line stands alone: its counter line is missing, or the line is doubled");
    }
  }

  private void changed(SpaceInfoLedger info, TaskState task, boolean pinned, long signed) {
    if (signed < 0 && task.allocating == 0) {
      info.freed -= signed;
    }
    task.allocating = 0;
    if (!pinned) {
      task.onDemand = signed > 0 ? signed : 0;
    }
  }

  /** With update lines recorded, a reserve line without one is an allocation (S1); a release line never is. */
  private void unannounced(EventBlock block, int i, TaskState task, SpaceInfoLedger info, long signed) {
    if (signed >= 0) {
      dialect.allocationMarked = true;
      allocated(task, info.flags, signed);
    } else if (info.mayUse.isChained()) {
      if (mayUseCheck.mismatch(block, i)) {
        mayUseCheck.detail("a release line of " + -signed + " bytes without the change that it reports");
      }
      gapOfOwners(block, i, "a release line stands alone: its counter line is missing, or the line is doubled");
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
      allocated(task, info.flags, task.heldBytes);
      task.heldBytes = 0;
    } else {
      commitHeld(time, task);
    }
    task.paidOnDemand = task.onDemand == -signed ? -signed : 0;
    info.mayUse.change(time, signed);
    changed(info, task, false, signed);
  }

  /** A held reserve line turned out to be a change of bytes_may_use. */
  private void commitHeld(long time, TaskState task) {
    if (task.heldBytes != 0) {
      SpaceInfoLedger info = spaceInfo(task.heldFlags);
      info.mayUse.change(time, task.heldBytes);
      task.onDemand = task.heldBytes;
      task.heldBytes = 0;
    }
  }

  /** Extent of {@code bytes} allocated; for metadata this is one tree block, charged to some reserve of the task. */
  private void allocated(TaskState task, int flags, long bytes) {
    task.allocating = Math.max(bytes, 1);
    if ((flags & SpaceFlags.METADATA) != 0) {
      inodes.nodesize(bytes);
      if (task.onDemand == bytes) {
        // Reserved for this block on the spot, or taken from the global reserve after that failed.
        task.onDemand = 0;
        return;
      }
      if (handleHint == Symbols.NONE) {
        task.consumed += bytes;
        task.blocks++;
      } else {
        consumedByHint(task, bytes);
      }
    }
    task.onDemand = 0;
  }

  /** The probe names the reserve of the running handle. */
  private void consumedByHint(TaskState task, long bytes) {
    switch (hintText) {
      case "TRANS" -> {
        rsvs.consumeTrans(bytes);
        pools[RsvType.TRANSACTION.ordinal()].noteConsumed(bytes);
      }
      case "DELOPS" -> rsvs.consumeDelayed(bytes);
      case "DELALLOC" -> {
        task.consumed += bytes;
        task.blocks++;
      }
      default -> {}
    }
  }

  // ---- records of the probe ----

  /** Takes what a probe record says beside its event, before the event itself. */
  void probeBefore(EventBlock block, int i, TaskState task) {
    int hint = block.symbol(i, Field.HANDLE_TYPE);
    if (hint != handleHint) {
      handleHint = hint;
      hintText = block.symbols().text(hint);
    }
    if (isRelease(block, i)) {
      probe.compare(block, i, rsvs, anyInFlight());
    }
  }

  /** And after it. */
  void probeAfter(EventBlock block, int i, TaskState task) {
    handleHint = Symbols.NONE;
    if (!isRelease(block, i)) {
      probe.compare(block, i, rsvs, anyInFlight());
    }
    if (block.has(i, Field.INODE_RESERVED)) {
      InodeReserve inode = inodes.find(block.number(i, Field.ROOT), block.number(i, Field.INO));
      if (inode != null && inode.anchored) {
        long own = task.inode == inode ? task.consumed + task.migrated : 0;
        boolean fits = inode.residue - own == block.number(i, Field.INODE_RESERVED);
        probe.inode(block, i, inode, own, !fits && otherAtWork(inode, task));
      }
    }
  }

  /** Another task is charging an inode, or has changed one whose line is still to come. */
  private boolean otherAtWork(InodeReserve inode, TaskState self) {
    boolean[] any = new boolean[1];
    tasks.forEach(
        task ->
            any[0] |=
                task != self && (task.consumed != 0 || task.migrated != 0 || task.inode == inode && task.betweenLines));
    return any[0];
  }

  private static boolean isRelease(EventBlock block, int i) {
    return block.type(i) == EventType.SPACE_RESERVATION && block.number(i, Field.RESERVE) == 0;
  }

  /** A task has been granted bytes and its line about them is still to come. */
  private boolean anyInFlight() {
    boolean[] any = new boolean[1];
    tasks.forEach(task -> any[0] |= task.onDemand != 0);
    return any[0];
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
          commitHeld(time, task);
        }
        counterLine(block, i, task, type, (int) value, reserve ? bytes : -bytes);
      }
      case ENOSPC -> {
        dialect.enospcMarker = true;
        step(block, i, task);
        task.onDemand = bytes;
        enospc.marker(block, i, spaceInfo((int) value), bytes);
      }
      case DELALLOC -> {
        step(block, i, task);
        delalloc(block, i, task, value, bytes, reserve);
      }
      case DELAYED_INODE -> {
        long onDemand = task.onDemand;
        step(block, i, task);
        delayedInode(block, i, task, value, bytes, reserve, onDemand);
      }
      case DELAYED_ITEM -> {
        long onDemand = task.onDemand;
        step(block, i, task);
        delayedItem(block, i, task, value, bytes, reserve, onDemand);
      }
      case TRANSACTION -> {
        step(block, i, task);
        transaction(time, task, value, bytes, reserve);
      }
      case ZONE_UNUSABLE, OTHER -> step(block, i, task);
      default -> {
        step(block, i, task);
        dialect.delayedRefs |= type == RsvType.DELAYED_REFS;
        dialect.localDelayedRefs |= type == RsvType.LOCAL_DELAYED_REFS;
        dialect.orphan |= type == RsvType.ORPHAN;
        task.boundary();
        plain(time, type, bytes, reserve);
      }
    }
  }

  private void plain(long time, RsvType type, long bytes, boolean reserve) {
    PoolLedger pool = pools[type.ordinal()];
    if (reserve) {
      pool.reserve(time, bytes);
    } else {
      pool.release(time, bytes);
    }
  }

  private void delalloc(EventBlock block, int i, TaskState task, long ino, long bytes, boolean reserve) {
    dialect.delalloc = true;
    PoolLedger pool = pools[RsvType.DELALLOC.ordinal()];
    long time = block.time(i);
    if (!dialect.perInode() && !dialect.pinnedLines && !dialect.flushEvents) {
      bucket.line(block, i, ino, reserve ? bytes : -bytes);
    }
    if (reserve) {
      pool.reserve(time, bytes);
      inodes.reserved(block, i, task, ino, bytes);
    } else {
      chargeDelalloc(time, task);
      pool.release(time, bytes);
      inodes.released(task, ino, bytes);
    }
  }

  /** What the task consumed and moved on behalf of the inode leaves the delalloc pool (D1). */
  private void chargeDelalloc(long time, TaskState task) {
    if (dialect.outstandingEvents) {
      PoolLedger pool = pools[RsvType.DELALLOC.ordinal()];
      if (task.consumed != 0) {
        pool.consume(time, task.consumed);
      }
      if (task.migrated != 0) {
        pool.migrate(time, task.migrated);
      }
    }
  }

  private void delayedInode(
      EventBlock block, int i, TaskState task, long ino, long bytes, boolean reserve, long onDemand) {
    long time = block.time(i);
    PoolLedger pool = pools[RsvType.DELAYED_INODE.ordinal()];
    if (!reserve) {
      chargeDelayed(task, pool);
      rsvs.delayedReleased(bytes, task.consumed);
      pool.release(time, bytes);
      owners.release(block, i, RsvType.DELAYED_INODE, ino, bytes);
      task.boundary();
      return;
    }
    units.inodeUnit(bytes);
    pool.reserve(time, bytes);
    owners.reserve(block, i, RsvType.DELAYED_INODE, ino, bytes);
    rsvs.delayedReserved(bytes, onDemand != bytes && task.handle > 0);
    if (onDemand == bytes) {
      return;
    }
    if (task.handle > 0) {
      pools[RsvType.TRANSACTION.ordinal()].noteMigrated(bytes);
    } else {
      task.migrated += bytes;
    }
  }

  private void delayedItem(
      EventBlock block, int i, TaskState task, long ino, long bytes, boolean reserve, long onDemand) {
    long time = block.time(i);
    PoolLedger pool = pools[RsvType.DELAYED_ITEM.ordinal()];
    if (reserve) {
      units.itemUnit(bytes);
      pool.reserve(time, bytes);
      owners.reserve(block, i, RsvType.DELAYED_ITEM, ino, bytes);
      rsvs.delayedReserved(bytes, onDemand != bytes && task.handle > 0);
      if (onDemand != bytes && task.handle > 0) {
        pools[RsvType.TRANSACTION.ordinal()].noteMigrated(bytes);
      }
    } else {
      chargeDelayed(task, pool);
      rsvs.delayedReleased(bytes, task.consumed);
      pool.release(time, bytes);
      owners.release(block, i, RsvType.DELAYED_ITEM, ino, bytes);
    }
    task.boundary();
  }

  /** Blocks allocated while the item was run; its release still prints the full unit. */
  private static void chargeDelayed(TaskState task, PoolLedger pool) {
    pool.noteConsumed(task.consumed);
  }

  private void transaction(long time, TaskState task, long transid, long bytes, boolean reserve) {
    PoolLedger pool = pools[RsvType.TRANSACTION.ordinal()];
    if (reserve) {
      task.handle = bytes;
      task.handleTransid = transid;
      rsvs.handleOpened(bytes);
      pool.reserve(time, bytes);
    } else if (task.handle >= bytes) {
      task.handle -= bytes;
      rsvs.handleReleased(bytes, task.consumed, task.handle == 0);
      pool.noteConsumed(task.consumed);
      pool.release(time, bytes);
    } else {
      // evict moves an unprinted unit into a handle that reserved nothing (T5).
      pool.releaseUnseen(bytes);
    }
    task.boundary();
  }

  // ---- other events ----

  /** The task did something: what was held for its next line is decided. */
  void step(EventBlock block, int i, TaskState task) {
    task.steps++;
    task.betweenLines = false;
    task.comm = block.comm(i);
    if (task.pending != null) {
      finishPending(block, i, task);
    }
    if (task.heldBytes != 0) {
      commitHeld(block.time(i), task);
    }
    task.onDemand = 0;
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
    inodes.taskless |= task.pid < 0;
    if (mod < 0) {
      chargeDelalloc(block.time(i), task);
    }
    inodes.modified(block, i, task, block.number(i, Field.ROOT), block.number(i, Field.INO), mod, printed);
  }

  /** Ends the span in which the task's tree blocks can belong to an inode. */
  void boundary(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    task.boundary();
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
    SpaceInfoLedger info = spaceInfo(flags(block, i));
    info.flushStart = info.freed;
    info.flushSteps = 0;
  }

  void flushed(EventBlock block, int i, TaskState task) {
    boundary(block, i, task);
    dialect.flushEvents = true;
    SpaceInfoLedger info = spaceInfo(flags(block, i));
    long from = task.freedOf == info ? Math.max(task.freedMark, info.flushStart) : info.flushStart;
    task.freedOf = info;
    task.freedMark = info.freed;
    info.flushSteps++;
    String state = flushes.step(block, i, info.freed - from);
    info.storm.step(block, i, state, info.freed - from);
  }

  void ticket(EventBlock block, int i, TaskState task) {
    step(block, i, task);
    dialect.tickets = true;
    tickets.ended(block, i);
    long error = block.number(i, Field.ERROR);
    if (error != 0) {
      enospc.ticketFailed(block, i, spaceInfo(flags(block, i)), error);
    }
  }

  /** btrfs_fail_all_tickets and btrfs_done_preemptive_reclaim print the whole space_info. */
  void snapshot(EventBlock block, int i, TaskState task, boolean failed) {
    step(block, i, task);
    SpaceInfoLedger info = spaceInfo(flags(block, i));
    dumps.compare(block, i, info, rsvs, anyUnsettled());
    if (failed) {
      enospc.allTicketsFailed(block, i, info);
    }
  }

  private boolean anyUnsettled() {
    boolean[] any = new boolean[1];
    tasks.forEach(task -> any[0] |= task.consumed != 0);
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
  private int flags(EventBlock block, int i) {
    long number = block.number(i, Field.FLAGS, 0);
    if (number == 0 && block.symbol(i, Field.FLAGS) == Symbols.NONE) {
      number = block.number(i, Field.SI_FLAGS, 0);
    }
    return number != 0 ? (int) number & 7 : cache.flags(block.symbols(), block.symbol(i, Field.FLAGS)) & 7;
  }

  /** btrfs_reserve_extent: the allocation itself. Where no counter line marks it (4.15 to 5.3), it charges a reserve. */
  void extentReserved(EventBlock block, int i, TaskState task) {
    long paid = task.paidOnDemand;
    step(block, i, task);
    if (dialect.updateLines || dialect.allocationMarked || !dialect.outstandingEvents) {
      return;
    }
    long bytes = block.number(i, Field.LEN);
    if ((flags(block, i) & SpaceFlags.METADATA) != 0 && paid != bytes) {
      allocated(task, SpaceFlags.METADATA, bytes);
      task.allocating = 0;
    }
  }

  ReplayReport.FileSystem finish() {
    for (SpaceInfoLedger info : spaceInfos) {
      if (info != null) {
        info.mayUse.finish();
        info.pinned.finish();
      }
    }
    inodes.finish();
    return new FsReport(this, spaceInfos, gapCount).build(inodeUnits.finish());
  }
}
