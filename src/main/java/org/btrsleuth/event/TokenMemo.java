package org.btrsleuth.event;

import java.util.Arrays;

/**
 * Tokens met lately by their text. The columns before a time stamp and the names of events with their file system id
 * come again and again; comparing such a token with an earlier one is some ten times faster than walking the automaton
 * over it, and what was decoded from it is still known.
 *
 * <p>Exact: an entry keeps all bytes that the automaton read to find the token, including the one that stopped it, and
 * holds only where all of them are equal. For one worker.
 */
final class TokenMemo {
  static final int NONE = -1;

  /** Longer tokens are not kept. */
  static final int WIDTH = 96;

  private static final int BITS = 10;
  private static final long M = 0x9E3779B97F4A7C15L;
  private static final long M2 = 0xC2B2AE3D27D4EB4FL;
  private static final long M3 = 0x165667B19E3779F9L;

  /** Pairs, which are shorter and far more. */
  final PairMemo pairs = new PairMemo();
  final ReservationMemo reservations = new ReservationMemo();

  private final byte[] text = new byte[WIDTH << BITS];
  /** Bytes read by the automaton; 0 for an empty entry. */
  final int[] read = new int[1 << BITS];
  /** The automaton's state at the token's end. */
  final int[] state = new int[1 << BITS];
  /** Bytes of the token. */
  final int[] length = new int[1 << BITS];
  /** Whether the decoder has left its results. */
  final boolean[] decoded = new boolean[1 << BITS];
  final int[] first = new int[1 << BITS];
  final int[] second = new int[1 << BITS];
  final int[] third = new int[1 << BITS];

  /** Slot for columns: name and PID end at byte 24, CPU and flags at byte 37. */
  static int columnsSlot(byte[] b, int p) {
    long x = (long) ByteTable.LONG.get(b, p + 8) * M;
    long y = (long) ByteTable.LONG.get(b, p + 16) * M2;
    long z = (long) ByteTable.LONG.get(b, p + 24) * M3;
    long w = (long) ByteTable.LONG.get(b, p + 32) << 24;
    return fold(x ^ Long.rotateLeft(y, 23) ^ Long.rotateLeft(z, 41) ^ w);
  }

  /** Slot for names: 24 bytes tell the events apart that are common. */
  static int nameSlot(byte[] b, int p) {
    long x = (long) ByteTable.LONG.get(b, p) * M;
    long y = (long) ByteTable.LONG.get(b, p + 8) * M2;
    long z = (long) ByteTable.LONG.get(b, p + 16) * M3;
    return fold(x ^ Long.rotateLeft(y, 23) ^ Long.rotateLeft(z, 41));
  }

  private static int fold(long h) {
    return (int) ((h ^ h >>> 31) * M >>> 64 - BITS);
  }

  /** Whether what the entry's token was read from stands at {@code p} again. */
  boolean holds(int slot, byte[] b, int p, int end) {
    int n = read[slot];
    if (n == 0 || p + n > end) {
      return false;
    }
    int at = slot * WIDTH;
    return Arrays.mismatch(text, at, at + n, b, p, p + n) < 0;
  }

  void put(int slot, byte[] b, int p, int n, int state, int length) {
    System.arraycopy(b, p, text, slot * WIDTH, n);
    read[slot] = n;
    this.state[slot] = state;
    this.length[slot] = length;
    decoded[slot] = false;
  }
}
