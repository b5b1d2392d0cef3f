package org.btrsleuth.event;

/**
 * Tokens met lately, with the automaton's state at their end and what was decoded from them. One array of longs: an entry
 * is a cache line or two, found by a slot, which is the index of its first long. Subclasses hash and compare texts: each
 * knows how long its own are.
 */
abstract class TextMemo {
  /** Of an entry: bytes read, length of the token, state of the automaton at its end; all zero if it is empty. */
  static final int TOKEN = 0;
  /** What was decoded: 0 for not yet; the rest is the subclass's. */
  static final int DECODED = 1;

  static final long LOW = 0x0101010101010101L;
  static final long HIGH = 0x8080808080808080L;
  static final long M = 0x9E3779B97F4A7C15L;

  final long[] entries;

  /** @param longs of all entries together */
  TextMemo(int longs) {
    entries = new long[longs];
  }

  /** @param n bytes that the automaton read */
  final void token(int slot, int n, int state, int length) {
    entries[slot + TOKEN] = (long) state << 16 | length << 8 | n;
    entries[slot + DECODED] = 0;
  }

  /** Bytes that the automaton read to find the token, 0 for an empty entry. */
  final int read(int slot) {
    return (int) entries[slot + TOKEN] & 0xff;
  }

  final int length(int slot) {
    return (int) entries[slot + TOKEN] >>> 8 & 0xff;
  }

  /** The automaton's state at the token's end. */
  final int state(int slot) {
    return (int) (entries[slot + TOKEN] >>> 16);
  }

  /** Whether the decoder has left its results. */
  final boolean decoded(int slot) {
    return entries[slot + DECODED] != 0;
  }
}
