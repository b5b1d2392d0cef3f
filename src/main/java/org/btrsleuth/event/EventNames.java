package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;

/** Names of events, each with its symbol and what kind of event it is, as one number. For one worker. */
final class EventNames {
  private static final EventType[] TYPES = EventType.values();
  private static final int TYPE_BITS = 7;
  /** Above this many the store starts anew. */
  private static final int LIMIT = 4096;

  private final ByteTable names = new ByteTable();
  private final SymbolCache symbols;

  EventNames(SymbolCache symbols) {
    this.symbols = symbols;
  }

  static EventType type(int name) {
    return TYPES[name & (1 << TYPE_BITS) - 1];
  }

  static int symbol(int name) {
    return name >>> TYPE_BITS;
  }

  /** The name at the beginning of {@code [from, to)}, without perf's subsystem. */
  int find(byte[] bytes, int from, int to) {
    int start = from;
    int p = from;
    while (p < to && bytes[p] != ':' && bytes[p] != ' ') {
      p++;
    }
    if (p + 1 < to && bytes[p] == ':' && bytes[p + 1] != ' ' && bytes[p + 1] != ':') {
      // perf: "btrfs:btrfs_sync_fs:"
      start = p + 1;
      p = start;
      while (p < to && bytes[p] != ':') {
        p++;
      }
    }
    int known = names.find(bytes, start, p);
    if (known == ByteTable.ABSENT) {
      String name = new String(bytes, start, p - start, StandardCharsets.US_ASCII);
      known = symbols.intern(name) << TYPE_BITS | EventType.of(name).ordinal();
      if (names.size() > LIMIT) {
        names.clear();
      }
      names.put(bytes, start, p, known);
    }
    return known;
  }
}
