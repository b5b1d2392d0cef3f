package org.btrsleuth.source;

/** Whole lines of an input. Reused: the bytes are good until the block is filled again. */
public final class Block {
  byte[] bytes;
  int length;

  /** @param capacity bytes to begin with; a block grows when a line needs it */
  public Block(int capacity) {
    bytes = new byte[capacity];
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Bytes in use; 0 or the last of them is a line end. */
  public int length() {
    return length;
  }
}
