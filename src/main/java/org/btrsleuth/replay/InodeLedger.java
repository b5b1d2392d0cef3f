package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.replay.ReplayReport.Anomaly;

/**
 * Per-inode delalloc reserves (4.15 on): the printed count of outstanding extents against its replay, and the identity
 * "what was reserved was released, consumed by tree blocks or handed to the delayed inode" at every moment at which
 * nothing is outstanding.
 *
 * <p>A task charges the inode between its previous step and its lowering of the inode's outstanding extents, not up to
 * the release line: btrfs_inode_rsv_release prints none when there is no excess. The release line itself comes after
 * the count has reached 0, so a period is judged when the next one begins and the task that ended it has gone on.
 */
final class InodeLedger {
  private static final int SWEEP_AT = 1 << 16;
  private static final int MAX_ANOMALIES = 32;

  final CheckCounter outstanding = new CheckCounter("outstanding_extents");
  final CheckCounter identity = new CheckCounter("inode_reservation_identity");
  final List<Anomaly> anomalies = new ArrayList<>();

  private final LongMap<InodeReserve> inodes = new LongMap<>();
  private long seen;
  private int sweepAt = SWEEP_AT;
  /** Smallest allocation of a tree block, 0 while unknown. */
  private long nodesize;
  /** The log shows the file system from its mount, so every inode starts at 0. */
  private boolean fromMount;
  /** Tree blocks can be attributed: their allocation is recorded. */
  private boolean allocationsSeen;
  /** The trace names no tasks, so nothing can be attributed. */
  boolean taskless;
  /** Most events share their time stamp with the one before. */
  boolean coarseClock;

  void nodesize(long bytes) {
    allocationsSeen = true;
    if (nodesize == 0 || bytes < nodesize) {
      nodesize = bytes;
    }
  }

  void fromMount() {
    fromMount = true;
  }

  long seen() {
    return seen;
  }

  /** Takes btrfs_inode_mod_outstanding_extents; {@code printed} is negative where the era prints no value. */
  void modified(EventBlock block, int i, TaskState task, long root, long ino, long mod, long printed) {
    InodeReserve inode = inode(root, ino);
    task.inode = inode;
    long after = inode.outstanding + mod;
    if (printed >= 0) {
      if (inode.known) {
        compareOutstanding(block, i, inode, after, printed);
      }
      after = printed;
      if (!inode.known && printed == mod && mod > 0) {
        inode.reset();
      }
      inode.known = true;
    } else if (after < 0) {
      if (inode.known && outstanding.mismatch(block, i)) {
        outstanding.detail("outstanding extents of inode " + ino + " would fall to " + after);
      }
      inode.gap();
      after = 0;
    }
    if (after == mod && inode.zero) {
      if (task == inode.zeroTask || isPast(inode)) {
        judge(inode, block, i);
      }
      inode.zero = false;
    }
    if (mod < 0) {
      settle(task, inode);
    } else {
      task.boundary();
    }
    inode.outstanding = after;
    if (after == 0) {
      inode.zero = true;
      inode.zeroTask = task;
      inode.zeroStep = task.steps;
    }
  }

  private void compareOutstanding(EventBlock block, int i, InodeReserve inode, long after, long printed) {
    if (after == printed) {
      outstanding.match();
      return;
    }
    if (coarseClock) {
      // Events of one tick stand in the order of their CPUs, so a step may stand before the one that it follows.
      outstanding.addUndecided();
      inode.gap();
      return;
    }
    if (outstanding.mismatch(block, i)) {
      outstanding.detail(
          "inode " + inode.ino + " of root " + inode.root + ": replayed " + after + ", printed " + printed
              + "; events are missing, doubled or out of order");
    }
    inode.gap();
  }

  /** {@code delalloc: ino reserve bytes}. */
  void reserved(EventBlock block, int i, TaskState task, long ino, long bytes) {
    task.boundary();
    InodeReserve inode = inodeOf(task, ino);
    if (inode == null) {
      return;
    }
    if (!inode.touched) {
      inode.touched = true;
      inode.first = CheckCounter.evidence(block, i);
    }
    inode.residue += bytes;
  }

  /** {@code delalloc: ino release bytes}. */
  void released(TaskState task, long ino, long bytes) {
    InodeReserve inode = inodeOf(task, ino);
    if (inode != null) {
      settle(task, inode);
      inode.residue -= bytes;
    }
    task.boundary();
  }

  /** What the task consumed since its last step was the inode's. */
  private void settle(TaskState task, InodeReserve inode) {
    inode.residue -= task.consumed + task.migrated;
    inode.blocks += task.blocks;
    inode.unattributed += task.dropped;
    task.boundary();
  }

  /** The line names no root: the task's last change of outstanding extents does, if it was this inode's. */
  private InodeReserve inodeOf(TaskState task, long ino) {
    return task.inode != null && task.inode.ino == ino ? task.inode : null;
  }

  void created(long root, long ino) {
    InodeReserve inode = inode(root, ino);
    if (!inode.known) {
      inode.known = true;
      inode.reset();
    }
  }

