package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.btrsleuth.finding.Finding.Confidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reports that differ from host to host in everything but the path that a fix changed; texts written for these tests.
 */
class ReportedPathsTest {
  private static final String HEAD =
      """
      [  50.000001] WARNING: possible circular locking dependency detected
      [  50.000002] %s #1 Not tainted
      """;

  @TempDir Path dir;

  private List<Finding> findings(String log) throws IOException {
    return Incidents.all(null, Files.writeString(dir.resolve("log.txt"), log));
  }

  /** A fault under the root tree's lock is enough; which way the mapped memory leads back to that tree is chance. */
  @Test
  void rootref_ioctl_is_known_by_its_own_step_of_the_circle() throws IOException {
    Finding finding =
        findings(
                HEAD.formatted("5.19.0")
                    + """
                    [  50.000003] reader/21 is trying to acquire lock:
                    [  50.000004] ffff888001000010 (&mm->mmap_lock){++++}-{3:3}, at: __might_fault+0x8f/0x110
                    [  50.000005] but task is already holding lock:
                    [  50.000006] ffff888001000020 (btrfs-root-00){++++}-{3:3}, at: btrfs_read_lock_root_node+0x2b4/0x400
                    [  50.000007] which lock already depends on the new lock.
                    [  50.000008] the existing dependency chain (in reverse order) is:
                    [  50.000009] -> #2 (btrfs-root-00){++++}-{3:3}:
                    [  50.000010]        down_read_nested+0x43/0x50
                    [  50.000011]        btrfs_search_slot+0x43/0x50
                    [  50.000012]        some_other_writer_of_the_root_tree+0x43/0x50
                    [  50.000013] -> #1 (sb_internal#2){.+.+}-{0:0}:
                    [  50.000014]        start_transaction+0x43/0x50
                    [  50.000015]        btrfs_dirty_inode+0x43/0x50
                    [  50.000016]        btrfs_file_mmap+0x43/0x50
                    [  50.000017] -> #0 (&mm->mmap_lock){++++}-{3:3}:
                    [  50.000018]        lock_acquire+0x43/0x50
                    [  50.000019]        __might_fault+0xb2/0x110
                    [  50.000020]        _copy_to_user+0x28/0x40
                    [  50.000021]        btrfs_ioctl_get_subvol_rootref+0x8cf/0xa90
                    [  50.000022]        btrfs_ioctl+0xb7c/0xc10
                    """)
            .get(0);
    assertThat(finding.pattern()).isEqualTo("rootref-ioctl-copies-under-lock");
    assertThat(finding.confidence()).isNotEqualTo(Confidence.POSSIBLE);
  }

  /** The commit that the bug is about is not in this circle: enabling quotas takes its own mutex and makes directories. */
  @Test
  void quota_enable_without_its_commit_is_not_the_deadlock_of_that_commit() throws IOException {
    List<Finding> findings =
        findings(
            HEAD.formatted("syzkaller")
                + """
                [  50.000003] reader/21 is trying to acquire lock:
                [  50.000004] ffff888001000010 (&mm->mmap_lock){++++}-{4:4}, at: filldir64+0x8f/0x110
                [  50.000005] but task is already holding lock:
                [  50.000006] ffff888001000020 (&root->kernfs_rwsem){++++}-{4:4}, at: kernfs_fop_readdir+0x2b4/0x400
                [  50.000007] which lock already depends on the new lock.
                [  50.000008] the existing dependency chain (in reverse order) is:
                [  50.000009] -> #3 (&root->kernfs_rwsem){++++}-{4:4}:
                [  50.000010]        down_write+0x43/0x50
                [  50.000011]        kernfs_add_one+0x43/0x50
                [  50.000012]        btrfs_sysfs_add_qgroups+0x43/0x50
                [  50.000013]        btrfs_quota_enable+0x43/0x50
                [  50.000014]        btrfs_ioctl+0x43/0x50
                [  50.000015] -> #2 (&fs_info->qgroup_ioctl_lock){+.+.}-{4:4}:
                [  50.000016]        __mutex_lock_common+0x43/0x50
                [  50.000017]        btrfs_quota_enable+0x43/0x50
                [  50.000018]        btrfs_ioctl+0x43/0x50
                [  50.000019] -> #1 (btrfs_trans_num_extwriters){++++}-{0:0}:
                [  50.000020]        join_transaction+0x43/0x50
                [  50.000021]        start_transaction+0x43/0x50
                [  50.000022]        btrfs_file_mmap+0x43/0x50
                [  50.000023] -> #0 (&mm->mmap_lock){++++}-{4:4}:
                [  50.000024]        lock_acquire+0x43/0x50
                [  50.000025]        filldir64+0x43/0x50
                [  50.000026]        kernfs_fop_readdir+0x43/0x50
                """);
    assertThat(findings)
        .noneMatch(f -> f.pattern().startsWith("quota-enable") && f.confidence() != Confidence.POSSIBLE);
  }

