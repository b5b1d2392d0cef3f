package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Finds the field that a key names, without looking at single characters: a key is at most three words of eight bytes.
 * Read-only after construction.
 */
final class FieldKeys {
  private static final int BITS = 9;
  private static final long M = 0x9E3779B97F4A7C15L;
  private static final long LOW = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long EQUALS = LOW * '=';
  private static final long BLANK = LOW * ' ';
  private static final long DASH = LOW * '-';

  private final long[] first = new long[1 << BITS];
  private final long[] second = new long[1 << BITS];
  private final long[] third = new long[1 << BITS];
  private final Field[] fields = new Field[1 << BITS];

  /** @param fieldOf the field of a key, null for a key that is not to be found */
  FieldKeys(Iterable<String> keys, Function<String, Field> fieldOf) {
    for (String key : keys) {
      byte[] text = key.getBytes(StandardCharsets.US_ASCII);
      if (text.length > 24) {
        throw new IllegalStateException("key " + key + " is longer than 24 bytes");
      }
      long a = word(text, 0);
      long b = word(text, 8);
      long c = word(text, 16);
      int slot = slot(a, b, c);
      while (fields[slot] != null) {
        slot = slot + 1 & fields.length - 1;
      }
      first[slot] = a;
      second[slot] = b;
      third[slot] = c;
      fields[slot] = fieldOf.apply(key);
    }
  }

  private static long word(byte[] text, int from) {
    return from >= text.length ? 0 : ByteTable.tail(text, from, Math.min(text.length, from + 8));
  }

  /** Length of the key at {@code p}: up to '=', '-' or blank, one of which must follow; 24 bytes more must exist. */
  static int length(byte[] b, int p) {
    int n = 0;
    while (true) {
      long word = (long) ByteTable.LONG.get(b, p + n);
      long eq = word ^ EQUALS;
      long blank = word ^ BLANK;
      long dash = word ^ DASH;
      long found = (eq - LOW & ~eq | blank - LOW & ~blank | dash - LOW & ~dash) & HIGH;
      if (found != 0) {
        return n + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      n += 8;
    }
  }

  /** The field of the key of {@code n} bytes at {@code p}, or null. */
  Field find(byte[] b, int p, int n) {
    long x = (long) ByteTable.LONG.get(b, p);
    long y = 0;
    long z = 0;
    if (n < 8) {
      x &= -1L >>> 64 - (n << 3);
    } else if (n > 8) {
      if (n > 24) {
        return null;
      }
      y = ByteTable.tail(b, p + 8, p + Math.min(n, 16));
      if (n > 16) {
        z = ByteTable.tail(b, p + 16, p + n);
      }
    }
    for (int slot = slot(x, y, z); fields[slot] != null; slot = slot + 1 & fields.length - 1) {
      if (first[slot] == x && second[slot] == y && third[slot] == z) {
        return fields[slot];
      }
    }
    return null;
  }

  private static int slot(long a, long b, long c) {
    return (int) ((a ^ Long.rotateLeft(b, 21) ^ Long.rotateLeft(c, 42)) * M >>> 64 - BITS);
  }
}
