package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;

/**
 * Reservation unit sizes, inferred from amounts: a delayed inode takes exactly one inode unit and a delayed item one
 * insert unit (btrfs_calc_metadata_size, btrfs_calc_insert_metadata_size; one size for both until 5.3). With 8 levels
 * the insert unit is 16 nodes from 3.13 on and 24 before, so the node size follows.
 */
final class Units {
  private long inode;
  private long item;

  void inodeUnit(long bytes) {
    if (bytes > 0 && (inode == 0 || bytes < inode)) {
      inode = bytes;
    }
  }

  /** A delayed_item reserve is one unit; releases may be several. */
  void itemUnit(long bytes) {
    if (bytes > 0 && (item == 0 || bytes < item)) {
      item = bytes;
    }
  }

  long insert() {
    return item != 0 ? item : inode;
  }

  long update() {
    return inode;
  }

  /** 0 if unknown. */
  long nodesize() {
    if (item != 0 && inode != 0 && item == 2 * inode) {
      return item / 16;
    }
    long unit = insert();
    if (unit == 0) {
      return 0;
    }
    return isPowerOfTwo(unit / 16) && unit % 16 == 0 ? unit / 16 : isPowerOfTwo(unit / 24) ? unit / 24 : 0;
  }

  private static boolean isPowerOfTwo(long n) {
    return n > 0 && (n & (n - 1)) == 0;
  }

  static boolean hasTime(EventBlock block, int i) {
    return block.time(i) != EventBlock.NO_TIME;
  }
}
