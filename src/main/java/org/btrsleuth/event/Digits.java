package org.btrsleuth.event;

/** Decimal numbers read eight digits at a time: a loop over digits mispredicts its end nearly every time. */
final class Digits {
  private static final long LOW = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  /** Behind the last digit of the number read last. */
  int end;

  /**
   * Reads the digits at {@code p}; 0 if there are none. 64 bits, wrapping, so that the kernel's unsigned numbers keep
   * their bits. Eight bytes behind the last digit must exist.
   */
  long read(byte[] b, int p) {
    int q = p;
    long n = 0;
    while (true) {
      long word = (long) ByteTable.LONG.get(b, q);
      int count = count(word);
      if (count < 8) {
        end = q + count;
        return count == 0 ? n : n * POWERS[count] + eight(word << (8 - count << 3));
      }
      n = n * 100_000_000L + eight(word);
      q += 8;
    }
  }

  private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000};

  /** Number of digits that {@code word} begins with, in memory order. */
  private static int count(long word) {
    long low = word & ~HIGH;
    long digits = low + LOW * (0x80 - '0') & ~(low + LOW * (0x80 - ('9' + 1))) & ~word;
    return Long.numberOfTrailingZeros(~digits & HIGH) >>> 3;
  }

  /** The number of eight digits, first one in the lowest byte; zero bytes count as the digit 0. */
  static long eight(long word) {
    long x = word & LOW * 0x0f;
    x = x * 10 + (x >>> 8);
    long a = (x & 0x000000ff000000ffL) * 0x000f424000000064L;
    long b = (x >>> 16 & 0x000000ff000000ffL) * 0x0000271000000001L;
    return a + b >>> 32;
  }
}
