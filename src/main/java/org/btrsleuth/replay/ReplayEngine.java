package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.incident.Incident;

/**
 * Replays the reservation events of an incident, file system by file system, in one pass: takes blocks in file order
 * on one thread, several inputs one after the other, and keeps only what is open.
 *
 * <p>Events of kernels before 4.8 carry no file system id except btrfs_space_reservation: they are given to the file
 * system that their task touched last, else to the only one there is; where neither decides they are counted.
 */
public final class ReplayEngine implements EventSink {
  /** Events after which a CPU counts as one that took part. */
  private static final int BUSY = 64;

  private final WhatIfRules whatIf;
  private final SymbolCache cache = new SymbolCache();
  private final LongMap<FsReplay> byFsid = new LongMap<>();
  private final List<FsReplay> fileSystems = new ArrayList<>();
  private final LongMap<FsReplay> lastOfTask = new LongMap<>();
  private FsReplay nameless;
  private String path;
  private boolean overwritten;
  private final BitSet cpusSeen = new BitSet();
  private int zeroFsid = -1;
  /** Line of each CPU's last event: what a mark of loss speaks of begins there. */
  private long[] lastLine = new long[8];
  private long[] eventsOf = new long[8];
  private long unattributed;
  private long events;
  private long sameTime;
  private long lastTime = EventBlock.NO_TIME;

  public ReplayEngine() {
    this(null);
  }

  /** @param whatIf rules to compare with in detail; null for a summary of the other side of the fix only */
  public ReplayEngine(WhatIfRules whatIf) {
    this.whatIf = whatIf;
  }

  @Override
  public void accept(EventBlock block) {
    int size = block.size();
    if (size > 0 && !block.path().equals(path)) {
      newInput(block);
    }
    boolean probe = size > 0 && block.has(0, Field.TRANS_SIZE);
    for (int i = 0; i < size; i++) {
      EventType type = block.type(i);
      if (type == EventType.OTHER || type == EventType.SCHED_SWITCH || type == EventType.KERNEL_STACK) {
        continue;
      }
      if (type == EventType.LOST) {
        lost(block, i);
        continue;
      }
      if (overwritten && isNewCpu(block.cpu(i))) {
        for (FsReplay fs : fileSystems) {
          fs.forgive(block, i);
        }
      }
      int cpu = block.cpu(i);
      if (cpu >= 0) {
        if (cpu >= lastLine.length) {
          lastLine = Arrays.copyOf(lastLine, Math.min(1 << 16, cpu + 8));
          eventsOf = Arrays.copyOf(eventsOf, lastLine.length);
        }
        int slot = Math.min(cpu, lastLine.length - 1);
        lastLine[slot] = block.line(i);
        eventsOf[slot]++;
      }
      clock(block.time(i));
      FsReplay fs = fileSystem(block, i, type);
      if (fs != null) {
        if (probe) {
          TaskState task = fs.task(block.pid(i));
          fs.probe.before(block, i, task);
          dispatch(fs, type, block, i);
          fs.probe.after(block, i, task);
        } else if (!type.isCall()) {
          dispatch(fs, type, block, i);
        }
        fs.inodeUnits.accept(block, i);
      }
    }
  }

  /** A clock of jiffies gives most events the time of the one before; their order within a tick means nothing. */
  private void clock(long time) {
    if (time == lastTime) {
      sameTime++;
    }
    lastTime = time;
    if ((++events & 255) == 0) {
      boolean coarse = time != EventBlock.NO_TIME && sameTime * 10 > events * 9;
      for (FsReplay fs : fileSystems) {
        fs.inodes.coarseClock = coarse;
      }
    }
  }

  /** Without a CPU the mark speaks of the whole ring buffer: its oldest events were overwritten, CPU by CPU. */
  private void lost(EventBlock block, int i) {
    if (block.cpu(i) < 0) {
      overwritten = true;
      cpusSeen.clear();
    }
    int cpu = block.cpu(i);
    long since = cpu >= 0 && cpu < lastLine.length ? lastLine[cpu] : 0;
    for (FsReplay fs : fileSystems) {
      fs.lost(block, i, since);
      fs.inodeUnits.accept(block, i);
    }
  }

  private boolean isNewCpu(int cpu) {
    if (cpu < 0 || cpusSeen.get(cpu)) {
      return false;
    }
    cpusSeen.set(cpu);
    return true;
  }

  private void newInput(EventBlock block) {
    if (path != null) {
      endOfCpus();
      for (FsReplay fs : fileSystems) {
        fs.gap(block, 0, "another input begins");
      }
    }
    path = block.path();
    overwritten = false;
    Arrays.fill(lastLine, 0);
    Arrays.fill(eventsOf, 0);
  }

