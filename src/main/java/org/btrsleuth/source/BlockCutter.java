package org.btrsleuth.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into blocks of whole lines. A line that is longer than a block makes the block grow, up to
 * {@code maxLine}; a longer one is cut there and counted. An input that does not end with a line end gets one.
 */
public final class BlockCutter {
  private final InputStream in;
  private final int blockSize;
  private final int maxLine;
  private final Together together;

  /** Read but not yet given out. */
  private byte[] rest = new byte[0];
  private int restLength;
  private boolean ended;
  private IOException failure;
  private long cutLines;
  private long textBytes;

  /** Says which lines must stand in one block with the line before. */
  public interface Together {
    /** Whether the line at {@code [from, to)}, of which only the beginning may be there, belongs to its predecessor. */
    boolean continues(byte[] bytes, int from, int to);
  }

  public BlockCutter(InputStream in, int blockSize, int maxLine, Together together) {
    this.in = in;
    this.blockSize = blockSize;
    this.maxLine = maxLine;
    this.together = together;
  }

  /** Fills {@code block}; false at the end, after which nothing follows. */
  public boolean next(Block block) {
    int have = restLength;
    ensure(block, Math.max(have, Math.min(blockSize, 1 << 14)));
    System.arraycopy(rest, 0, block.bytes, 0, have);
    restLength = 0;
    int searched = 0;
    int want = blockSize;
    while (true) {
      have = fill(block, have, want);
      if (ended) {
        return last(block, have);
      }
      int cut = cut(block.bytes, searched, have);
      if (cut > 0) {
        give(block, cut, have);
        return true;
      }
      if (have >= maxLine) {
        // a forced line end; the byte that it displaces goes to the next block
        give(block, have, have);
        block.bytes[block.length++] = '\n';
        cutLines++;
        return true;
      }
      searched = have;
      want = Math.min(maxLine, Math.max(have * 2, 16));
    }
  }

  /** Reads until {@code want} bytes are there or the input ends. */
  private int fill(Block block, int have, int want) {
    while (have < want && !ended) {
      if (have == block.bytes.length) {
        ensure(block, Math.min(Math.max(want, 16), have * 2 + 16));
      }
      int n;
      try {
        n = in.read(block.bytes, have, Math.min(block.bytes.length, want) - have);
      } catch (IOException e) {
        failure = e;
        n = -1;
      }
      if (n < 0) {
        ended = true;
      } else {
        have += n;
        textBytes += n;
      }
    }
    return have;
  }

  private boolean last(Block block, int have) {
    if (have == 0) {
      block.length = 0;
      return false;
    }
    block.length = have;
    ensure(block, have + 1 + Block.SLACK);
    if (block.bytes[have - 1] != '\n') {
      block.bytes[block.length++] = '\n';
    }
    return true;
  }

  private void give(Block block, int cut, int have) {
    ensure(block, have + 1 + Block.SLACK);
    block.length = cut;
    restLength = have - cut;
    if (rest.length < restLength) {
      rest = new byte[Math.max(restLength, 1 << 12)];
    }
    System.arraycopy(block.bytes, cut, rest, 0, restLength);
  }

  /** End of the last line that is whole and whose successor does not belong to it; 0 if there is none. */
  private int cut(byte[] bytes, int searched, int have) {
    int first = 0;
    for (int i = have - 1; i >= searched; i--) {
      if (bytes[i] == '\n') {
        if (first == 0) {
          first = i + 1;
        }
        if (have - i > 4 && !together.continues(bytes, i + 1, have)) {
          return i + 1;
        }
      }
    }
    return first;
  }

  private static void ensure(Block block, int capacity) {
    if (block.bytes.length < capacity) {
      block.bytes = Arrays.copyOf(block.bytes, capacity);
    }
  }

  /** Why reading ended early, null if it did not. */
  public IOException failure() {
    return failure;
  }

  /** Lines that were cut because they were longer than the bound. */
  public long cutLines() {
    return cutLines;
  }

  /** Bytes read, decompressed. */
  public long textBytes() {
    return textBytes;
  }

  /** Whether all bytes were read; what was read may still have to be given out. */
  public boolean ended() {
    return ended;
  }

  /** Whether bytes are left that were read but not yet given out. */
  public boolean hasMore() {
    return restLength > 0;
  }
}
