package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;

/** How parties are called where people read of them. */
public final class PartyNames {
  /** Functions that tell what an unnamed task is for; the first that stands in the stack names it. */
  private static final Map<String, String> ROLES = new LinkedHashMap<>();

  static {
    ROLES.put("btrfs_writepage_fixup_worker", "fixup worker");
    ROLES.put("btrfs_run_delalloc_work", "delalloc flush worker");
    ROLES.put("btrfs_run_ordered_extent_work", "ordered extent wait worker");
    ROLES.put("btrfs_async_reclaim_metadata_space", "metadata reclaim worker");
    ROLES.put("btrfs_async_reclaim_data_space", "data reclaim worker");
    ROLES.put("btrfs_preempt_reclaim_metadata_space", "preemptive reclaim worker");
    ROLES.put("btrfs_finish_ordered_io", "write completion worker");
    ROLES.put("btrfs_finish_one_ordered", "write completion worker");
    ROLES.put("wb_workfn", "flusher");
    ROLES.put("bdi_writeback_workfn", "flusher");
    ROLES.put("bdi_writeback_thread", "flusher");
    ROLES.put("transaction_kthread", "transaction thread");
    ROLES.put("cleaner_kthread", "cleaner thread");
    ROLES.put("caching_thread", "block group caching worker");
    ROLES.put("btrfs_qgroup_rescan_worker", "qgroup rescan worker");
  }

  private PartyNames() {}

  /** Name of one task: as printed, or what its stack says it is. */
  public static String of(TaskSnapshot task) {
    if (!task.comm().isEmpty()) {
      return task.name();
    }
    String role = role(task);
    return task.pid() < 0 ? role : role + " (" + task.pid() + ")";
  }

  /** Name for {@code TaskRef.comm}. */
  public static String comm(TaskSnapshot task) {
    return task.comm().isEmpty() ? role(task) : task.comm();
  }

  /** Name of a party: its first task, and how many more. */
  public static String of(Party party) {
    int more = party.tasks().size() - 1;
    return of(party.first()) + (more == 0 ? "" : " and " + more + " more");
  }

  static String label(Party party) {
    return of(party);
  }

  private static String role(TaskSnapshot task) {
    List<String> functions = new ArrayList<>();
    for (Frame frame : task.frames()) {
      functions.add(frame.function());
    }
    for (Map.Entry<String, String> role : ROLES.entrySet()) {
      if (functions.contains(role.getKey())) {
        return role.getValue();
      }
    }
    return "task";
  }
}