  void evicted(long root, long ino, EventBlock block, int i) {
    long key = key(root, ino);
    InodeReserve inode = inodes.get(key);
    if (inode != null && inode.root == root && inode.ino == ino && inode.zero && isPast(inode)) {
      judge(inode, block, i);
      inodes.remove(key);
    }
  }

  void forgiveSince(long line) {
    outstanding.forgiveSince(line);
    identity.forgiveSince(line);
    anomalies.removeIf(a -> a.evidence().isEmpty() || a.evidence().get(a.evidence().size() - 1).line() > line);
  }

  void gap() {
    fromMount = false;
    inodes.forEach(
        inode -> {
          inode.gap();
          inode.known = false;
        });
  }

  void finish() {
    inodes.forEach(
        inode -> {
          if (inode.zero) {
            judge(inode, null, -1);
          }
        });
  }

  /** Bytes held by inodes, greatest first. */
  List<InodeReserve> holders(int most) {
    List<InodeReserve> all = new ArrayList<>();
    inodes.forEach(
        inode -> {
          if (inode.residue > 0) {
            all.add(inode);
          }
        });
    all.sort((a, b) -> Long.compare(b.residue, a.residue));
    return all.subList(0, Math.min(most, all.size()));
  }

  private static boolean isPast(InodeReserve inode) {
    return inode.zeroTask == null || inode.zeroTask.steps != inode.zeroStep;
  }

  private void judge(InodeReserve inode, EventBlock block, int i) {
    if (taskless) {
      identity.addUndecided();
    } else if (!inode.anchored) {
      if (inode.residue == 0 && inode.touched) {
        identity.match();
      } else if (inode.touched || inode.residue != 0) {
        identity.addUndecided();
      }
    } else if (inode.residue == 0) {
      if (inode.touched) {
        identity.match();
      }
    } else if (isUndecidable(inode) || (block == null && !isPast(inode))) {
      identity.addUndecided();
    } else {
      mismatch(inode, block, i);
    }
    inode.reset();
  }

  /**
   * Blocks of trees that do not belong to the inode's root (a relocation root that is created, items of a new chunk)
   * are allocated in the same span and look alike; without btrfs_cow_block nothing tells them apart. And where it is not
   * recorded who runs delayed refs, blocks before a line of delayed_refs_rsv may or may not have been the inode's.
   */
  private boolean isUndecidable(InodeReserve inode) {
    if (!allocationsSeen) {
      return true;
    }
    if (nodesize == 0 || inode.residue % nodesize != 0) {
      return false;
    }
    return inode.residue < 0 ? -inode.residue / nodesize <= inode.blocks : inode.residue <= inode.unattributed;
  }

  private void mismatch(InodeReserve inode, EventBlock block, int i) {
    boolean leak = inode.residue > 0;
    String text =
        "inode " + inode.ino + " of root " + inode.root + " has nothing outstanding, but "
            + Bytes.text(Math.abs(inode.residue)) + " " + (leak ? "were never given back" : "were given back twice");
    boolean first = block == null ? identity.mismatch(inode.first) : identity.mismatch(block, i);
    if (first) {
      identity.detail(text);
    }
    if (anomalies.size() < MAX_ANOMALIES) {
      List<org.btrsleuth.source.Evidence> evidence = new ArrayList<>();
      if (inode.first != null) {
        evidence.add(inode.first);
      }
      if (block != null) {
        evidence.add(CheckCounter.evidence(block, i));
      }
      anomalies.add(
          new Anomaly(
              leak ? "leaked-reservation" : "double-release",
              "delalloc",
              inode.root,
              inode.ino,
              Math.abs(inode.residue),
              true,
              text,
              java.util.Map.of("bytes", Math.abs(inode.residue)),
              evidence));
    }
  }

  /** Null if not seen. */
  InodeReserve find(long root, long ino) {
    InodeReserve inode = inodes.get(key(root, ino));
    return inode != null && inode.root == root && inode.ino == ino ? inode : null;
  }

  private InodeReserve inode(long root, long ino) {
    long key = key(root, ino);
    InodeReserve inode = inodes.get(key);
    while (inode != null && (inode.root != root || inode.ino != ino)) {
      key = key * 31 + 17;
      inode = inodes.get(key);
    }
    if (inode == null) {
      if (inodes.size() >= sweepAt) {
        sweep();
      }
      inode = new InodeReserve(root, ino);
      if (fromMount) {
        inode.known = true;
        inode.anchored = true;
      }
      inodes.put(key, inode);
      seen++;
    }
    return inode;
  }

  /** Drops inodes with nothing outstanding; where that is not enough the table may grow. */
  private void sweep() {
    inodes.removeIf(
        inode -> {
          boolean done = inode.zero && isPast(inode);
          if (done) {
            judge(inode, null, -1);
          }
          return done;
        });
    sweepAt = Math.max(SWEEP_AT, inodes.size() * 2);
  }

  private static long key(long root, long ino) {
    return (root << 44) + ino;
  }
}
