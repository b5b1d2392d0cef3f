package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.junit.jupiter.api.Test;

/**
 * Inodes of equal number in two subvolumes: delalloc lines name no root, and what one of them holds says nothing of the
 * other. SYNTHETIC lines as 6.18 prints them.
 */
class InodeUnitRootsTest {
  private static final long EXTENT = 262144;
  private static final long UNIT = 131072;

  private final ReplayEngine engine = new ReplayEngine();
  private final TextFeeder feeder = new TextFeeder(engine, "made");
  private int micros;

  @Test
  void a_root_that_comes_to_nothing_does_not_empty_the_other_ones_reserve() {
    write(50, 5, 1, 2 * EXTENT + UNIT);
    write(50, 5, 2, EXTENT);
    write(51, 256, 1, 2 * EXTENT + UNIT);
    handOver(101, 257);
    complete(101, 256, 0, 2 * EXTENT);
    handOver(100, 257);
    complete(100, 5, 1, EXTENT - UNIT);
    complete(100, 5, 0, 2 * EXTENT);

    InodeUnits units =
        engine.finish(new Incident(List.of(), null, null, List.of(), List.of())).fileSystems().get(0).inodeUnits();
    assertThat(units.completions()).isEqualTo(3);
    assertThat(units.handedOver()).isEqualTo(2);
    assertThat(units.alreadyDirty()).isEqualTo(1);
    assertThat(units.undecided()).isZero();
    assertThat(units.whatIf().failed()).isZero();
  }

  @Test
  void after_lost_events_only_what_is_given_back_proves_what_was_held() {
    write(50, 5, 1, 2 * EXTENT + UNIT);
    feeder.line("CPU:0 [LOST 17 EVENTS]");
    handOver(100, 257);
    complete(100, 5, 3, 0);
    complete(100, 5, 2, EXTENT);

    InodeUnits units =
        engine.finish(new Incident(List.of(), null, null, List.of(), List.of())).fileSystems().get(0).inodeUnits();
    assertThat(units.handedOver()).isEqualTo(1);
    assertThat(units.alreadyDirty()).isEqualTo(1);
    assertThat(units.whatIf().failed()).as("nobody knows what the inode held").isZero();
    assertThat(units.whatIf().undecided()).isEqualTo(1);
  }

  private void write(int pid, int root, int outstanding, long bytes) {
    print(pid, "btrfs_inode_mod_outstanding_extents", "root=" + root + " ino=257 mod=1 outstanding=" + outstanding);
    print(pid, "btrfs_space_reservation", "delalloc: 257 reserve " + bytes);
    print(pid, "btrfs_ordered_extent_add", extent(root));
  }

  private void handOver(int pid, int ino) {
    print(pid, "btrfs_work_sched", "work=1 (normal_work=1) wq=1 func=finish_ordered_fn ordered_func=0");
    print(pid, "btrfs_space_reservation", "delayed_inode: " + ino + " reserve " + UNIT);
  }

  private void complete(int pid, int root, int outstanding, long bytes) {
    print(pid, "btrfs_inode_mod_outstanding_extents", "root=" + root + " ino=257 mod=-1 outstanding=" + outstanding);
    if (bytes > 0) {
      print(pid, "btrfs_space_reservation", "delalloc: 257 release " + bytes);
    }
    print(pid, "btrfs_ordered_extent_remove", extent(root));
    print(pid, "btrfs_all_work_done", "work->1");
  }

  private static String extent(int root) {
    return "root=" + root + " ino=257 file_offset=0 start=1 len=4096 disk_len=4096 truncated_len=0 bytes_left=0 flags=REGULAR";
  }

  private void print(int pid, String event, String text) {
    micros++;
    feeder.line(
        String.format(
            "            task-%d    [000] ...1.  1.%06d: %s: 6f9619ff-8b86-d011-b42d-00cf4fc964ff: %s",
            pid, micros, event, text));
  }
}
