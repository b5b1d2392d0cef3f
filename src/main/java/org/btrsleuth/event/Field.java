package org.btrsleuth.event;

import java.util.HashMap;
import java.util.Map;

/**
 * Fields of decoded events. A field has a number, a symbol, or both: {@code flags=4(METADATA)} has number 4 and symbol
 * METADATA, {@code type=METADATA} only the symbol, {@code bytes=4096} only the number. Where the kernel had no name,
 * {@code root=257(-)} or {@code flush=3(0x3)}, there is no symbol. Pointers are numbers; {@code (____ptrval____)} is a
 * symbol. Unsigned 64-bit values keep
 * their bits: root -9 prints as 18446744073709551607 and is stored as -9.
 */
public enum Field {
  /** Reservation pool of btrfs_space_reservation ("space_info", "delalloc", "space_info:enospc", ...): symbol. */
  RSV(),
  /** Second column of btrfs_space_reservation: flags, inode, transaction id, by pool. */
  VAL("val"),
  /** 1 for {@code reserve}, 0 for {@code release} in btrfs_space_reservation. */
  RESERVE("reserve"),
  /** {@code enospc} or {@code preempt} in btrfs_trigger_flush: symbol. */
  REASON(),
  /** Events lost, where the producer says so. */
  COUNT(),
  /** Id of the stack in the block's stack table, of KERNEL_STACK. */
  STACK(),

  BYTES("bytes", "num_bytes"),
  TYPE("type"),
  OLD("old"),
  DIFF("diff"),
  ROOT("root", "root_objectid"),
  INO("ino"),
  MOD("mod"),
  OUTSTANDING("outstanding"),
  FLAGS("flags"),
  FLUSH("flush"),
  STATE("state"),
  ORIG_BYTES("orig_bytes"),
  RET("ret"),
  FOR_PREEMPT("for_preempt"),
  START_NS("start_ns"),
  END_NS("end_ns"),
  ERROR("error"),
  TOTAL_BYTES("total_bytes"),
  BYTES_USED("bytes_used"),
  BYTES_PINNED("bytes_pinned"),
  BYTES_RESERVED("bytes_reserved"),
  BYTES_MAY_USE("bytes_may_use"),
  BYTES_READONLY("bytes_readonly"),
  RECLAIM_SIZE("reclaim_size"),
  CLAMP("clamp"),
  GLOBAL_RESERVED("global_reserved"),
  TRANS_RESERVED("trans_reserved"),
  DELAYED_REFS_RESERVED("delayed_refs_reserved"),
  DELAYED_RESERVED("delayed_reserved"),
  CHUNK_FREE_SPACE("chunk_free_space"),
  DELALLOC_BYTES("delalloc_bytes"),
  ORDERED_BYTES("ordered_bytes"),
  FILE_OFFSET("file_offset"),
  START("start"),
  LEN("len"),
  DISK_LEN("disk_len"),
  TRUNCATED_LEN("truncated_len"),
  BYTES_LEFT("bytes_left"),
  COMPRESS_TYPE("compress_type"),
  REFS("refs"),
  UPTODATE("uptodate"),
  PAGE_INDEX("page_index"),
  RANGE_START("range_start"),
  RANGE_END("range_end"),
  GEN("gen", "generation"),
  BLOCK_GROUP("block_group"),
  OFFSET("offset"),
  SIZE("size"),
  ORIG_BUF("orig_buf"),
  COW_BUF("cow_buf"),
  ORIG_LEVEL("orig_level"),
  COW_LEVEL("cow_level"),
  WORK("work"),
  NORMAL_WORK("normal_work"),
  WQ("wq"),
  FUNC("func"),
  NAME("name"),
  BLOCK("block"),
  OWNER("owner"),
  IS_LOG_TREE("is_log_tree"),
  IO_TREE("io_tree"),
  SET_BITS("set_bits"),
  CLEAR_BITS("clear_bits"),
  PARENT("parent"),
  DATASYNC("datasync"),
  WAIT("wait"),
  ACTION("action"),
  IS_DATA("is_data"),
  BYTENR("bytenr"),
  PREV_COMM("prev_comm"),
  PREV_PID("prev_pid"),
  PREV_STATE("prev_state"),
  NEXT_COMM("next_comm"),
  NEXT_PID("next_pid"),

  // Arguments of functions, recorded by kprobes: addresses.
  SRC("src"),
  DST("dst"),
  RSV_ADDRESS("rsv"),
  INODE_ADDRESS("inode"),

  // State of the reserves at the moment of the event, recorded only by a probe that reads the kernel's structures.
  // TRANS_RESERVED, GLOBAL_RESERVED, DELAYED_RESERVED, DELAYED_REFS_RESERVED and the BYTES_ counters above are shared.
  GLOBAL_SIZE(),
  TRANS_SIZE(),
  CHUNK_SIZE(),
  CHUNK_RESERVED(),
  DELAYED_SIZE(),
  DELAYED_REFS_SIZE(),
  /** The inode's own delalloc reserve. */
  INODE_SIZE(),
  INODE_RESERVED(),
  /** Reserve of the running handle: its type as symbol. */
  HANDLE_TYPE(),
  HANDLE_SIZE(),
  HANDLE_RESERVED(),
  TRANSID(),
  TRANS_BYTES_RESERVED(),
  /** Flags of the space_info whose counters the record carries. */
  SI_FLAGS(),
  CSUM_BYTES(),
  INODE_DELALLOC_BYTES();

  private static final Map<String, Field> BY_KEY = new HashMap<>();

  static {
    for (Field field : values()) {
      for (String key : field.keys) {
        BY_KEY.put(key, field);
      }
    }
  }

  private final String[] keys;

  Field(String... keys) {
    this.keys = keys;
  }

  /** Every key that {@link #ofKey} knows. */
  static java.util.Set<String> keys() {
    return BY_KEY.keySet();
  }

  /** The field printed as {@code key=}, or null for a key that nobody reads. */
  public static Field ofKey(String key) {
    return BY_KEY.get(key);
  }
}
