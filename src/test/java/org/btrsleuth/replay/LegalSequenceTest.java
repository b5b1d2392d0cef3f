package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of writes, completions and commits by the kernel's rules for per-inode reserves must balance, however
 * the lines of the tasks are interleaved; a sequence with one wrong release must not.
 */
class LegalSequenceTest {
  private static final long EXTENT = 262144;
  private static final long UNIT = 131072;
  private static final long NODE = 16384;

  @Test
  void legal_sequences_balance() {
    for (long seed = 1; seed <= 60; seed++) {
      FileSystem fs = new Kernel(seed, 0).run(400);
      for (Check check : fs.checks()) {
        assertThat(check.mismatches()).as("seed %d %s", seed, check).isZero();
      }
      assertThat(check(fs, "inode_reservation_identity").compared()).as("seed %d", seed).isPositive();
      assertThat(fs.anomalies()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void a_release_that_is_too_small_is_a_leak_of_that_inode() {
    for (long seed = 1; seed <= 60; seed++) {
      Kernel kernel = new Kernel(seed, 24576);
      FileSystem fs = kernel.run(400);
      assertThat(fs.anomalies()).as("seed %d", seed).extracting(Anomaly::kind).containsOnly("leaked-reservation");
      Anomaly leak = fs.anomalies().get(0);
      assertThat(leak.owner()).as("seed %d", seed).isEqualTo(kernel.wrongInode);
      assertThat(leak.amount()).as("seed %d", seed).isEqualTo(24576);
    }
  }

  @Test
  void a_release_that_is_too_great_is_a_double_release_of_that_inode() {
    for (long seed = 1; seed <= 60; seed++) {
      Kernel kernel = new Kernel(seed, -24576);
      FileSystem fs = kernel.run(400);
      assertThat(fs.anomalies()).as("seed %d", seed).extracting(Anomaly::kind).containsOnly("double-release");
      assertThat(fs.anomalies().get(0).owner()).as("seed %d", seed).isEqualTo(kernel.wrongInode);
    }
  }

  @Test
  void a_merge_of_delayed_refs_does_not_end_a_completion() {
    for (Refs refs : List.of(Refs.RUNS_RECORDED, Refs.WORK_RECORDED)) {
      for (long seed = 1; seed <= 40; seed++) {
        FileSystem fs = new Kernel(seed, 0, refs).run(400);
        assertThat(check(fs, "inode_reservation_identity").mismatches()).as("seed %d %s", seed, refs).isZero();
        assertThat(check(fs, "inode_reservation_identity").undecided()).as("seed %d %s", seed, refs).isZero();
        assertThat(fs.anomalies()).as("seed %d %s", seed, refs).isEmpty();
        Anomaly leak = new Kernel(seed, 2 * NODE, refs).run(400).anomalies().get(0);
        assertThat(leak.amount()).as("seed %d %s", seed, refs).isEqualTo(2 * NODE);
      }
    }
  }

  @Test
  void blocks_before_a_line_of_delayed_refs_are_nobodys_where_nothing_tells_who_runs_them() {
    long undecided = 0;
    for (long seed = 1; seed <= 40; seed++) {
      FileSystem fs = new Kernel(seed, 0, Refs.UNTOLD).run(400);
      assertThat(check(fs, "inode_reservation_identity").mismatches()).as("seed %d", seed).isZero();
      assertThat(fs.anomalies()).as("seed %d", seed).isEmpty();
      undecided += check(fs, "inode_reservation_identity").undecided();
    }
    assertThat(undecided).isPositive();
  }

  /** What the lines show of delayed refs: nothing, or merges in completions and which events beside them. */
  private enum Refs {
    NONE,
    RUNS_RECORDED,
    WORK_RECORDED,
    UNTOLD
  }

  private static Check check(FileSystem fs, String name) {
    return fs.checks().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  /** Prints what a kernel with per-inode reserves would print. Each inode is used by one task at a time. */
  private static final class Kernel {
    private final Random random;
    private final ReplayEngine engine = new ReplayEngine();
    private final TextFeeder feeder = new TextFeeder(engine, "made");
    private final long[] outstanding = new long[6];
    private final long[] reserved = new long[6];
    private final boolean[] dirty = new boolean[6];
    private final List<Deque<Runnable>> work = new ArrayList<>();
    private long mayUse;
    private long micros = 1_000_000;
    private final long wrongBy;
    private final Refs refs;
    long wrongInode = -1;
    private int completions;

    Kernel(long seed, long wrongBy) {
      this(seed, wrongBy, Refs.NONE);
    }

    Kernel(long seed, long wrongBy, Refs refs) {
      random = new Random(seed);
      this.refs = refs;
      this.wrongBy = wrongBy;
      for (int k = 0; k < outstanding.length; k++) {
        work.add(new ArrayDeque<>());
      }
    }

    FileSystem run(int operations) {
      change(1, 8 * EXTENT);
      if (refs == Refs.RUNS_RECORDED) {
        Deque<Runnable> steps = new ArrayDeque<>();
        runRef(steps, 300);
        steps.forEach(Runnable::run);
      }
      for (int n = 0; n < operations; ) {
        int k = random.nextInt(work.size());
        if (work.get(k).isEmpty()) {
          n++;
          begin(k);
        }
        work.get(k).remove().run();
      }
      for (int k = 0; k < work.size(); k++) {
        work.get(k).forEach(Runnable::run);
        work.get(k).clear();
        while (outstanding[k] > 0) {
          complete(k, 100 + k);
          work.get(k).forEach(Runnable::run);
          work.get(k).clear();
        }
        begin(k);
        work.get(k).forEach(Runnable::run);
      }
      return engine.finish(new Incident(List.of(), null, null, List.of(), List.of())).fileSystems().get(0);
    }

    private void begin(int k) {
      if (outstanding[k] == 0 || outstanding[k] < 5 && random.nextInt(3) == 0) {
        write(k, 50 + k);
      } else if (dirty[k] && random.nextInt(4) == 0) {
        commit(k, 90);
      } else {
        complete(k, 100 + k);
      }
    }

    private void write(int k, int pid) {
      Deque<Runnable> steps = work.get(k);
      long bytes = EXTENT + UNIT;
      steps.add(() -> change(pid, bytes));
      steps.add(() -> mod(pid, k, 1));
      steps.add(
          () -> {
            reserved[k] += bytes;
            print(pid, "btrfs_space_reservation", "delalloc: " + (257 + k) + " reserve " + bytes);
          });
      steps.add(() -> mod(pid, k, 1));
      steps.add(() -> mod(pid, k, -1));
      steps.add(() -> giveBack(pid, k, 0));
    }

    private void complete(int k, int pid) {
      Deque<Runnable> steps = work.get(k);
      if (refs == Refs.RUNS_RECORDED && random.nextInt(3) == 0) {
        runRef(steps, 300);
      }
      if (refs == Refs.WORK_RECORDED) {
        steps.add(() -> print(pid, "btrfs_work_sched", "work=1 (normal_work=1) wq=1 func=finish_ordered_fn ordered_func=0"));
      }
      int blocks = random.nextInt(4);
      for (int n = 0; n < blocks; n++) {
        steps.add(
            () -> {
              reserved[k] -= NODE;
              print(pid, "btrfs_space_reservation", "space_info: 4 reserve " + NODE);
              change(pid, -NODE);
            });
        if (refs != Refs.NONE && random.nextInt(4) == 0) {
          steps.add(() -> print(pid, "btrfs_space_reservation", "delayed_refs_rsv: 0 release " + UNIT));
        }
      }
      if (!dirty[k]) {
        dirty[k] = true;
        steps.add(
            () -> {
              reserved[k] -= UNIT;
              print(pid, "btrfs_space_reservation", "delayed_inode: " + (257 + k) + " reserve " + UNIT);
            });
      }
      steps.add(() -> mod(pid, k, -1));
      boolean wrong = wrongBy != 0 && wrongInode < 0 && outstanding[k] == 1 && ++completions > 3;
      if (wrong) {
        wrongInode = 257 + k;
      }
      steps.add(() -> giveBack(pid, k, wrong ? wrongBy : 0));
      steps.add(() -> print(pid, "btrfs_sync_file", "root=5(FS_TREE) ino=" + (257 + k) + " parent=256 datasync=0"));
    }

    private void runRef(Deque<Runnable> steps, int pid) {
      steps.add(() -> print(pid, "run_delayed_tree_ref", "bytenr=1 num_bytes=16384 action=0x1 parent=0(-) ref_root=5"));
      steps.add(
          () -> {
            print(pid, "btrfs_space_reservation", "space_info: 4 reserve " + NODE);
            change(pid, -NODE);
          });
      steps.add(() -> print(pid, "btrfs_space_reservation", "delayed_refs_rsv: 0 release " + 2 * EXTENT));
    }

    private void commit(int k, int pid) {
      dirty[k] = false;
      work.get(k).add(() -> print(pid, "btrfs_space_reservation", "delayed_inode: " + (257 + k) + " release " + UNIT));
      work.get(k).add(() -> change(pid, -UNIT));
    }

    private void giveBack(int pid, int k, long keep) {
      long size = outstanding[k] == 0 ? 0 : outstanding[k] * EXTENT + UNIT;
      long excess = reserved[k] - size;
      if (excess > 0) {
        reserved[k] = size;
        change(pid, -(excess - keep));
        print(pid, "btrfs_space_reservation", "delalloc: " + (257 + k) + " release " + (excess - keep));
      }
    }

    private void mod(int pid, int k, int mod) {
      outstanding[k] += mod;
      print(
          pid, "btrfs_inode_mod_outstanding_extents",
          "root=5(FS_TREE) ino=" + (257 + k) + " mod=" + mod + " outstanding=" + outstanding[k]);
    }

    private void change(int pid, long diff) {
      print(pid, "update_bytes_may_use", "type=METADATA old=" + mayUse + " diff=" + diff);
      mayUse += diff;
      print(
          pid, "btrfs_space_reservation",
          "space_info: 4 " + (diff > 0 ? "reserve " : "release ") + Math.abs(diff));
    }

    private void print(int pid, String event, String text) {
      micros += random.nextInt(3);
      feeder.line(
          String.format(
              "            task-%d    [000] ...1.  %d.%06d: %s: 6f9619ff-8b86-d011-b42d-00cf4fc964ff: %s",
              pid, micros / 1_000_000, micros % 1_000_000, event, text));
    }
  }
}
