package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random legal sequences on a kernel with one delalloc reserve (3.4 to 4.7), printed by a small model of both sides of the
 * fix that shares no code with the replay: the replay must find the rules and every count, balance exactly, and predict
 * from the trace of one kernel what the model of the other one does with the same operations.
 */
class LegalBucketSequenceTest {
  private static final long U = 65536;
  private static final long NODE = 4096;
  private static final int INODES = 4;

  /** What happens, whatever the rules: write, complete, commit. */
  private record Operation(char kind, int inode, int blocks) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void bothKernelsAreReadRightAndPredictEachOther(long seed) {
    List<Operation> operations = operations(seed, 900, 30);
    Kernel fixed = new Kernel(true);
    Kernel unfixed = new Kernel(false);
    operations.forEach(fixed::run);
    operations.forEach(unfixed::run);
    FileSystem withFix = fixed.replay();
    FileSystem withoutFix = unfixed.replay();
    assertThat(fixed.handedOver).as("seed %d needs a unit somewhere", seed).isPositive();
    same(seed, withFix.inodeUnits(), fixed, UnitRules.AFTER_FIX);
    same(seed, withoutFix.inodeUnits(), unfixed, UnitRules.BEFORE_FIX);
    same(seed, withoutFix.inodeUnits().whatIf(), fixed, UnitRules.AFTER_FIX);
    same(seed, withFix.inodeUnits().whatIf(), unfixed, UnitRules.BEFORE_FIX);
    for (FileSystem fs : List.of(withFix, withoutFix)) {
      for (Check check : fs.checks()) {
        assertThat(check.mismatches()).as("seed %d %s", seed, check).isZero();
      }
      assertThat(fs.anomalies()).as("seed %d", seed).isEmpty();
    }
  }

