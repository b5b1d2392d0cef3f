package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport.Check;
import org.junit.jupiter.api.Test;

/** What btrfs_done_preemptive_reclaim prints of trans_block_rsv against the handles that are open. SYNTHETIC lines. */
class SnapshotTest {
  private final ReplayEngine engine = new ReplayEngine();
  private final TextFeeder feeder = new TextFeeder(engine, "made");
  private int micros;

  @Test
  void a_handle_is_credited_before_its_line() {
    reserve(70, 0, 196608);
    snapshot(196608, 196608);
    print(70, "btrfs_space_reservation", "transaction: 7 reserve 196608");
    assertThat(dumps().mismatches()).isZero();
    assertThat(dumps().undecided()).isEqualTo(1);
  }

  @Test
  void what_no_task_can_hold_is_a_mismatch() {
    reserve(70, 0, 196608);
    print(70, "btrfs_space_reservation", "delayed_refs_rsv: 0 reserve 196608");
    snapshot(196608, 196608);
    assertThat(dumps().mismatches()).isEqualTo(1);
  }

  private Check dumps() {
    return engine.finish(new Incident(List.of(), null, null, List.of(), List.of())).fileSystems().get(0).checks().stream()
        .filter(c -> c.name().equals("space_info_dump"))
        .findFirst()
        .orElseThrow();
  }

  private void reserve(int pid, long old, long bytes) {
    print(pid, "update_bytes_may_use", "type=METADATA old=" + old + " diff=" + bytes);
    print(pid, "btrfs_space_reservation", "space_info: 4 reserve " + bytes);
  }

  private void snapshot(long mayUse, long trans) {
    print(
        90, "btrfs_done_preemptive_reclaim",
        "flags=METADATA total_bytes=309329920 bytes_used=40935424 bytes_pinned=0 bytes_reserved=0 bytes_may_use=" + mayUse
            + " bytes_readonly=65536 reclaim_size=0 clamp=8 global_reserved=0 trans_reserved=" + trans
            + " delayed_refs_reserved=0 delayed_reserved=0 chunk_free_space=0 delalloc_bytes=0 ordered_bytes=0");
  }

  private void print(int pid, String event, String text) {
    micros++;
    feeder.line(
        String.format(
            "            task-%d    [000] ...1.  1.%06d: %s: 6f9619ff-8b86-d011-b42d-00cf4fc964ff: %s",
            pid, micros, event, text));
  }
}
