package org.btrsleuth.event;

/**
 * {@code key=value} tokens met lately, with the field that each became. Two of three pairs of a trace come again soon
 * ({@code root=5(FS_TREE)}, {@code type=METADATA}, {@code mod=-1}); comparing three words with an entry of one cache
 * line costs less than walking the automaton, looking up the key and reading the number: the parser alone took 9 % less
 * CPU time on a gigabyte of kernel 6.18, JDK 17.
 *
 * <p>Exact like {@link TokenMemo}: an entry holds all bytes that the automaton read, including the one that stopped it.
 * For one worker.
 */
final class PairMemo extends TextMemo {
  /** Longer tokens are not kept. */
  static final int WIDTH = 24;

  private static final int BITS = 11;
  private static final int STRIDE_BITS = 3;

  // DECODED: 1 for no field, 2 for the field in the next byte and the symbol above
  private static final int NUMBER = 2;
  private static final int TEXT = 3;

  private static final Field[] FIELDS = Field.values();
  /** By count of bytes: the bits of a word's first so many bytes, three words after each other. */
  private static final long[] MASKS = masks();

  PairMemo() {
    super(1 << BITS + STRIDE_BITS);
  }

  private static long[] masks() {
    long[] masks = new long[(WIDTH + 1) * 3];
    for (int n = 0; n <= WIDTH; n++) {
      for (int word = 0; word < 3; word++) {
        int bytes = Math.max(0, Math.min(8, n - 8 * word));
        masks[n * 3 + word] = bytes == 0 ? 0 : -1L >>> 64 - 8 * bytes;
      }
    }
    return masks;
  }

  /** Slot for the token at {@code p}: its bytes up to a blank or line end, at most sixteen. */
  static int slot(byte[] b, int p) {
    long x = (long) ByteTable.LONG.get(b, p);
    long y = 0;
    long end = x - LOW * 0x21 & ~x & HIGH;
    if (end != 0) {
      x &= (end & -end) - 1 >>> 7;
    } else {
      y = (long) ByteTable.LONG.get(b, p + 8);
      end = y - LOW * 0x21 & ~y & HIGH;
      if (end != 0) {
        y &= (end & -end) - 1 >>> 7;
      }
    }
    long h = x * M ^ Long.rotateLeft(y * M, 29);
    return (int) ((h ^ h >>> 32) * M >>> 64 - BITS) << STRIDE_BITS;
  }

  /** Whether what the entry's token was read from stands at {@code p} again. */
  boolean holds(int slot, byte[] b, int p, int end) {
    long[] e = entries;
    int n = read(slot);
    int mask = n * 3;
    return n != 0
        && p + n <= end
        && ((long) ByteTable.LONG.get(b, p) & MASKS[mask]) == e[slot + TEXT]
        && ((long) ByteTable.LONG.get(b, p + 8) & MASKS[mask + 1]) == e[slot + TEXT + 1]
        && ((long) ByteTable.LONG.get(b, p + 16) & MASKS[mask + 2]) == e[slot + TEXT + 2];
  }

  /** @param n bytes that the automaton read, at most {@link #WIDTH} */
  void put(int slot, byte[] b, int p, int n, int state, int length) {
    for (int word = 0; word < 3; word++) {
      entries[slot + TEXT + word] = (long) ByteTable.LONG.get(b, p + 8 * word) & MASKS[n * 3 + word];
    }
    token(slot, n, state, length);
  }

  /** Remembers what became of the token: the field added last to {@code block}, or none. */
  void keep(int slot, boolean field, EventBlock block) {
    if (field) {
      entries[slot + DECODED] = (long) block.lastSymbol() << 32 | block.lastField().ordinal() << 8 | 2;
      entries[slot + NUMBER] = block.lastNumber();
    } else {
      entries[slot + DECODED] = 1;
    }
  }

  /** Adds the token's field to the event begun last; false if its key is none that anybody reads. */
  boolean addTo(int slot, EventBlock block) {
    long decoded = entries[slot + DECODED];
    if (decoded == 1) {
      return false;
    }
    block.field(FIELDS[(int) decoded >>> 8 & 0xff], entries[slot + NUMBER], (int) (decoded >> 32));
    return true;
  }
}
