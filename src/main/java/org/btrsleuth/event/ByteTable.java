package org.btrsleuth.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Maps byte strings to ints; looking up allocates nothing. For one thread. */
final class ByteTable {
  static final int ABSENT = -1;
  static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long M = 0x9E3779B97F4A7C15L;

  private byte[] text = new byte[4096];
  private int textLength;
  private int[] starts = new int[64];
  private int[] ends = new int[64];
  private int[] values = new int[64];
  private int size;
  /** Entry index + 1; 0 is free. Power of two, at most half full. */
  private int[] slots = new int[128];

  int find(byte[] bytes, int from, int to) {
    int mask = slots.length - 1;
    for (int s = hash(bytes, from, to) & mask; slots[s] != 0; s = (s + 1) & mask) {
      int entry = slots[s] - 1;
      if (ends[entry] - starts[entry] == to - from && same(text, starts[entry], bytes, from, to)) {
        return values[entry];
      }
    }
    return ABSENT;
  }

  /** Adds a string that is not in the table. */
  void put(byte[] bytes, int from, int to, int value) {
    if (size == starts.length) {
      grow();
    }
    if (textLength + to - from + 8 > text.length) {
      text = Arrays.copyOf(text, Math.max(text.length * 2, textLength + to - from + 8));
    }
    System.arraycopy(bytes, from, text, textLength, to - from);
    starts[size] = textLength;
    textLength += to - from;
    ends[size] = textLength;
    values[size] = value;
    size++;
    insert(size - 1);
  }

  int size() {
    return size;
  }

  /** Forgets everything, so that hostile input with ever new strings cannot fill the memory. */
  void clear() {
    Arrays.fill(slots, 0);
    size = 0;
    textLength = 0;
  }

  private void insert(int entry) {
    int mask = slots.length - 1;
    int s = hash(text, starts[entry], ends[entry]) & mask;
    while (slots[s] != 0) {
      s = (s + 1) & mask;
    }
    slots[s] = entry + 1;
  }

  private void grow() {
    starts = Arrays.copyOf(starts, size * 2);
    ends = Arrays.copyOf(ends, size * 2);
    values = Arrays.copyOf(values, size * 2);
    slots = new int[size * 4];
    for (int i = 0; i < size; i++) {
      insert(i);
    }
  }

  private static int hash(byte[] bytes, int from, int to) {
    long h = to - from;
    int i = from;
    for (; i + 8 <= to; i += 8) {
      h = (h ^ (long) LONG.get(bytes, i)) * M;
      h ^= h >>> 32;
    }
    h = (h ^ tail(bytes, i, to)) * M;
    return (int) (h >>> 32);
  }

  /** Whether {@code b[from, to)} stands at {@code a[at]}. */
  private static boolean same(byte[] a, int at, byte[] b, int from, int to) {
    int i = from;
    int k = at;
    for (; i + 8 <= to; i += 8, k += 8) {
      if ((long) LONG.get(a, k) != (long) LONG.get(b, i)) {
        return false;
      }
    }
    return tail(a, k, k + to - i) == tail(b, i, to);
  }

  /** The fewer than eight bytes {@code [from, to)} as a little-endian number. */
  static long tail(byte[] bytes, int from, int to) {
    if (from == to) {
      return 0;
    }
    if (from + 8 <= bytes.length) {
      return (long) LONG.get(bytes, from) & -1L >>> 64 - (to - from << 3);
    }
    long tail = 0;
    for (int i = to - 1; i >= from; i--) {
      tail = tail << 8 | (bytes[i] & 0xff);
    }
    return tail;
  }
}
