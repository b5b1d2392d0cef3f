package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines of one block that no trace grammar accepted, in file order. Filled, read and reused like {@link EventBlock}.
 */
public final class LineBlock {
  private String path = "";
  private byte[] bytes = new byte[0];
  private long firstLine;
  private int size;
  private int[] lines = new int[256];
  private int[] starts = new int[256];
  private int[] ends = new int[256];

  public void reset(String path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
    size = 0;
    firstLine = 0;
  }

  /** Added to every line, see {@link EventBlock}. */
  void setFirstLine(long firstLine) {
    this.firstLine = firstLine;
  }

  /** The bytes of the block now stand in {@code bytes}, at the same places. */
  void moveTo(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Adds bytes {@code [from, to)}, the line end excluded. */
  public void add(long line, int from, int to) {
    if (size == lines.length) {
      lines = Arrays.copyOf(lines, size * 2);
      starts = Arrays.copyOf(starts, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
    }
    lines[size] = Math.toIntExact(line);
    starts[size] = from;
    ends[size] = to;
    size++;
  }

  public String path() {
    return path;
  }

  public int size() {
    return size;
  }

  /** 1-based line number in the input. */
  public long line(int i) {
    return firstLine + lines[i];
  }

  public byte[] bytes() {
    return bytes;
  }

  public int start(int i) {
    return starts[i];
  }

  public int end(int i) {
    return ends[i];
  }

  /** Decoded as UTF-8; bytes that are none are replaced. */
  public String text(int i) {
    return new String(bytes, starts[i], ends[i] - starts[i], StandardCharsets.UTF_8);
  }
}
