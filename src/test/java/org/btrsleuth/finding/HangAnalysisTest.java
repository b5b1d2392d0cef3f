package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HangAnalysisTest {
  private static final String UNDER_PAGE_LOCK = "delalloc-reservation-under-page-lock";

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"stacks_D.txt", "sysrq-w.txt", "sysrq-t.txt"})
  void flush_for_metadata_while_fallocate_holds_the_range(String capture) {
    Finding finding =
        Incidents.analyse(Captures.shared("traces/v3.6/v3.6.0-enospc-flush-deadlock." + capture)).findings().get(0);
    assertThat(finding.confidence()).isNotEqualTo(Confidence.POSSIBLE);
    assertThat(waits(finding)).containsExactly("extent_range", "flush_token", "writeback_work");
    assertThat(finding.cycle().stream().map(s -> s.task().comm())).contains("storm-1", "storm-2", "flush-btrfs-1");
  }

  @ParameterizedTest
  @CsvSource({"r4-hung-device.dmesg.txt", "r6-hung-short.dmesg.txt", "r3-fsfreeze-btrfs.dmesg.txt"})
  void a_chain_that_ends_below_is_no_deadlock(String capture) {
    List<Finding> findings = Incidents.analyse(Captures.shared("traces/v6.18/6-dstate/" + capture)).findings();
    assertThat(findings).allSatisfy(f -> assertThat(f.cycle()).isEmpty());
    assertThat(findings.get(0).pattern()).isEqualTo("blocked-behind-frozen-filesystem");
    assertThat(findings.get(0).victims()).hasSizeGreaterThan(10);
  }

  @Test
  void who_moved_between_two_dumps_is_not_stuck() {
    List<Finding> findings =
        Incidents.analyse(Captures.shared("traces/v6.18/6-dstate/r2-slow-pulse.tail-n1.txt.gz")).findings();
    assertThat(findings).extracting(Finding::pattern).containsExactly("tasks-moved-on");
  }

  /** Kinds on the reported cycle of reports with at least two stacks; each is what the fix's author explains. */
  @ParameterizedTest
  @CsvSource({
    "I09799, extent_range tree_lock",
    "I19957, delalloc_flush extent_range ticket",
    "I23790, extent_range qgroup_flush",
    "I29020, chunk_mutex tree_lock",
    "I29886, qgroup_ioctl_lock transaction_writers",
    "I36470, delayed_iputs work_item",
    "I44197, extent_range i_mmap_lock",
  })
  void cycle_has_the_right_kinds(String incident, String kinds) {
    Finding finding = Incidents.analyse(Captures.shared("incidents/logs/" + incident + ".log")).findings().get(0);
    assertThat(waits(finding)).containsExactly(kinds.split(" "));
    assertThat(finding.confidence()).isNotEqualTo(Confidence.POSSIBLE);
    assertThat(finding.fixes().get(0).bySignature()).isTrue();
  }

  /** The successor of the page lock deadlock on fixed kernels (lock-model 1e): no page lock is held. */
  @Test
  void fixed_function_waiting_in_its_reservation_holds_no_page_lock() throws IOException {
    String log =
        """
        [  100.000000] sysrq: Show Blocked State
        [  100.000001] task:kworker/u8:1    state:D stack:0     pid:71    ppid:2      flags:0x00004000
        [  100.000002] Workqueue: btrfs-fixup btrfs_work_helper
        [  100.000003] Call Trace:
        [  100.000004]  __schedule+0x2d8/0x990
        [  100.000005]  schedule+0x5e/0xd0
        [  100.000006]  __reserve_bytes+0x40c/0x740
        [  100.000007]  btrfs_reserve_data_bytes+0x2c/0x60
        [  100.000008]  btrfs_check_data_free_space+0x55/0xc0
        [  100.000009]  btrfs_delalloc_reserve_space+0x24/0x80
        [  100.000010]  btrfs_writepage_fixup_worker+0x7e/0x4c0
        [  100.000011]  btrfs_work_helper+0xff/0x410
        [  100.000012]  process_one_work+0x26a/0x550
        [  100.000013]  worker_thread+0x4f/0x3a0
        [  100.000014] task:kworker/u8:2    state:D stack:0     pid:72    ppid:2      flags:0x00004000
        [  100.000015] Workqueue: writeback wb_workfn (flush-btrfs-1)
        [  100.000016] Call Trace:
        [  100.000017]  __schedule+0x2d8/0x990
        [  100.000018]  schedule+0x5e/0xd0
        [  100.000019]  io_schedule+0x46/0x80
        [  100.000020]  folio_wait_bit_common+0x13d/0x360
        [  100.000021]  __folio_lock+0x17/0x20
        [  100.000022]  extent_write_cache_pages+0x3b5/0x980
        [  100.000023]  extent_writepages+0x50/0xf0
        [  100.000024]  do_writepages+0xd3/0x1a0
        [  100.000025]  __writeback_single_inode+0x41/0x370
        [  100.000026]  writeback_sb_inodes+0x1f1/0x4c0
        [  100.000027]  wb_writeback+0x2a8/0x3a0
        [  100.000028]  wb_workfn+0xe1/0x450
        [  100.000029]  process_one_work+0x26a/0x550
        """;
    Path file = Files.writeString(dir.resolve("fixed.log"), log);
    assertThat(Incidents.analyse(file).findings()).noneMatch(f -> f.pattern().equals(UNDER_PAGE_LOCK));
    Path known =
        Files.writeString(
            dir.resolve("fixed-6.5.log"), "[    0.000000] Linux version 6.5.0-rc2 (x@y) (gcc) #1 SMP\n" + log);
    assertThat(Incidents.analyse(known).findings()).noneMatch(f -> f.pattern().equals(UNDER_PAGE_LOCK));
  }

  @Test
  void slow_reports_are_no_deadlocks() {
    for (String id : List.of("I07776", "I30474", "I39252", "I43497", "I44970", "I47232", "I62271")) {
      assertThat(Incidents.analyse(Captures.shared("incidents/logs/" + id + ".log")).findings())
          .as(id)
          .allSatisfy(f -> assertThat(f.cycle().isEmpty() || f.confidence() == Confidence.POSSIBLE).isTrue());
    }
  }

  private static Set<String> waits(Finding finding) {
    Set<String> kinds = new TreeSet<>();
    finding.cycle().forEach(step -> kinds.add(step.waitsFor().kind()));
    return kinds;
  }

  /** Victims of the page lock deadlock stand like this, but a kernel that has had the fix for years does not have it. */
  @Test
  void a_fixed_kernel_has_no_deadlock_of_old() throws IOException {
    String log =
        """
        [1000.000000] INFO: task nfsd:5136 blocked for more than 122 seconds.
        [1000.000001]       Not tainted KERNEL #1
        [1000.000002] task:nfsd            state:D stack:0     pid:5136  ppid:2      flags:0x00004000
        [1000.000003] Call Trace:
        [1000.000004]  __schedule+0x3ed/0x1550
        [1000.000005]  schedule+0x27/0x110
        [1000.000006]  io_schedule+0x46/0x80
        [1000.000007]  __lock_page+0x130/0x320
        [1000.000008]  extent_write_cache_pages+0x1e5/0x860 [btrfs]
        [1000.000009]  extent_writepages+0x8f/0x190 [btrfs]
        [1000.000010]  do_writepages+0xd3/0x170
        [1000.000011]  filemap_fdatawrite_range+0x60/0x80
        [1000.000012]  btrfs_fdatawrite_range+0x21/0x60 [btrfs]
        [1000.000013]  btrfs_sync_file+0x89/0x530 [btrfs]
        [1000.000014]  vfs_fsync_range+0x42/0x90
        [1000.000015] INFO: task kworker/u8:3:77 blocked for more than 122 seconds.
        [1000.000016]       Not tainted KERNEL #1
        [1000.000017] task:kworker/u8:3    state:D stack:0     pid:77  ppid:2      flags:0x00004000
        [1000.000018] Workqueue: btrfs-flush_delalloc btrfs_work_helper [btrfs]
        [1000.000019] Call Trace:
        [1000.000020]  __schedule+0x3ed/0x1550
        [1000.000021]  schedule+0x27/0x110
        [1000.000022]  io_schedule+0x46/0x80
        [1000.000023]  __lock_page+0x130/0x320
        [1000.000024]  extent_write_cache_pages+0x1e5/0x860 [btrfs]
        [1000.000025]  extent_writepages+0x8f/0x190 [btrfs]
        [1000.000026]  do_writepages+0xd3/0x170
        [1000.000027]  btrfs_run_delalloc_work+0x21/0x60 [btrfs]
        [1000.000028]  btrfs_work_helper+0x89/0x530 [btrfs]
        """;
    assertThat(findings(log.replace("KERNEL", "5.4.0"))).extracting(Finding::pattern).contains(UNDER_PAGE_LOCK);
    List<Finding> fixed = findings(log.replace("KERNEL", "5.10.0"));
    assertThat(fixed).extracting(Finding::pattern).doesNotContain(UNDER_PAGE_LOCK);
  }

  private List<Finding> findings(String log) throws IOException {
    return Incidents.analyse(Files.writeString(dir.resolve("hung.txt"), log)).findings();
  }
}
