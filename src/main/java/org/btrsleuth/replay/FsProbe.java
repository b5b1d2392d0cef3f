package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;

/** Takes what the records of our probe carry beside their event: the state of the reserves at that moment. */
final class FsProbe {
  private static final Field[] RESERVES = {
    Field.TRANS_SIZE, Field.TRANS_RESERVED, Field.DELAYED_SIZE, Field.DELAYED_RESERVED, Field.GLOBAL_SIZE,
    Field.GLOBAL_RESERVED, Field.DELAYED_REFS_SIZE, Field.DELAYED_REFS_RESERVED, Field.INODE_SIZE, Field.INODE_RESERVED
  };
  private static final String[] NAMES = {
    "size of trans_block_rsv", "trans_block_rsv", "size of delayed_block_rsv", "delayed_block_rsv",
    "size of global_block_rsv", "global_block_rsv", "size of delayed_refs_rsv", "delayed_refs_rsv",
    "size of an inode's reserve", "an inode's reserve"
  };

  final ProbeCheck check = new ProbeCheck();
  private final FsReplay fs;

  FsProbe(FsReplay fs) {
    this.fs = fs;
  }

  /** Takes what a probe record says beside its event, before the event itself. */
  void before(EventBlock block, int i, TaskState task) {
    fs.lines.hint(block.symbols(), block.symbol(i, Field.HANDLE_TYPE));
    for (int k = 0; k < RESERVES.length; k++) {
      if (block.has(i, RESERVES[k]) && block.number(i, RESERVES[k]) < 0) {
        fs.negative.reserve(block, i, NAMES[k], block.number(i, RESERVES[k]));
      }
    }
    if (isRelease(block, i)) {
      check.compare(block, i, fs.rsvs, anyInFlight());
    }
  }

  /** And after it. */
  void after(EventBlock block, int i, TaskState task) {
    fs.lines.hint(block.symbols(), Symbols.NONE);
    if (check.heldInode() != null) {
      check.heldInodeStep(otherAtWork(check.heldInode(), null));
    }
    if (!isRelease(block, i)) {
      check.compare(block, i, fs.rsvs, anyInFlight());
    }
    if (block.has(i, Field.INODE_RESERVED)) {
      InodeReserve inode = fs.inodes.find(block.number(i, Field.ROOT), block.number(i, Field.INO));
      if (inode != null && inode.anchored) {
        long own = task.inode == inode ? task.consumed + task.migrated : 0;
        boolean fits = inode.residue - own == block.number(i, Field.INODE_RESERVED);
        check.inode(block, i, inode, own, !fits && otherAtWork(inode, task));
      }
    }
  }

  /** Another task is charging an inode, or has changed one whose line is still to come. */
  private boolean otherAtWork(InodeReserve inode, TaskState self) {
    boolean[] any = new boolean[1];
    fs.tasks().forEach(
        task ->
            any[0] |=
                task != self && (task.consumed != 0 || task.migrated != 0 || task.inode == inode && task.betweenLines));
    return any[0];
  }

  private static boolean isRelease(EventBlock block, int i) {
    return block.type(i) == EventType.SPACE_RESERVATION && block.number(i, Field.RESERVE) == 0;
  }

  /** A task has been granted bytes and its line about them is still to come. */
  private boolean anyInFlight() {
    boolean[] any = new boolean[1];
    fs.tasks().forEach(task -> any[0] |= task.onDemand != 0);
    return any[0];
  }
}
