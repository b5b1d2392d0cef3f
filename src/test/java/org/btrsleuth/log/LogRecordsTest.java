package org.btrsleuth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.log.LogRecord.BlockRsvDump;
import org.btrsleuth.log.LogRecord.BlockRsvReturned;
import org.btrsleuth.log.LogRecord.BtrfsError;
import org.btrsleuth.log.LogRecord.LocksHeld;
import org.btrsleuth.log.LogRecord.Lockdep;
import org.btrsleuth.log.LogRecord.SpaceInfoDump;
import org.btrsleuth.log.LogRecord.Splat;
import org.btrsleuth.log.LogRecord.TransactionAborted;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of genuine kernel logs, and of texts written for what the captures do not hold. */
class LogRecordsTest {

  @Test
  void warn_with_block_rsv_of_3_16() {
    LogText text = Logs.read(Captures.shared("traces/v3.16/v3.16.0-enospc-storm-mixed-rsv28.dmesg.txt"));
    Splat splat = only(text, Splat.class);
    assertThat(splat.kind()).isEqualTo("warning");
    assertThat(splat.function()).isEqualTo("btrfs_alloc_free_block");
    assertThat(splat.file()).isEqualTo("fs/btrfs/extent-tree.c");
    assertThat(splat.sourceLine()).isEqualTo(7272);
    assertThat(splat.messages()).contains("BTRFS: block rsv returned -28");
    assertThat(splat.task().name()).isEqualTo("storm-0 (130)");
    assertThat(splat.task().frames()).hasSize(16);
    BlockRsvReturned returned = only(text, BlockRsvReturned.class);
    assertThat(returned.rsvType()).isEqualTo(-1);
    assertThat(returned.errno()).isEqualTo(-28);
    assertThat(text.kernels()).extracting(KernelHint::version).containsOnly("3.16.0");
  }

  @Test
  void dumps_of_enospc_debug_of_5_4() {
    LogText text = Logs.read(Captures.shared("traces/v5.4/v5.4.0-enospc-storm-meta.dmesg.txt"));
    List<SpaceInfoDump> dumps = all(text, SpaceInfoDump.class);
    assertThat(dumps).hasSize(73);
    SpaceInfoDump first = dumps.get(0);
    assertThat(first.device()).isEqualTo("vda");
    assertThat(first.flags()).isEqualTo(4);
    assertThat(first.free()).as("printed as 18446744073708978176").isEqualTo(-573440);
    assertThat(first.full()).isFalse();
    assertThat(first.values()).containsEntry("total", 8388608L).containsEntry("may_use", 8503296L);
    assertThat(first.values().keySet()).containsExactly("total", "used", "pinned", "reserved", "may_use", "readonly");
    BlockRsvDump global = all(text, BlockRsvDump.class).get(0);
    assertThat(global.name()).isEqualTo("global_block_rsv");
    assertThat(global.size()).isEqualTo(3407872);
    assertThat(global.reserved()).isEqualTo(3407872);
    assertThat(only(text, BtrfsError.class).errno()).isEqualTo(-28);
  }

  @Test
  void dumps_of_enospc_debug_of_6_18() {
    LogText text = Logs.read(Captures.shared("traces/v6.18/6-dstate/r6-hung-short.shape-J.json"));
    SpaceInfoDump first = all(text, SpaceInfoDump.class).get(0);
    assertThat(first.name()).isEqualTo("METADATA");
    assertThat(first.flags()).isEqualTo(-1);
    assertThat(first.free()).isEqualTo(-770048);
    assertThat(first.values()).containsEntry("zone_unusable", 0L).containsEntry("readonly", 65536L);
  }

  @Test
  void abort_of_6_18() {
    LogText text = Logs.read(Captures.shared("traces/v6.18/7-dmesg/abort-warn-splat.dmesg.txt"));
    List<Splat> splats = all(text, Splat.class);
    assertThat(splats).hasSize(2);
    assertThat(splats).extracting(Splat::function).containsOnly("__btrfs_free_extent");
    assertThat(splats.get(1).messages()).first().isEqualTo("BTRFS: Transaction aborted (error -117)");
    assertThat(splats.get(1).task().name()).isEqualTo("sync (31613)");
    assertThat(only(text, TransactionAborted.class).errno()).isEqualTo(-117);
    BtrfsError error = all(text, BtrfsError.class).get(0);
    assertThat(error.device()).isEqualTo("loop0");
    assertThat(error.function()).isEqualTo("__btrfs_free_extent");
    assertThat(error.sourceLine()).isEqualTo(3227);
  }

  @Test
  void locks_of_all_tasks_of_5_4() {
    LogText text = Logs.read(Captures.shared("traces/v5.4/v5.4.0-lockdep-fixup-deadlock.sysrq-d.txt"));
    List<LocksHeld> holders = all(text, LocksHeld.class);
    assertThat(holders).extracting(LocksHeld::comm)
        .containsExactly("sh", "kworker/u2:1", "kworker/u2:2", "kworker/u2:5", "sync", "sh");
    assertThat(holders).extracting(LocksHeld::pid).containsExactly(28, 52, 183, 201, 2801, 2802);
    assertThat(holders.get(2).locks()).extracting(LogRecord.HeldLock::lockClass)
        .containsExactly(
            "(wq_completion)btrfs-fixup", "(work_completion)(&work->normal_work)", "&fs_info->delalloc_root_mutex",
            "&root->delalloc_mutex");
    assertThat(holders.get(2).locks().get(2).address()).isEqualTo("ffff88807ac391a0");
    assertThat(holders.get(2).locks().get(2).function()).isEqualTo("btrfs_start_delalloc_roots");
  }

