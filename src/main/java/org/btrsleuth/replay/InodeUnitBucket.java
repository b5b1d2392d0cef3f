package org.btrsleuth.replay;

/**
 * The delalloc block_rsv of a kernel up to 4.14, one bucket for the data of all inodes: {@code size} is what was promised
 * from it, {@code reserved} what it still holds. Follows block_rsv_add_bytes, block_rsv_use_bytes and
 * block_rsv_release_bytes of fs/btrfs/extent-tree.c. {@code reserved} is kept as a least and a greatest possible value,
 * because trace events do not show every tree block that was paid from the bucket.
 */
final class InodeUnitBucket {
  private static final long UNKNOWN = Long.MAX_VALUE / 4;

  private long size;
  private long least;
  private long greatest;
  private boolean anchored = true;

  /** Bytes promised. */
  long size() {
    return size;
  }

  /** Least number of bytes that the bucket can hold. */
  long least() {
    return least;
  }

  /** Greatest number of bytes that the bucket can hold. */
  long greatest() {
    return anchored ? greatest : UNKNOWN;
  }

  /** Whether it holds {@code unit} bytes: 1 certainly, 0 possibly, -1 certainly not. */
  int hadUnit(long unit) {
    return least >= unit ? 1 : greatest() < unit ? -1 : 0;
  }

  /** Bytes promised but certainly not there; 0 if that is not known. */
  long shortage() {
    return anchored ? Math.max(0, size - greatest) : 0;
  }

  /** False while promises made before the first event may still be in the bucket. */
  boolean anchored() {
    return anchored;
  }

  void add(long bytes) {
    size += bytes;
    least += bytes;
    greatest += bytes;
  }

  /** Bytes that make up for what had left, without a new promise. */
  void refill(long bytes) {
    least = Math.min(size, least + bytes);
    greatest = Math.min(size, greatest + bytes);
  }

  /** Bytes that left without a promise being given back: a tree block, a unit that was taken. */
  void use(long bytes) {
    least = Math.max(0, least - bytes);
    greatest = Math.max(0, greatest - bytes);
  }

  /** Bytes that may have left. */
  void maybeUse(long bytes) {
    least = Math.max(0, least - bytes);
  }

  /** Unit handed over: it is used, and its promise ends. */
  void handOver(long bytes) {
    use(bytes);
    release(bytes);
  }

  void release(long bytes) {
    size -= bytes;
    if (size < 0) {
      // A promise from before the first event is given back: the bucket held more than was seen.
      lose();
      size = 0;
    }
    least = Math.min(least, size);
    greatest = Math.min(greatest, size);
  }

  /** The kernel gave back an excess: the bucket holds exactly what is promised. */
  void full() {
    least = size;
    greatest = size;
  }

  /** Events are missing: only what comes from now on is known. */
  void lose() {
    anchored = false;
    least = 0;
  }

  /** Every promise seen was given back and none older can exist: the bucket is empty. */
  void anchorEmpty() {
    anchored = true;
    size = 0;
    least = 0;
    greatest = 0;
  }
}