  @Test
  void allocator_that_takes_the_device_list_again() throws IOException {
    Finding finding =
        findings(
                """
                [  15.000001] WARNING: possible recursive locking detected
                [  15.000002] 5.17.0 #1 Not tainted
                [  15.000003] kworker/u8:3/146 is trying to acquire lock:
                [  15.000004] ffff888001000010 (&fs_devs->device_list_mutex){+.+.}-{3:3}, at: find_free_extent+0x15a/0x14f0
                [  15.000005] but task is already holding lock:
                [  15.000006] ffff888001000010 (&fs_devs->device_list_mutex){+.+.}-{3:3}, at: btrfs_create_pending_block_groups+0x20a/0x560
                [  15.000007] stack backtrace:
                [  15.000008] CPU: 1 PID: 146 Comm: kworker/u8:3 Not tainted 5.17.0 #1
                [  15.000009] Call Trace:
                [  15.000010]  lock_acquire+0xbf/0x2b0
                [  15.000011]  __mutex_lock+0x8e/0x970
                [  15.000012]  find_free_extent+0x15a/0x14f0
                [  15.000013]  btrfs_reserve_extent+0x131/0x260
                [  15.000014]  btrfs_alloc_tree_block+0xb5/0x3b0
                [  15.000015]  btrfs_create_pending_block_groups+0x2b3/0x560
                """)
            .get(0);
    assertThat(finding.pattern()).isEqualTo("zone-activation-check-takes-device-list-mutex");
  }

  @Test
  void cursor_of_nocow_writeback_behind_its_extent() throws IOException {
    Finding finding =
        findings(
                """
                [  52.000001] WARNING: CPU: 0 PID: 99 at fs/btrfs/file.c:602 btrfs_drop_extent_cache+0x3f4/0x590 [btrfs]
                [  52.000002] CPU: 0 PID: 99 Comm: writer Not tainted 5.4.0 #1
                [  52.000003] RIP: 0010:btrfs_drop_extent_cache+0x3f4/0x590 [btrfs]
                [  52.000004] Call Trace:
                [  52.000005]  create_io_em+0xff/0x180 [btrfs]
                [  52.000006]  run_delalloc_nocow+0x942/0xb10 [btrfs]
                [  52.000007]  btrfs_run_delalloc_range+0x30b/0x520 [btrfs]
                """)
            .get(0);
    assertThat(finding.pattern()).isEqualTo("nocow-writeback-cursor-goes-back");
  }

  @Test
  void defrag_of_one_byte() throws IOException {
    String stack =
        """
        [  60.000002] CPU: 0 PID: 99 Comm: btrfs Not tainted 5.16.2 #1
        [  60.000003] RIP: 0010:defrag_collect_targets+0x50/0x270
        [  60.000004] Call Trace:
        [  60.000005]  btrfs_defrag_file+0x241/0xdf0
        [  60.000006]  btrfs_ioctl_defrag+0xf0/0x170
        """;
    assertThat(findings("[  60.000001] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [btrfs:99]\n" + stack))
        .extracting(Finding::pattern)
        .contains("defrag-of-a-byte-never-ends");
    // One look at a task that defragments says nothing of how long it has been at it.
    assertThat(findings(stack)).extracting(Finding::pattern).doesNotContain("defrag-of-a-byte-never-ends");
  }

  @Test
  void failing_devices_are_named_beside_hung_tasks() throws IOException {
    String hung = "[  70.000001] INFO: task sync:9 blocked for more than 120 seconds.\n";
    Finding finding =
        findings(
                """
                [  69.000001] BTRFS error (device sdb): bdev /dev/sdc errs: wr 3, rd 0, flush 0, corrupt 0, gen 0
                [  69.000002] I/O error, dev sdc, sector 800 op 0x1:(WRITE) flags 0x0 phys_seg 1 prio class 0
                """
                    + hung)
            .get(0);
    assertThat(finding.numbers()).containsEntry("deviceMessages", 2L);
    assertThat(finding.explanation()).anyMatch(sentence -> sentence.contains("failing or slow devices"));
    // Counters of the past that mount prints tell of no trouble now, nor do checksum errors.
    assertThat(
            findings(
                    """
                    [   3.000001] BTRFS info (device sdb): bdev /dev/sdc errs: wr 3, rd 0, flush 0, corrupt 0, gen 0
                    [  69.000001] BTRFS error (device sdb): bdev /dev/sdc errs: wr 0, rd 0, flush 0, corrupt 7, gen 0
                    """
                        + hung)
                .get(0)
                .numbers())
        .doesNotContainKey("deviceMessages");
  }
}
