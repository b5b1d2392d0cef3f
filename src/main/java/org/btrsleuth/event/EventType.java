package org.btrsleuth.event;

import java.util.HashMap;
import java.util.Map;

/**
 * The trace events whose fields are decoded. Everything else is {@link #OTHER}: counted by name, its payload skipped.
 * Names are the kernel's (include/trace/events/btrfs.h and friends); renamed events share a constant.
 */
public enum EventType {
  OTHER(),
  /** A producer's mark that events are missing before this point. */
  LOST(),
  /** {@code <stack trace>}: the frames that follow belong to the last event of the same task and CPU. */
  KERNEL_STACK("kernel_stack"),

  SPACE_RESERVATION("btrfs_space_reservation"),
  UPDATE_BYTES_MAY_USE("update_bytes_may_use"),
  UPDATE_BYTES_PINNED("update_bytes_pinned"),
  UPDATE_BYTES_ZONE_UNUSABLE("update_bytes_zone_unusable"),
  INODE_MOD_OUTSTANDING_EXTENTS("btrfs_inode_mod_outstanding_extents"),

  TRIGGER_FLUSH("btrfs_trigger_flush"),
  FLUSH_SPACE("btrfs_flush_space"),
  RESERVE_TICKET("btrfs_reserve_ticket"),
  FAIL_ALL_TICKETS("btrfs_fail_all_tickets"),
  DONE_PREEMPTIVE_RECLAIM("btrfs_done_preemptive_reclaim"),

  ORDERED_EXTENT_ADD("btrfs_ordered_extent_add"),
  ORDERED_EXTENT_START("btrfs_ordered_extent_start"),
  ORDERED_EXTENT_REMOVE("btrfs_ordered_extent_remove"),
  ORDERED_EXTENT_PUT("btrfs_ordered_extent_put"),
  ORDERED_EXTENT_SPLIT("btrfs_ordered_extent_split"),
  ORDERED_EXTENT_MARK_FINISHED("btrfs_ordered_extent_mark_finished"),
  FINISH_ORDERED_EXTENT("btrfs_finish_ordered_extent"),
  WRITEPAGE("__extent_writepage", "extent_writepage"),
  WRITEPAGE_END_IO("btrfs_writepage_end_io_hook"),

  TRANSACTION_COMMIT("btrfs_transaction_commit"),
  SYNC_FS("btrfs_sync_fs"),
  SYNC_FILE("btrfs_sync_file"),
  COW_BLOCK("btrfs_cow_block"),
  RESERVE_EXTENT("btrfs_reserve_extent"),
  RESERVED_EXTENT_ALLOC("btrfs_reserved_extent_alloc"),
  RESERVED_EXTENT_FREE("btrfs_reserved_extent_free"),
  CHUNK_ALLOC("btrfs_chunk_alloc"),
  CHUNK_FREE("btrfs_chunk_free"),
  INODE_NEW("btrfs_inode_new"),
  INODE_EVICT("btrfs_inode_evict"),

  WORK_QUEUED("btrfs_work_queued"),
  WORK_SCHED("btrfs_work_sched"),
  ORDERED_SCHED("btrfs_ordered_sched"),
  ALL_WORK_DONE("btrfs_all_work_done"),
  WORKQUEUE_ALLOC("btrfs_workqueue_alloc", "btrfs_workqueue_alloc_dup"),

  TREE_LOCK("btrfs_tree_lock"),
  TREE_READ_LOCK("btrfs_tree_read_lock"),
  TREE_UNLOCK("btrfs_tree_unlock"),
  TREE_READ_UNLOCK("btrfs_tree_read_unlock"),
  SET_EXTENT_BIT("btrfs_set_extent_bit"),
  CLEAR_EXTENT_BIT("btrfs_clear_extent_bit"),

  ADD_DELAYED_REF_HEAD("add_delayed_ref_head", "btrfs_delayed_ref_head", "btrfs_add_delayed_ref_head"),
  RUN_DELAYED_REF_HEAD("run_delayed_ref_head", "btrfs_run_delayed_ref_head"),
  /** One reference is about to be written to the extent tree. */
  RUN_DELAYED_REF("run_delayed_tree_ref", "run_delayed_data_ref"),
  SCHED_SWITCH("sched_switch"),

  // Calls of functions and their returns, as the kprobes of "capture enospc-kprobes" name them.
  CALL_FINISH_ORDERED("finish_ordered", "finish_ordered_fn", "finish_ordered_hook"),
  RETURN_FINISH_ORDERED("finish_ordered_ret", "finish_ordered_fn_ret", "finish_ordered_hook_ret"),
  CALL_INODE_UPDATE("inode_update"),
  RETURN_INODE_UPDATE("inode_update_ret"),
  CALL_INODE_RESERVE("inode_reserve"),
  RETURN_INODE_RESERVE("inode_reserve_ret"),
  RETURN_INODE_ITEM("inode_item_ret"),
  CALL_RSV_MIGRATE("rsv_migrate"),
  RETURN_RSV_MIGRATE("rsv_migrate_ret"),
  CALL_RSV_ADD("rsv_add", "rsv_add_noflush"),
  RETURN_RSV_ADD("rsv_add_ret", "rsv_add_noflush_ret"),
  CALL_RSV_RELEASE("rsv_release"),
  CALL_DELALLOC_RESERVE("delalloc_reserve"),
  RETURN_DELALLOC_RESERVE("delalloc_reserve_ret"),
  CALL_DELALLOC_RELEASE("delalloc_release"),
  RETURN_DELALLOC_RELEASE("delalloc_release_ret");

  private static final Map<String, EventType> BY_NAME = new HashMap<>();

  static {
    for (EventType type : values()) {
      for (String name : type.names) {
        BY_NAME.put(name, type);
      }
    }
  }

  private final String[] names;

  EventType(String... names) {
    this.names = names;
  }

  /** Every name that {@link #of} maps to a type of its own. */
  static java.util.Set<String> decodedNames() {
    java.util.Set<String> names = new java.util.TreeSet<>(BY_NAME.keySet());
    names.removeAll(java.util.List.of(KERNEL_STACK.names));
    return names;
  }

  /** A call of a function or its return, recorded by a kprobe: not one of the kernel's own trace events. */
  public boolean isCall() {
    return ordinal() >= CALL_FINISH_ORDERED.ordinal();
  }

  /** {@link #OTHER} for a name that is not decoded. */
  public static EventType of(String name) {
    return BY_NAME.getOrDefault(name, OTHER);
  }
}
