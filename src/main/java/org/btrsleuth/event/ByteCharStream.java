package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * Bytes as ANTLR's characters, without decoding. ANTLR keeps its automaton only for characters up to 0x7F, so all
 * bytes above arrive as 0x7F; the grammar treats none of them specially.
 */
final class ByteCharStream implements CharStream {
  private byte[] bytes;
  private int end;
  private int position;

  void reset(byte[] bytes, int from, int length) {
    this.bytes = bytes;
    end = length;
    position = from;
  }

  @Override
  public void consume() {
    position++;
  }

  @Override
  public int LA(int offset) {
    int at = offset < 0 ? position + offset : position + offset - 1;
    if (offset == 0 || at < 0) {
      return 0;
    }
    if (at >= end) {
      return IntStream.EOF;
    }
    int b = bytes[at];
    return b < 0 ? 0x7f : b;
  }

  @Override
  public int mark() {
    return -1;
  }

  @Override
  public void release(int marker) {}

  @Override
  public int index() {
    return position;
  }

  @Override
  public void seek(int index) {
    position = Math.min(index, end);
  }

  @Override
  public int size() {
    return end;
  }

  @Override
  public String getText(Interval interval) {
    int to = Math.min(interval.b + 1, end);
    return interval.a >= to ? "" : new String(bytes, interval.a, to - interval.a, StandardCharsets.UTF_8);
  }

  @Override
  public String getSourceName() {
    return "block";
  }
}
