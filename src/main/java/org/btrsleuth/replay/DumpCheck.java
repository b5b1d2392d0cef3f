package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;

/** Compares snapshots of a space_info that the kernel prints with the replayed counters. */
final class DumpCheck {
  final CheckCounter check = new CheckCounter("space_info_dump");

  /** Takes a btrfs_fail_all_tickets or btrfs_done_preemptive_reclaim event. */
  void compare(EventBlock block, int i, SpaceInfoLedger info) {
    counter(block, i, info.mayUse, Field.BYTES_MAY_USE, "bytes_may_use");
    counter(block, i, info.pinned, Field.BYTES_PINNED, "bytes_pinned");
  }

  private void counter(EventBlock block, int i, ChainedCounter counter, Field field, String name) {
    if (!block.has(i, field)) {
      return;
    }
    long printed = block.number(i, field);
    if (!counter.isAnchored() || !counter.isChained()) {
      counter.anchor(block.time(i), printed);
    } else if (counter.value() == printed) {
      check.match();
    } else if (check.mismatch(block, i)) {
      check.detail(name + ": replayed " + counter.value() + ", printed " + printed);
    }
  }
}
