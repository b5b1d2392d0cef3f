package org.btrsleuth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.log.LogRecord.ChainLink;
import org.btrsleuth.log.LogRecord.Lockdep;
import org.junit.jupiter.api.Test;

/** What lockdep prints of locks that interrupts or memory reclaim take, too: locks and paths, in texts of our own. */
class InterruptLockReportsTest {

  private static Lockdep only(String log) {
    List<Lockdep> reports =
        Logs.read(log).records().stream().filter(Lockdep.class::isInstance).map(Lockdep.class::cast).toList();
    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).kind()).isEqualTo("irq");
    return reports.get(0);
  }

  private static List<String> classes(Lockdep report) {
    return report.chain().stream().map(ChainLink::lockClass).toList();
  }

  private static List<String> functions(ChainLink link) {
    return link.stack().frames().stream().map(f -> f.function()).toList();
  }

  @Test
  void one_lock_in_and_outside_of_interrupts() {
    Lockdep report =
        only(
            """
            [  10.000001] WARNING: inconsistent lock state
            [  10.000002] 6.4.0 #1 Not tainted
            [  10.000003] inconsistent {IN-SOFTIRQ-W} -> {SOFTIRQ-ON-W} usage.
            [  10.000004] btrfs-cleaner/77 [HC0[0]:SC0[0]:HE1:SE1] takes:
            [  10.000005] ffff888001000010 (&fs_info->some_lock){+.?.}-{2:2}, at: run_things+0x28/0xe0
            [  10.000006] {IN-SOFTIRQ-W} state was registered at:
            [  10.000007]   _raw_spin_lock+0x2e/0x40
            [  10.000008]   btrfs_add_thing+0x28/0x90
            [  10.000009]   bio_endio+0x89/0x90
            [  10.000010] irq event stamp: 39
            [  10.000011] other info that might help us debug this:
            [  10.000012] 1 lock held by btrfs-cleaner/77:
            [  10.000013]  #0: ffff888001000020 (&fs_info->cleaner_mutex){+.+.}-{3:3}, at: cleaner_kthread+0x3/0xb0
            [  10.000014] stack backtrace:
            [  10.000015] CPU: 3 PID: 77 Comm: btrfs-cleaner Not tainted 6.4.0 #1
            [  10.000016] Call Trace:
            [  10.000017]  dump_stack_lvl+0xd9/0x150
            [  10.000018]  run_things+0x28/0xe0
            """);
    assertThat(report.comm()).isEqualTo("btrfs-cleaner");
    assertThat(report.pid()).isEqualTo(77);
    assertThat(report.wanted().lockClass()).isEqualTo("&fs_info->some_lock");
    assertThat(classes(report)).containsExactly("&fs_info->some_lock");
    assertThat(functions(report.chain().get(0))).containsExactly("_raw_spin_lock", "btrfs_add_thing", "bio_endio");
    assertThat(report.held()).extracting(LogRecord.HeldLock::lockClass).containsExactly("&fs_info->cleaner_mutex");
    assertThat(report.task().frames()).extracting(f -> f.function()).contains("run_things");
  }

  @Test
  void reclaim_takes_a_lock_under_which_others_allocate() {
    Lockdep report =
        only(
            """
            [ INFO: possible irq lock inversion dependency detected ]
            4.4.0 #1 Not tainted
            kswapd0/42 just changed the state of lock:
             (&thing->mutex){+.+.-.}, at: [<ffffffff81000010>] release_thing+0x31/0x80
            but this lock took another, RECLAIM_FS-unsafe lock in the past:
             (&found->list_sem){++++..}

            and interrupts could create inverse lock ordering between them.

            the shortest dependencies between 2nd lock and 1st lock:
             -> (&found->list_sem){++++..} ops: 2024 {
                HARDIRQ-ON-W at:
                                  [<ffffffff81000020>] unrelated_path+0x3f/0xb0
                INITIAL USE at:
                                 [<ffffffff81000030>] unrelated_path+0x3f/0xb0
             }
             ... key at: [<ffffffff81000040>] __key.1+0x0/0x8
             ... acquired at:
               [<ffffffff81000050>] down_read+0x3f/0xb0
               [<ffffffff81000060>] take_list_under_thing+0x10/0x70
            """);
    assertThat(report.wanted().lockClass()).isEqualTo("&thing->mutex");
    assertThat(classes(report)).containsExactly("&found->list_sem", "&found->list_sem");
    assertThat(report.chain().get(0).stack().frames()).isEmpty();
    assertThat(functions(report.chain().get(1))).containsExactly("down_read", "take_list_under_thing");
  }

  @Test
  void a_new_dependency_between_a_safe_and_an_unsafe_lock() {
    Lockdep report =
        only(
            """
            [  20.000001] WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected
            [  20.000002] 5.9.0 #1 Not tainted
            [  20.000003] btrfs/99 [HC0[0]:SC0[2]:HE1:SE0] is trying to acquire:
            [  20.000004] ffff888001000010 (&b->lock){+.+.}-{2:2}, at: second+0x10/0x20
            [  20.000005] and this task is already holding:
            [  20.000006] ffff888001000020 (&a->lock){+.-.}-{2:2}, at: first+0x10/0x20
            [  20.000007] which would create a new lock dependency:
            [  20.000008]  (&a->lock){+.-.}-{2:2} -> (&b->lock){+.+.}-{2:2}
            [  20.000009] but this new dependency connects a SOFTIRQ-irq-safe lock:
            [  20.000010]  (&a->lock){+.-.}-{2:2}
            [  20.000011] ... which became SOFTIRQ-irq-safe at:
            [  20.000012]   in_softirq+0x10/0x20
            [  20.000013] to a SOFTIRQ-irq-unsafe lock:
            [  20.000014]  (&b->lock){+.+.}-{2:2}
            [  20.000015] ... which became SOFTIRQ-irq-unsafe at:
            [  20.000016]   with_interrupts_on+0x10/0x20
            """);
    assertThat(report.pid()).isEqualTo(99);
    assertThat(report.wanted().lockClass()).isEqualTo("&b->lock");
    assertThat(report.held()).extracting(LogRecord.HeldLock::lockClass).containsExactly("&a->lock");
    assertThat(report.chain().stream().map(InterruptLockReportsTest::functions).filter(f -> !f.isEmpty()).toList())
        .containsExactly(List.of("in_softirq"), List.of("with_interrupts_on"));
  }
}
