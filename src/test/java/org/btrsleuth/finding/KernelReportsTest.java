package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How reports of the kernel are told that no known bug explains; texts written for these tests. */
class KernelReportsTest {
  @TempDir Path dir;

  private List<Finding> findings(String log) throws IOException {
    return Incidents.all(null, Files.writeString(dir.resolve("log.txt"), log));
  }

  @Test
  void a_failed_assertion_is_where_it_was_checked_not_where_it_was_printed() throws IOException {
    Finding finding =
        findings(
                """
                [  10.000001] assertion failed: cur > 0, in fs/btrfs/some.c:7
                [  10.000002] ------------[ cut here ]------------
                [  10.000003] kernel BUG at fs/btrfs/ctree.h:3204!
                [  10.000004] CPU: 1 PID: 5 Comm: btrfs Not tainted 5.4.0 #1
                [  10.000005] RIP: 0010:assertfail.constprop.0+0x18/0x1a [btrfs]
                [  10.000006] Call Trace:
                [  10.000007]  some_checked_step+0x9/0x60 [btrfs]
                [  10.000008]  its_caller+0x9/0x60 [btrfs]
                """)
            .get(0);
    assertThat(finding.title()).isEqualTo("The kernel reported an assertion in some_checked_step");
    assertThat(finding.explanation()).containsExactly("It came from some_checked_step < its_caller.");
  }

  @Test
  void a_lock_that_was_never_initialised_is_no_lock_order() throws IOException {
    Finding finding =
        findings(
                """
                [  10.000001] INFO: trying to register non-static key.
                [  10.000002] turning off the locking correctness validator.
                [  10.000003] CPU: 1 PID: 5 Comm: mount Not tainted 6.19.0 #1
                [  10.000004] Call Trace:
                [  10.000005]  dump_stack_lvl+0x1/0x2
                [  10.000006]  register_lock_class+0x1/0x2
                [  10.000007]  some_user_of_the_lock+0x1/0x2 [btrfs]
                """)
            .get(0);
    assertThat(finding.pattern()).isEqualTo("lockdep-report");
    assertThat(finding.title()).isEqualTo("lockdep reported: trying to register non-static key");
    assertThat(finding.explanation()).containsExactly("It came from some_user_of_the_lock.");
  }

  @Test
  void who_allocated_something_waits_for_nothing() throws IOException {
    List<Finding> findings =
        findings(
            """
             post_alloc_hook+0x1e6/0x210
             prep_new_page+0x17/0x60
             get_page_from_freelist+0x31db/0x3360
             __alloc_pages+0x255/0x670
            """);
    assertThat(findings).isEmpty();
  }

  @Test
  void a_crash_is_told_beside_the_lock_order_that_came_before_it() throws IOException {
    List<Finding> findings =
        findings(
            """
            [  40.000001] WARNING: inconsistent lock state
            [  40.000002] 6.4.0 #1 Not tainted
            [  40.000003] inconsistent {IN-SOFTIRQ-W} -> {SOFTIRQ-ON-W} usage.
            [  40.000004] btrfs-cleaner/77 [HC0[0]:SC0[0]:HE1:SE1] takes:
            [  40.000005] ffff888001000010 (&fs_info->delayed_iput_lock){+.?.}-{2:2}, at: btrfs_run_delayed_iputs+0x28/0xe0
            [  40.000006] {IN-SOFTIRQ-W} state was registered at:
            [  40.000007]   _raw_spin_lock+0x2e/0x40
            [  40.000008]   btrfs_add_delayed_iput+0x28/0x90
            [  40.000009]   btrfs_put_ordered_extent+0x28/0x90
            [  40.000010]   __btrfs_bio_end_io+0x28/0x90
            [  40.000011]   bio_endio+0x89/0x90
            [  40.000012] stack backtrace:
            [  40.000013] CPU: 3 PID: 77 Comm: btrfs-cleaner Not tainted 6.4.0 #1
            [  40.000014] Call Trace:
            [  40.000015]  _raw_spin_lock+0x2e/0x40
            [  40.000016]  btrfs_run_delayed_iputs+0x28/0xe0
            [  40.000017]  cleaner_kthread+0x28/0xe0
            [  90.000001] BUG: kernel NULL pointer dereference, address: 0000000000000049
            [  90.000002] CPU: 1 PID: 5 Comm: writer Not tainted 6.4.0 #1
            [  90.000003] RIP: 0010:some_other_function+0x18/0x1a [btrfs]
            [  90.000004] Call Trace:
            [  90.000005]  its_caller+0x9/0x60 [btrfs]
            """);
    assertThat(findings)
        .extracting(Finding::pattern)
        .containsExactly("kernel-report-oops", "delayed-iput-lock-in-interrupts");
  }

  @Test
  void the_loop_of_schedule_is_no_place_to_wait_at() throws IOException {
    Finding finding =
        findings(
                """
                [  80.000001] INFO: task sync:9 blocked for more than 120 seconds.
                [  80.000002] task:sync            state:D stack:0     pid:9     tgid:9     ppid:1      flags:0x00000000
                [  80.000003] Call Trace:
                [  80.000004]  __schedule_loop+0x10/0x20
                [  80.000005]  schedule+0x10/0x20
                [  80.000006]  wait_current_trans+0x10/0x20 [btrfs]
                [  80.000007]  start_transaction+0x10/0x20 [btrfs]
                """)
            .get(0);
    assertThat(finding.title()).doesNotContain("no rule knows").contains("commits the transaction");
  }
}