  /** While no commit comes between a write and its completion, every node is dirty already: the fix changes nothing. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void withoutCommitsBothSidesDoTheSame(long seed) {
    List<Operation> operations = operations(seed, 500, 0);
    Kernel fixed = new Kernel(true);
    Kernel unfixed = new Kernel(false);
    for (Kernel kernel : List.of(fixed, unfixed)) {
      for (int i = 0; i < INODES; i++) {
        kernel.dirtyByOthers(i);
      }
      operations.forEach(kernel::run);
    }
    for (Kernel kernel : List.of(fixed, unfixed)) {
      InodeUnits units = kernel.replay().inodeUnits();
      assertThat(units.completions()).as("seed %d", seed).isEqualTo(kernel.completions);
      assertThat(units.alreadyDirty()).as("seed %d", seed).isEqualTo(kernel.completions);
    }
    InodeUnitMachine before = new InodeUnitBeforeFix(0);
    InodeUnitMachine after = new InodeUnitAfterFix(1, InodeUnitAfterFix.Variant.V3_4);
    InodeUnitMachine own = new InodeUnitOwnReserve(2);
    for (InodeUnitOutcome[] pair : outcomes(operations, before, after, own)) {
      assertThat(pair[0]).isEqualTo(InodeUnitOutcome.ALREADY_DIRTY).isEqualTo(pair[1]).isEqualTo(pair[2]);
    }
    assertThat(before.bucket.size()).isZero();
    assertThat(after.bucket.size()).isZero();
    assertThat(own.bucket.size()).isZero();
  }

  private static List<InodeUnitOutcome[]> outcomes(List<Operation> operations, InodeUnitMachine... machines) {
    InodeUnitInode[] inodes = new InodeUnitInode[INODES];
    int[] outstanding = new int[INODES];
    for (InodeUnitMachine machine : machines) {
      machine.setUnit(U);
    }
    for (int i = 0; i < INODES; i++) {
      inodes[i] = new InodeUnitInode(257 + i, true);
      inodes[i].delallocKnown = true;
      for (InodeUnitMachine machine : machines) {
        machine.updateElsewhere(inodes[i]);
      }
    }
    List<InodeUnitOutcome[]> all = new ArrayList<>();
    for (Operation o : operations) {
      InodeUnitInode inode = inodes[o.inode];
      if (o.kind == 'w') {
        outstanding[o.inode]++;
        for (InodeUnitMachine machine : machines) {
          machine.reserve(inode, U);
        }
      } else if (o.kind == 'c' && outstanding[o.inode] > 0) {
        outstanding[o.inode]--;
        InodeUnitOutcome[] got = new InodeUnitOutcome[machines.length];
        for (int m = 0; m < machines.length; m++) {
          machines[m].treeBlock(inode, o.blocks * NODE);
          got[m] = machines[m].update(inode, InodeUnitMachine.OnDemand.UNKNOWN);
          machines[m].release(inode, U, outstanding[o.inode] == 0);
        }
        all.add(got);
      }
    }
    return all;
  }

  private static List<Operation> operations(long seed, int count, int commits) {
    Random random = new Random(seed);
    List<Operation> operations = new ArrayList<>();
    int[] outstanding = new int[INODES];
    for (int n = 0; n < count; n++) {
      int inode = random.nextInt(INODES);
      if (random.nextInt(100) < commits) {
        operations.add(new Operation('t', 0, 0));
      } else if (outstanding[inode] == 0 || outstanding[inode] < 12 && random.nextBoolean()) {
        outstanding[inode]++;
        operations.add(new Operation('w', inode, 0));
      } else {
        outstanding[inode]--;
        operations.add(new Operation('c', inode, random.nextInt(3)));
      }
    }
    for (int inode = 0; inode < INODES; inode++) {
      for (; outstanding[inode] > 0; outstanding[inode]--) {
        operations.add(new Operation('c', inode, 1));
      }
    }
    return operations;
  }

  private static void same(long seed, InodeUnits units, Kernel truth, UnitRules rules) {
    assertThat(units.rules().rules()).as("seed %d", seed).isEqualTo(rules);
    assertThat(units.completions()).as("seed %d completions", seed).isEqualTo(truth.completions);
    assertThat(units.alreadyDirty()).as("seed %d dirty", seed).isEqualTo(truth.alreadyDirty);
    assertThat(units.handedOver()).as("seed %d handed over", seed).isEqualTo(truth.handedOver);
    assertThat(units.onDemand()).as("seed %d on demand", seed).isEqualTo(truth.onDemand);
    assertThat(units.withoutEntitlement()).as("seed %d taken", seed).isEqualTo(truth.taken);
    assertThat(units.failed()).as("seed %d failed", seed).isEqualTo(truth.failed);
    assertThat(units.undecided()).as("seed %d", seed).isZero();
  }

  /** Inodes without checksums: a write reserves one unit an extent, and one for the inode where the fix is. */
  private static final class Kernel {
    private final boolean fix;
    private final ReplayEngine engine = new ReplayEngine();
    private final TextFeeder feeder = new TextFeeder(engine, "made");
    private final int[] outstanding = new int[INODES];
    private final boolean[] unit = new boolean[INODES];
    private final boolean[] dirty = new boolean[INODES];
    private long size;
    private long reserved;
    private long micros = 1_000_000;
    private long generation = 7;
    long completions;
    long alreadyDirty;
    long handedOver;
    long onDemand;
    long taken;
    long failed;

    Kernel(boolean fix) {
      this.fix = fix;
      for (int i = 0; i < INODES; i++) {
        print("touch", 40, "btrfs_inode_new", "root = 5(FS_TREE), gen = 7, ino = " + (257 + i)
            + ", blocks = 0, disk_i_size = 0, last_trans = 7, logged_trans = 0");
      }
      // Creating a file updates its directory: from then on the unit is known.
      dirtyByOthers(0);
      commit();
    }

    void run(Operation o) {
      switch (o.kind) {
        case 'w' -> write(o.inode);
        case 'c' -> complete(o.inode, o.blocks);
        default -> commit();
      }
    }