  @ParameterizedTest
  @CsvSource({
    "v3.6.0-seed1-drain-unfixed-BUG.dmesg.txt, bug, btrfs_finish_ordered_io, 1957, btrfs-endio-wri",
    "v3.6.0-seed1-db-nodatasum-unfixed-BUG.dmesg.txt, bug, btrfs_finish_ordered_io, 1957, btrfs-endio-wri",
  })
  void bug_of_the_missing_inode_reservation(String capture, String kind, String function, int line, String comm) {
    Splat splat = only(Logs.read(Captures.shared("traces/seed1/" + capture)), Splat.class);
    assertThat(splat.kind()).isEqualTo(kind);
    assertThat(splat.function()).isEqualTo(function);
    assertThat(splat.file()).isEqualTo("fs/btrfs/inode.c");
    assertThat(splat.sourceLine()).isEqualTo(line);
    assertThat(splat.task().comm()).isEqualTo(comm);
  }

  /** Synthetic. */
  @Test
  void lockdep_report_with_chain() {
    LogText text =
        Logs.read(
            """
            WARNING: possible circular locking dependency detected
            6.2.0-rc1 #24 Tainted: G           O
            ------------------------------------------------------
            btrfs/8631 is trying to acquire lock:
            ffff88807ac391a0 (&fs_info->b#2/1){+.+.}-{3:3}, at: f+0x40/0x620 [btrfs]

            but task is already holding lock:
            ffff88807ac391b0 (&fs_info->a){+.+.}-{3:3}, at:
            g+0x8b6/0xe60 [btrfs]

            which lock already depends on the new lock.

            the existing dependency chain (in reverse order) is:

            -> #1 (&fs_info->a){+.+.}-{3:3}:
                   __mutex_lock+0x76/0x940
                   g+0x475/0xa00 [btrfs]

            -> #0 (&fs_info->b#2/1){+.+.}-{3:3}:
                   __lock_acquire+0x76/0x940
                   f+0x475/0xa00 [btrfs]

            other info that might help us debug this:
            stack backtrace:
            CPU: 1 PID: 8631 Comm: btrfs Kdump: loaded Not tainted 6.2.0-rc1 #24
            Call Trace:
             dump_stack+0x1/0x2
             f+0x475/0xa00 [btrfs]
            """);
    Lockdep lockdep = only(text, Lockdep.class);
    assertThat(lockdep.kind()).isEqualTo("circular");
    assertThat(lockdep.comm()).isEqualTo("btrfs");
    assertThat(lockdep.pid()).isEqualTo(8631);
    assertThat(lockdep.wanted().lockClass()).isEqualTo("&fs_info->b#2/1");
    assertThat(lockdep.held()).extracting(LogRecord.HeldLock::function).containsExactly("g");
    assertThat(lockdep.chain()).extracting(LogRecord.ChainLink::lockClass)
        .containsExactly("&fs_info->a", "&fs_info->b#2/1");
    assertThat(lockdep.chain().get(0).stack().frames()).hasSize(2);
    assertThat(lockdep.task().name()).isEqualTo("btrfs (8631)");
    assertThat(text.tasks()).as("stacks of the chain are no tasks").hasSize(1);
    assertThat(text.kernels()).extracting(KernelHint::version).containsExactly("6.2.0-rc1");
  }

  /** Synthetic: the lines of a dump as mail programs break them, and the comma that some kernels forget. */
  @Test
  void wrapped_dump_and_error() {
    LogText text =
        Logs.read(
            """
            > BTRFS info (device dm-1): space_info 4 has 18446744073353838592 free,
            > is not full
            > BTRFS info (device dm-1): space_info total=10737418240,
            > used=1, pinned=2, reserved=3, may_use=4, readonly=5
            > zone_unusable=6
            > BTRFS: error (device dm-1: state A) in
            > btrfs_finish_ordered_io:2705: errno=-28
            > No space left
            > BTRFS: block rsv 7 returned -28
            """);
    SpaceInfoDump dump = only(text, SpaceInfoDump.class);
    assertThat(dump.free()).isEqualTo(-355713024);
    assertThat(dump.values()).hasSize(7).containsEntry("zone_unusable", 6L);
    assertThat(only(text, BtrfsError.class).function()).isEqualTo("btrfs_finish_ordered_io");
    assertThat(only(text, BtrfsError.class).errno()).isEqualTo(-28);
    assertThat(only(text, BlockRsvReturned.class).rsvType()).isEqualTo(7);
  }

  /** Synthetic. */
  @Test
  void words_of_a_mail_are_no_records() {
    LogText text = Logs.read("Btrfs: fix our reservations\nnote: see below\n== 2 Setup\nusb works\nBTRFS is nice\n");
    assertThat(text.records()).isEmpty();
    assertThat(text.tasks()).isEmpty();
    assertThat(text.regions()).isEmpty();
    assertThat(text.unrecognisedLines()).isEqualTo(5);
  }

  private static <T> List<T> all(LogText text, Class<T> type) {
    return text.records().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static <T> T only(LogText text, Class<T> type) {
    List<T> found = all(text, type);
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
