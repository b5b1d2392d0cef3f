package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Symbols;

/**
 * The typed lines of btrfs_space_reservation: who reserved, gave back, handed over. What a task consumes in tree blocks is
 * collected until a line of the task tells on whose behalf it worked.
 */
final class ReserveLines {
  private final Dialect dialect;
  private final Units units;
  private final InodeLedger inodes;
  private final BucketLedger bucket;
  private final OwnerLedger owners;
  private final RsvLedger rsvs;
  private final PoolLedger[] pools;
  private int handleHint = Symbols.NONE;
  private String hintText = "";

  ReserveLines(FsReplay fs) {
    dialect = fs.dialect;
    units = fs.units;
    inodes = fs.inodes;
    bucket = fs.bucket;
    owners = fs.owners;
    rsvs = fs.rsvs;
    pools = fs.pools;
  }

  /** Type of the running handle's reserve, where the record of a probe names it. */
  void hint(Symbols symbols, int hint) {
    if (hint != handleHint) {
      handleHint = hint;
      hintText = symbols.text(hint);
    }
  }

  /** Extent of {@code bytes} allocated; for metadata this is one tree block, charged to some reserve of the task. */
  void allocated(TaskState task, int flags, long bytes) {
    task.allocating = Math.max(bytes, 1);
    if ((flags & SpaceFlags.METADATA) != 0) {
      inodes.nodesize(bytes);
      if (task.onDemand == bytes) {
        // Reserved for this block on the spot, or taken from the global reserve after that failed.
        task.onDemand = 0;
        return;
      }
      if (handleHint == Symbols.NONE) {
        task.consumed += bytes;
        task.blocks++;
      } else {
        consumedByHint(task, bytes);
      }
    }
    task.onDemand = 0;
  }

  /** The probe names the reserve of the running handle. */
  private void consumedByHint(TaskState task, long bytes) {
    switch (hintText) {
      case "TRANS" -> {
        rsvs.consumeTrans(bytes);
        pools[RsvType.TRANSACTION.ordinal()].noteConsumed(bytes);
      }
      case "DELOPS" -> rsvs.consumeDelayed(bytes);
      case "DELALLOC" -> {
        task.consumed += bytes;
        task.blocks++;
      }
      default -> {}
    }
  }

  void plain(long time, RsvType type, long bytes, boolean reserve) {
    PoolLedger pool = pools[type.ordinal()];
    if (reserve) {
      pool.reserve(time, bytes);
    } else {
      pool.release(time, bytes);
    }
  }

  void delalloc(EventBlock block, int i, TaskState task, long ino, long bytes, boolean reserve) {
    dialect.delalloc = true;
    PoolLedger pool = pools[RsvType.DELALLOC.ordinal()];
    long time = block.time(i);
    if (!dialect.perInode() && !dialect.pinnedLines && !dialect.flushEvents) {
      bucket.line(block, i, ino, reserve ? bytes : -bytes);
    }
    if (reserve) {
      pool.reserve(time, bytes);
      inodes.reserved(block, i, task, ino, bytes);
    } else {
      chargeDelalloc(time, task);
      pool.release(time, bytes);
      inodes.released(task, ino, bytes);
    }
  }

  /** What the task consumed and moved on behalf of the inode leaves the delalloc pool (D1). */
  void chargeDelalloc(long time, TaskState task) {
    if (dialect.outstandingEvents) {
      PoolLedger pool = pools[RsvType.DELALLOC.ordinal()];
      if (task.consumed != 0) {
        pool.consume(time, task.consumed);
      }
      if (task.migrated != 0) {
        pool.migrate(time, task.migrated);
      }
    }
  }

  void delayedInode(
      EventBlock block, int i, TaskState task, long ino, long bytes, boolean reserve, long onDemand) {
    long time = block.time(i);
    PoolLedger pool = pools[RsvType.DELAYED_INODE.ordinal()];
    if (!reserve) {
      chargeDelayed(task, pool);
      rsvs.delayedReleased(bytes, task.consumed);
      pool.release(time, bytes);
      owners.release(block, i, RsvType.DELAYED_INODE, ino, bytes);
      task.boundary();
      return;
    }
    units.inodeUnit(bytes);
    pool.reserve(time, bytes);
    owners.reserve(block, i, RsvType.DELAYED_INODE, ino, bytes);
    rsvs.delayedReserved(bytes, onDemand != bytes && task.handle > 0);
    if (onDemand == bytes) {
      return;
    }
    if (task.handle > 0) {
      pools[RsvType.TRANSACTION.ordinal()].noteMigrated(bytes);
    } else {
      task.migrated += bytes;
    }
  }

  void delayedItem(
      EventBlock block, int i, TaskState task, long ino, long bytes, boolean reserve, long onDemand) {
    long time = block.time(i);
    PoolLedger pool = pools[RsvType.DELAYED_ITEM.ordinal()];
    if (reserve) {
      units.itemUnit(bytes);
      pool.reserve(time, bytes);
      owners.reserve(block, i, RsvType.DELAYED_ITEM, ino, bytes);
      rsvs.delayedReserved(bytes, onDemand != bytes && task.handle > 0);
      if (onDemand != bytes && task.handle > 0) {
        pools[RsvType.TRANSACTION.ordinal()].noteMigrated(bytes);
      }
    } else {
      chargeDelayed(task, pool);
      rsvs.delayedReleased(bytes, task.consumed);
      pool.release(time, bytes);
      owners.release(block, i, RsvType.DELAYED_ITEM, ino, bytes);
    }
    task.boundary();
  }

  /** Blocks allocated while the item was run; its release still prints the full unit. */
  private static void chargeDelayed(TaskState task, PoolLedger pool) {
    pool.noteConsumed(task.consumed);
  }

  void transaction(long time, TaskState task, long transid, long bytes, boolean reserve) {
    PoolLedger pool = pools[RsvType.TRANSACTION.ordinal()];
    if (reserve) {
      task.handle = bytes;
      task.handleTransid = transid;
      rsvs.handleOpened(bytes);
      pool.reserve(time, bytes);
    } else if (task.handle >= bytes) {
      task.handle -= bytes;
      rsvs.handleReleased(bytes, task.consumed, task.handle == 0);
      pool.noteConsumed(task.consumed);
      pool.release(time, bytes);
    } else {
      // evict moves an unprinted unit into a handle that reserved nothing (T5).
      pool.releaseUnseen(bytes);
    }
    task.boundary();
  }
}