    FileSystem replay() {
      return engine.finish(new Incident(List.of(), null, null, List.of(), List.of())).fileSystems().get(0);
    }

    void dirtyByOthers(int i) {
      rsv("chmod", 41, "transaction: 7 reserve " + 2 * U);
      rsv("chmod", 41, "delayed_inode: " + (257 + i) + " reserve " + U);
      rsv("chmod", 41, "transaction: 7 release " + 2 * U);
      dirty[i] = true;
    }

    private void write(int i) {
      long bytes = U;
      if (fix && !unit[i]) {
        unit[i] = true;
        bytes += U;
      }
      outstanding[i]++;
      size += bytes;
      reserved += bytes;
      rsv("writer", 50 + i, "space_info: 1 reserve 4096");
      rsv("writer", 50 + i, "space_info: 4 reserve " + bytes);
      rsv("writer", 50 + i, "delalloc: " + (257 + i) + " reserve " + bytes);
      ordered("flush-btrfs-1", 60, "add", i);
    }

    private void complete(int i, int blocks) {
      String worker = "btrfs-endio-wri";
      completions++;
      for (int n = 0; n < blocks && reserved >= NODE; n++) {
        reserved -= NODE;
        rsv(worker, 70, "space_info: 4 release " + NODE);
      }
      if (dirty[i]) {
        alreadyDirty++;
      } else if (fix && unit[i] && reserved >= U) {
        handedOver++;
        unit[i] = false;
        dirty[i] = true;
        reserved -= U;
        size -= U;
        rsv(worker, 70, "delayed_inode: " + (257 + i) + " reserve " + U);
        rsv(worker, 70, "delalloc: " + (257 + i) + " release " + U);
      } else if (fix) {
        onDemand++;
        dirty[i] = true;
        rsv(worker, 70, "space_info: 4 reserve " + U);
        rsv(worker, 70, "delayed_inode: " + (257 + i) + " reserve " + U);
      } else if (reserved >= U) {
        taken++;
        dirty[i] = true;
        reserved -= U;
        rsv(worker, 70, "delayed_inode: " + (257 + i) + " reserve " + U);
      } else {
        failed++;
      }
      outstanding[i]--;
      long bytes = U;
      if (outstanding[i] == 0 && unit[i]) {
        unit[i] = false;
        bytes += U;
      }
      size -= bytes;
      rsv(worker, 70, "delalloc: " + (257 + i) + " release " + bytes);
      if (reserved > size) {
        rsv(worker, 70, "space_info: 4 release " + (reserved - size));
        reserved = size;
      }
      ordered(worker, 70, "remove", i);
    }

    private void commit() {
      for (int i = 0; i < INODES; i++) {
        if (dirty[i]) {
          dirty[i] = false;
          rsv("btrfs-transacti", 80, "delayed_inode: " + (257 + i) + " release " + U);
        }
      }
      print("btrfs-transacti", 80, "btrfs_transaction_commit", "root = 1(ROOT_TREE), gen = " + generation++);
    }

    private void ordered(String comm, int pid, String what, int i) {
      print(
          comm, pid, "btrfs_ordered_extent_" + what,
          "root = 5(FS_TREE), ino = " + (257 + i) + ", file_offset = 0, start = 12582912, len = 4096, disk_len = 4096, "
              + "bytes_left = 0, flags = , compress_type = 0, refs = 1");
    }

    private void rsv(String comm, int pid, String text) {
      print(comm, pid, "btrfs_space_reservation", "6f9619ff-8b86-d011-b42d-00cf4fc964ff: " + text);
    }

    private void print(String comm, int pid, String event, String text) {
      micros += 37;
      feeder.line(
          String.format(
              "%16s-%-5d [000] ....  %d.%06d: %s: %s", comm, pid, micros / 1_000_000, micros % 1_000_000, event, text));
    }
  }
}
