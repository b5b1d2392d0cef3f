package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;

/**
 * The whole space_info as btrfs_fail_all_tickets and btrfs_done_preemptive_reclaim print it, with what the reserves
 * hold; bytes. Copied, as event blocks are reused.
 */
final class SpaceSnapshot {
  final long time;
  final long total;
  final long used;
  final long pinned;
  final long reserved;
  final long mayUse;
  final long readonly;
  final long reclaimSize;
  final long global;
  final long trans;
  final long delayedRefs;
  final long delayed;
  final long delallocBytes;
  final long orderedBytes;

  SpaceSnapshot(EventBlock block, int i) {
    time = block.time(i);
    total = block.number(i, Field.TOTAL_BYTES);
    used = block.number(i, Field.BYTES_USED);
    pinned = block.number(i, Field.BYTES_PINNED);
    reserved = block.number(i, Field.BYTES_RESERVED);
    mayUse = block.number(i, Field.BYTES_MAY_USE);
    readonly = block.number(i, Field.BYTES_READONLY);
    reclaimSize = block.number(i, Field.RECLAIM_SIZE);
    global = block.number(i, Field.GLOBAL_RESERVED);
    trans = block.number(i, Field.TRANS_RESERVED);
    delayedRefs = block.number(i, Field.DELAYED_REFS_RESERVED);
    delayed = block.number(i, Field.DELAYED_RESERVED);
    delallocBytes = block.number(i, Field.DELALLOC_BYTES);
    orderedBytes = block.number(i, Field.ORDERED_BYTES);
  }

  /**
   * Bytes that flushing could make free at best: what is free, what the next commit unpins, and what is promised, as if
   * all of it were promised too much.
   *
   * @param metadata whether the global reserve is part of what is promised
   */
  long reclaimable(boolean metadata) {
    return Math.max(0, free()) + pinned + Math.max(0, mayUse - (metadata ? global : 0));
  }

  /** Bytes that are neither used nor promised; negative where the kernel overcommitted. */
  long free() {
    return total - used - pinned - reserved - readonly - mayUse;
  }
}
