package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;

/** Compares snapshots of a space_info that the kernel prints with the replayed counters and reserves. */
final class DumpCheck {
  final CheckCounter check = new CheckCounter("space_info_dump");

  /**
   * Takes a btrfs_fail_all_tickets or btrfs_done_preemptive_reclaim event.
   *
   * @param unsettled whether a task has consumed tree blocks that are not attributed yet
   */
  void compare(EventBlock block, int i, SpaceInfoLedger info, RsvLedger rsv, boolean unsettled, Dialect dialect) {
    counter(block, i, info.mayUse, Field.BYTES_MAY_USE, "bytes_may_use");
    counter(block, i, info.pinned, Field.BYTES_PINNED, "bytes_pinned");
    if (block.has(i, Field.BYTES_USED) && block.has(i, Field.BYTES_RESERVED) && block.has(i, Field.BYTES_PINNED)) {
      long occupied =
          block.number(i, Field.BYTES_USED) + block.number(i, Field.BYTES_RESERVED) + block.number(i, Field.BYTES_PINNED);
      derived(
          block, i, info.occupied, occupied, "bytes_used + bytes_reserved + bytes_pinned",
          dialect.updateLines && dialect.pinnedLines && dialect.extentEvents);
    }
    if (block.has(i, Field.TOTAL_BYTES)) {
      derived(block, i, info.total, block.number(i, Field.TOTAL_BYTES), "total_bytes", dialect.chunkEvents);
    }
    if (block.has(i, Field.TRANS_RESERVED) && rsv.transKnown()) {
      value(
          block, i, Field.TRANS_RESERVED, rsv.transReserved(), unsettled || rsv.handles() > 0, "trans_block_rsv reserved");
    }
    if (block.has(i, Field.DELAYED_RESERVED) && rsv.delayedKnown()) {
      value(block, i, Field.DELAYED_RESERVED, rsv.delayedReserved(), unsettled, "delayed_block_rsv reserved");
    }
    if (block.has(i, Field.ORDERED_BYTES)) {
      if (rsv.orderedKnown()) {
        value(block, i, Field.ORDERED_BYTES, rsv.orderedBytes(), false, "ordered_bytes");
      } else {
        rsv.anchorOrdered(block.number(i, Field.ORDERED_BYTES));
      }
    }
  }

  /** Anchored by the first snapshot, which is not compared; every later one is. */
  private void derived(EventBlock block, int i, DerivedCounter counter, long printed, String name, boolean recorded) {
    if (counter.isAnchored()) {
      if (counter.value() == printed) {
        check.match();
      } else if (!recorded) {
        check.addUndecided();
      } else if (check.mismatch(block, i)) {
        check.detail(name + ": replayed " + counter.value() + ", printed " + printed);
      }
    }
    counter.anchor(printed);
  }

  private void value(EventBlock block, int i, Field field, long replayed, boolean open, String name) {
    long printed = block.number(i, field);
    if (replayed == printed) {
      check.match();
    } else if (open) {
      check.addUndecided();
    } else if (check.mismatch(block, i)) {
      check.detail(name + ": replayed " + replayed + ", printed " + printed);
    }
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
