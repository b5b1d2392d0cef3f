package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;

/** Events of chunks and extents: what a space_info has in all and what of it is occupied. */
final class ExtentEvents {
  private final FsReplay fs;
  private final SpaceCounters counters;
  private final SymbolCache cache;
  private final Dialect dialect;
  private final BlockGroups blockGroups = new BlockGroups();

  ExtentEvents(FsReplay fs, SpaceCounters counters, SymbolCache cache) {
    this.fs = fs;
    this.counters = counters;
    this.cache = cache;
    dialect = fs.dialect;
  }

  /** btrfs_reserved_extent_free: allocated and given back without having been used. */
  void reservedFreed(EventBlock block, int i, TaskState task) {
    fs.step(block, i, task);
    dialect.extentEvents = true;
    int flags = blockGroups.at(block.number(i, Field.START));
    if (flags < 0) {
      counters.occupiedUnknown();
    } else {
      counters.spaceInfo(flags).occupied.change(-block.number(i, Field.LEN));
    }
  }

  void chunk(EventBlock block, int i, TaskState task, boolean allocated) {
    fs.step(block, i, task);
    dialect.chunkEvents = true;
    long size = block.number(i, Field.SIZE);
    int type = block.symbol(i, Field.TYPE);
    if (type != Symbols.NONE) {
      int flags = cache.flags(block.symbols(), type);
      counters.spaceInfo(flags).total.change(allocated ? size : -size);
      blockGroups.note(block.number(i, Field.OFFSET), flags);
    }
  }

  /** btrfs_reserve_extent: the allocation itself. Where no counter line marks it (4.15 to 5.3), it charges a reserve. */
  void extentReserved(EventBlock block, int i, TaskState task) {
    long paid = task.paidOnDemand;
    fs.step(block, i, task);
    dialect.extentEvents = true;
    blockGroups.note(block.number(i, Field.BLOCK_GROUP), fs.flags(block, i));
    if (dialect.updateLines || dialect.allocationMarked || !dialect.outstandingEvents) {
      return;
    }
    long bytes = block.number(i, Field.LEN);
    if ((fs.flags(block, i) & SpaceFlags.METADATA) != 0 && paid != bytes) {
      fs.lines.allocated(task, SpaceFlags.METADATA, bytes);
      task.allocating = 0;
    }
  }
}
