package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.List;

/**
 * Synthetic dumps of the fixed {@code btrfs_writepage_fixup_worker} waiting in its reservation, and of a flusher that
 * waits for a page, in the shapes in which kernels and debuggers print stacks. Offset and size of the fixed function
 * are those of a report of 2023.
 */
final class FixedFunction {
  private static final List<String> FLUSHING =
      List.of(
          "start_delalloc_inodes+0x241/0x2d0", "btrfs_start_delalloc_roots+0x179/0x230",
          "btrfs_alloc_data_chunk_ondemand+0x11b/0x2e0", "btrfs_check_data_free_space+0x53/0xa0",
          "btrfs_delalloc_reserve_space+0x20/0x70", "btrfs_writepage_fixup_worker+0x7e/0x4c0",
          "btrfs_work_helper+0x11c/0x360", "process_one_work+0x1e0/0x390", "worker_thread+0x2b/0x3c0",
          "kthread+0x113/0x130", "ret_from_fork+0x35/0x40");
  private static final List<String> TICKET =
      List.of(
          "__reserve_bytes+0x40c/0x740", "btrfs_reserve_data_bytes+0x2c/0x60", "btrfs_check_data_free_space+0x55/0xc0",
          "btrfs_delalloc_reserve_space+0x24/0x80", "btrfs_writepage_fixup_worker+0x7e/0x4c0",
          "btrfs_work_helper+0xff/0x410", "process_one_work+0x26a/0x550", "worker_thread+0x4f/0x3a0",
          "kthread+0x113/0x130", "ret_from_fork+0x35/0x40");
  private static final List<String> OLD_FLUSHER =
      List.of(
          "__lock_page+0x109/0x1e0", "extent_write_cache_pages+0x206/0x360", "extent_writepages+0x40/0x60",
          "do_writepages+0x31/0xb0", "__writeback_single_inode+0x3d/0x350", "writeback_sb_inodes+0x19d/0x3c0",
          "wb_writeback+0x231/0x2c0", "wb_workfn+0x308/0x3c0", "process_one_work+0x1e0/0x390");
  private static final List<String> NEW_FLUSHER =
      List.of(
          "folio_wait_bit_common+0x13d/0x360", "__folio_lock+0x17/0x20", "extent_write_cache_pages+0x3b5/0x980",
          "extent_writepages+0x50/0xf0", "do_writepages+0xd3/0x1a0", "__writeback_single_inode+0x41/0x370",
          "writeback_sb_inodes+0x1f1/0x4c0", "wb_writeback+0x2a8/0x3a0", "wb_workfn+0xe1/0x450",
          "process_one_work+0x26a/0x550");

  private FixedFunction() {}

  /** @param tickets whether the reservation waits for a data ticket (5.10 and newer) instead of flushing by itself */
  static List<String> dump(String shape, boolean tickets) {
    List<String> lines = new ArrayList<>();
    task(lines, shape, "kworker/u8:1", 71, "btrfs-fixup btrfs_work_helper", tickets ? TICKET : FLUSHING);
    task(lines, shape, "kworker/u8:2", 72, "writeback wb_workfn (flush-btrfs-1)", tickets ? NEW_FLUSHER : OLD_FLUSHER);
    return lines;
  }

  private static void task(
      List<String> lines, String shape, String comm, int pid, String workqueue, List<String> frames) {
    String at = "[  242.10" + pid + "00] ";
    switch (shape) {
      case "proc" -> frames.forEach(f -> lines.add("[<0>] " + f));
      case "proc4" -> frames.forEach(f -> lines.add("[<ffffffff8123" + hex(f) + ">] " + f));
      case "named" -> {
        lines.add("=== pid " + pid + " comm " + comm + " state D (disk sleep) wchan x");
        frames.forEach(f -> lines.add("[<0>] " + f));
      }
      case "hung" -> {
        lines.add(at + "INFO: task " + comm + ":" + pid + " blocked for more than 122 seconds.");
        lines.add(at + "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.");
        lines.add(at + comm + "    D    0    " + pid + "      2 0x80004000");
        log(lines, at, workqueue, frames);
      }
      case "old-sysrq" -> {
        lines.add(at + (pid == 71 ? "sysrq: Show Blocked State" : ""));
        lines.add(at + comm + "    D    0    " + pid + "      2 0x80004000");
        log(lines, at, workqueue, frames);
      }
      case "new-sysrq" -> {
        lines.add(at + (pid == 71 ? "sysrq: Show Blocked State" : ""));
        lines.add(at + "task:" + comm + "    state:D stack:0     pid:" + pid + "    ppid:2      flags:0x00004000");
        log(lines, at, workqueue, frames);
      }
      case "crash" -> {
        lines.add("PID: " + pid + "     TASK: ffff8881055da4" + pid + "  CPU: 1    COMMAND: \"" + comm + "\"");
        lines.add(" #0 [ffffc90002467160] __schedule at ffffffff8260da25");
        lines.add(" #1 [ffffc90002467200] schedule at ffffffff8260e1e5");
        for (int i = 0; i < frames.size(); i++) {
          String function = frames.get(i).substring(0, frames.get(i).indexOf('+'));
          lines.add(String.format("%2s [ffffc900024672%02d] %s at ffffffff8126%s", "#" + (i + 2), i + 10, function, hex(function)));
        }
      }
      case "drgn" -> {
        lines.add("PID " + pid + " (" + comm + ")");
        lines.add("#0  context_switch (kernel/sched/core.c:4940:2)");
        lines.add("#1  __schedule (kernel/sched/core.c:6287:8)");
        lines.add("#2  schedule (kernel/sched/core.c:6366:3)");
        for (int i = 0; i < frames.size(); i++) {
          String function = frames.get(i).substring(0, frames.get(i).indexOf('+'));
          lines.add("#" + (i + 3) + (i < 7 ? "  " : " ") + function + " (fs/btrfs/inode.c:" + (2300 + i) + ":8)");
        }
      }
      case "bpftrace" -> {
        lines.add("@[" + pid + ", " + comm + ",");
        frames.forEach(f -> lines.add("    " + f.substring(0, f.indexOf('/')).replace("+0x", "+").replaceFirst("\\+.*", "+" + decimal(f))));
        lines.add("]: 1");
      }
      default -> throw new IllegalArgumentException(shape);
    }
    lines.add("");
  }

  private static void log(List<String> lines, String at, String workqueue, List<String> frames) {
    lines.add(at + "Workqueue: " + workqueue);
    lines.add(at + "Call Trace:");
    lines.add(at + " __schedule+0x2d8/0x990");
    lines.add(at + " schedule+0x5e/0xd0");
    frames.forEach(f -> lines.add(at + " " + f));
  }

  private static String hex(String text) {
    return String.format("%04x", text.hashCode() & 0xffff);
  }

  private static int decimal(String frame) {
    return Integer.parseInt(frame.substring(frame.indexOf("+0x") + 3, frame.indexOf('/')), 16);
  }
}
