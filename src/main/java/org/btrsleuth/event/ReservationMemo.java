package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;

/**
 * Texts of {@code btrfs_space_reservation} met lately ({@code delalloc: 258 release 262144}), with what was decoded from
 * them. Two of five lines of a reservation trace are such, and all but one in seventy stood there shortly before: sizes
 * are few, inodes and transactions are worked on for a while. Comparing four words costs less than walking the automaton
 * over thirty bytes, looking up the pool and reading two numbers: the parser alone took 6 % less CPU time on a gigabyte of
 * kernel 6.18 (best of 35 passes each, in turn, JDK 17).
 *
 * <p>Exact like {@link TokenMemo}: an entry holds all bytes that the automaton read, including the one that stopped it.
 * For one worker.
 */
final class ReservationMemo extends TextMemo {
  /** Longer tokens are not kept. */
  static final int WIDTH = 48;

  private static final int WORDS = WIDTH / 8;
  private static final int BITS = 11;
  private static final int STRIDE_BITS = 4;

  // DECODED: 1 for no reservation, 2 for a release, 3 for a reservation; above it the pool
  private static final int VAL = 2;
  private static final int AMOUNT = 3;
  private static final int TEXT = 4;

  private static final long NAME = word("btrfs_sp");
  private static final long NAME_REST = word("ace_rese");
  /** perf puts the subsystem before the name. */
  private static final int PREFIX = "btrfs:".length();

  ReservationMemo() {
    super(1 << BITS + STRIDE_BITS);
  }

  /** Whether the name at {@code p} is that of the event whose texts are kept here. */
  static boolean follows(byte[] b, int p) {
    int at = b[p + PREFIX - 1] == ':' ? p + PREFIX : p;
    return (long) ByteTable.LONG.get(b, at) == NAME && (long) ByteTable.LONG.get(b, at + 8) == NAME_REST;
  }

  private static long word(String eight) {
    return (long) ByteTable.LONG.get(eight.getBytes(StandardCharsets.US_ASCII), 0);
  }

  /** Slot for the text at {@code p}: its bytes up to the line end, at most {@link #WIDTH}. */
  static int slot(byte[] b, int p) {
    long h = 0;
    for (int i = 0; i < WORDS; i++) {
      long x = (long) ByteTable.LONG.get(b, p + 8 * i);
      // the lowest byte that equals the line end, if there is one
      long y = x ^ LOW * '\n';
      long end = y - LOW & ~y & HIGH;
      if (end != 0) {
        x &= (end & -end) - 1 >>> 7;
        h = (h ^ x) * M;
        break;
      }
      h = (h ^ x) * M;
      h ^= h >>> 29;
    }
    return (int) ((h ^ h >>> 32) * M >>> 64 - BITS) << STRIDE_BITS;
  }

  /** Whether what the entry's token was read from stands at {@code p} again. */
  boolean holds(int slot, byte[] b, int p, int end) {
    long[] e = entries;
    int n = read(slot);
    if (n == 0 || p + n > end) {
      return false;
    }
    int at = slot + TEXT;
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      if ((long) ByteTable.LONG.get(b, p + i) != e[at + (i >>> 3)]) {
        return false;
      }
    }
    return i == n || ByteTable.tail(b, p + i, p + n) == e[at + (i >>> 3)];
  }

  /** @param n bytes that the automaton read, at most {@link #WIDTH} */
  void put(int slot, byte[] b, int p, int n, int state, int length) {
    for (int i = 0; i < n; i += 8) {
      entries[slot + TEXT + (i >>> 3)] = ByteTable.tail(b, p + i, p + Math.min(n, i + 8));
    }
    token(slot, n, state, length);
  }

  /** Remembers what became of the token: the reservation added last to {@code block}, or none. */
  void keep(int slot, boolean reservation, EventBlock block) {
    if (!reservation) {
      entries[slot + DECODED] = 1;
      return;
    }
    int i = block.size() - 1;
    entries[slot + DECODED] = (long) block.symbol(i, Field.RSV) << 32 | 2 + block.number(i, Field.RESERVE);
    entries[slot + VAL] = block.number(i, Field.VAL);
    entries[slot + AMOUNT] = block.number(i, Field.BYTES);
  }

  /** Adds what the token says to the event begun last; false if it is no reservation. */
  boolean addTo(int slot, EventBlock block) {
    long decoded = entries[slot + DECODED];
    if (decoded == 1) {
      return false;
    }
    block.reservation((int) (decoded >> 32), entries[slot + VAL], decoded & 1, entries[slot + AMOUNT]);
    return true;
  }
}
