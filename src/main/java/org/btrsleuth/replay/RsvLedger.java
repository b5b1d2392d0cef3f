package org.btrsleuth.replay;

/**
 * Size and content of the reserves that handles and delayed items share: trans_block_rsv and delayed_block_rsv. A
 * reserve's size falls by what is released and its content only to the new size, so blocks that were consumed are made
 * up for by the sizes of others (btrfs_block_rsv_release).
 *
 * <p>Truncation and fallocate move part of a handle's bytes to a reserve of their own without a line, and a handle is
 * credited before its line is printed: while handles are open the content of trans_block_rsv is an upper bound.
 */
final class RsvLedger {
  private long transSize;
  private long transReserved;
  private int handles;
  private long delayedSize;
  private long delayedReserved;
  private boolean delayedKnown;
  private boolean transKnown;
  private long orderedBytes;
  private boolean orderedKnown;
  private boolean orderedSeen;

  /** The log shows the file system from its mount: everything starts empty. */
  void fromMount() {
    delayedKnown = true;
    transKnown = true;
    orderedKnown = true;
  }

  void gap() {
    delayedKnown = false;
    transKnown = false;
    orderedKnown = false;
    handles = 0;
    transSize = 0;
    transReserved = 0;
  }

  void handleOpened(long bytes) {
    handles++;
    transSize += bytes;
    transReserved += bytes;
  }

  void handleReleased(long bytes, long consumed, boolean closed) {
    transSize -= bytes;
    transReserved = Math.min(transReserved - consumed, transSize);
    if (closed && handles > 0 && --handles == 0) {
      transSize = 0;
      transReserved = 0;
      transKnown = true;
    }
  }

  void delayedReserved(long bytes, boolean fromHandle) {
    delayedSize += bytes;
    delayedReserved += bytes;
    if (fromHandle) {
      transReserved -= bytes;
    }
  }

  void delayedReleased(long bytes, long consumed) {
    delayedSize -= bytes;
    delayedReserved = Math.min(delayedReserved - consumed, delayedSize);
  }

  void consumeTrans(long bytes) {
    transReserved -= bytes;
  }

  void consumeDelayed(long bytes) {
    delayedReserved -= bytes;
  }

  void orderedAdded(long bytes) {
    orderedSeen = true;
    orderedBytes += bytes;
  }

  void orderedRemoved(long bytes) {
    orderedSeen = true;
    orderedBytes -= bytes;
  }

  /**
   * The two reserves at a moment.
   *
   * @param open a handle or a task is in the middle of something that changes them
   */
  record State(
      boolean open, boolean transKnown, long transSize, long transReserved, boolean delayedKnown, long delayedSize,
      long delayedReserved) {}

  State state(boolean unsettled) {
    return new State(
        unsettled || handles > 0, transKnown, transSize, transReserved, delayedKnown, delayedSize, delayedReserved);
  }

  int handles() {
    return handles;
  }

  boolean transKnown() {
    return transKnown;
  }

  long transSize() {
    return transSize;
  }

  long transReserved() {
    return transReserved;
  }

  boolean delayedKnown() {
    return delayedKnown;
  }

  long delayedSize() {
    return delayedSize;
  }

  long delayedReserved() {
    return delayedReserved;
  }

  /** Takes what the kernel printed where nothing is known. */
  void anchorDelayed(long size, long reserved) {
    delayedKnown = true;
    delayedSize = size;
    delayedReserved = reserved;
  }

  boolean orderedKnown() {
    return orderedKnown && orderedSeen;
  }

  void anchorOrdered(long bytes) {
    orderedKnown = true;
    orderedBytes = bytes;
  }

  long orderedBytes() {
    return orderedBytes;
  }
}
