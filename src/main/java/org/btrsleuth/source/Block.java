package org.btrsleuth.source;

/** Whole lines of an input. Reused: the bytes are good until the block is filled again. */
public final class Block {
  /** Bytes behind the end of a block that exist and mean nothing, so that readers may load whole words. */
  public static final int SLACK = 40;

  byte[] bytes;
  int length;

  /** @param capacity bytes to begin with; a block grows when a line needs it */
  public Block(int capacity) {
    bytes = new byte[capacity + SLACK];
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Bytes in use; 0 or the last of them is a line end. {@link #SLACK} more bytes exist. */
  public int length() {
    return length;
  }
}