  /**
   * A buffer that does not overwrite takes nothing more once it is full, CPU by CPU and without a mark. Where a counter's
   * chain breaks only after a busy CPU has fallen silent, that is what happened.
   */
  private void endOfCpus() {
    for (int cpu = 0; cpu < lastLine.length; cpu++) {
      if (eventsOf[cpu] >= BUSY) {
        for (FsReplay fs : fileSystems) {
          fs.silentSince(path, lastLine[cpu], cpu);
        }
      }
    }
  }

  private FsReplay fileSystem(EventBlock block, int i, EventType type) {
    int fsid = block.fsid(i);
    int pid = block.pid(i);
    if (fsid == Symbols.NONE) {
      return withoutFsid(pid);
    }
    FsReplay fs = byFsid.get(fsid);
    if (fs == null) {
      if (isZero(block, fsid)) {
        return null;
      }
      fs = nameless != null && fileSystems.size() == 1 && nameless.fsid().isEmpty() ? nameless : add("");
      fs.fsid(block.symbols().text(fsid));
      byFsid.put(fsid, fs);
    }
    if (type != EventType.SPACE_RESERVATION) {
      fs.dialect.fsidOnOthers = true;
    } else if (pid >= 0 && fileSystems.size() > 1 && !fs.dialect.fsidOnOthers) {
      lastOfTask.put(pid, fs);
    }
    return fs;
  }

  /** Work queues that do not know their file system yet print an id of zeros. */
  private boolean isZero(EventBlock block, int fsid) {
    if (fsid != zeroFsid && block.symbols().text(fsid).matches("[0-]+")) {
      zeroFsid = fsid;
    }
    return fsid == zeroFsid;
  }

  private FsReplay withoutFsid(int pid) {
    if (fileSystems.size() == 1) {
      return fileSystems.get(0);
    }
    if (fileSystems.isEmpty()) {
      nameless = add("");
      return nameless;
    }
    FsReplay fs = lastOfTask.get(pid);
    if (fs == null) {
      unattributed++;
    }
    return fs;
  }

  private FsReplay add(String fsid) {
    FsReplay fs = new FsReplay(fsid, cache, whatIf);
    fileSystems.add(fs);
    return fs;
  }

  private static void dispatch(FsReplay fs, EventType type, EventBlock block, int i) {
    TaskState task = fs.task(block.pid(i));
    switch (type) {
      case SPACE_RESERVATION -> fs.reservation(block, i, task);
      case UPDATE_BYTES_MAY_USE -> fs.announced(block, i, task, false);
      case UPDATE_BYTES_PINNED -> fs.announced(block, i, task, true);
      case INODE_MOD_OUTSTANDING_EXTENTS -> fs.outstanding(block, i, task);
      case TRIGGER_FLUSH -> fs.triggerFlush(block, i, task);
      case FLUSH_SPACE -> fs.flushed(block, i, task);
      case RESERVE_TICKET -> fs.ticket(block, i, task);
      case FAIL_ALL_TICKETS -> fs.snapshot(block, i, task, true);
      case DONE_PREEMPTIVE_RECLAIM -> fs.snapshot(block, i, task, false);
      case TRANSACTION_COMMIT -> fs.committed(block, i, task);
      case INODE_NEW -> fs.inodeNew(block, i, task);
      case INODE_EVICT -> fs.inodeEvict(block, i, task);
      case ORDERED_EXTENT_ADD -> fs.orderedAdded(block, i, task);
      case ORDERED_EXTENT_REMOVE -> fs.orderedRemoved(block, i, task);
      case WRITEPAGE, ALL_WORK_DONE, SYNC_FILE -> fs.boundary(block, i, task);
      case RESERVED_EXTENT_FREE -> fs.extents.reservedFreed(block, i, task);
      case CHUNK_ALLOC -> fs.extents.chunk(block, i, task, true);
      case CHUNK_FREE -> fs.extents.chunk(block, i, task, false);
      case WORK_SCHED -> fs.workBegins(block, i, task);
      case RUN_DELAYED_REF, RUN_DELAYED_REF_HEAD -> fs.delayedRefRun(block, i, task);
      case RESERVE_EXTENT -> fs.extents.extentReserved(block, i, task);
      default -> fs.step(block, i, task);
    }
  }

  /** Ends the replay; the engine must not be used afterwards. */
  public ReplayReport finish(Incident incident) {
    endOfCpus();
    List<ReplayReport.FileSystem> reports = new ArrayList<>();
    // A dump names its device, an event the uuid: which belongs to which is clear only where one had failures.
    List<FsReplay> failing = fileSystems.stream().filter(fs -> !fs.dumpMoments.all().isEmpty()).toList();
    if (failing.size() == 1) {
      failing.get(0).logDumps.compare(incident.records(), failing.get(0).dumpMoments.all());
    }
    for (FsReplay fs : fileSystems) {
      reports.add(fs.finish());
    }
    if (unattributed > 0 && !reports.isEmpty()) {
      reports.get(0).notes().add(
          unattributed + " events name no file system and could not be given to one of " + fileSystems.size() + ".");
    }
    return new ReplayReport(reports);
  }
}
