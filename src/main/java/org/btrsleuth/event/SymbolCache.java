package org.btrsleuth.event;

/** A worker's private view of {@link Symbols}: known strings are found without a lock and without an object. */
final class SymbolCache {
  /** Above this many strings the cache starts anew; the shared table keeps them all. */
  private static final int LIMIT = 1 << 16;

  private final Symbols symbols;
  private final ByteTable known = new ByteTable();

  SymbolCache(Symbols symbols) {
    this.symbols = symbols;
  }

  int intern(byte[] bytes, int from, int to) {
    if (from >= to) {
      return Symbols.NONE;
    }
    int id = known.find(bytes, from, to);
    if (id == ByteTable.ABSENT) {
      id = symbols.intern(bytes, from, to);
      if (known.size() >= LIMIT) {
        known.clear();
      }
      known.put(bytes, from, to, id);
    }
    return id;
  }

  int intern(String text) {
    return symbols.intern(text);
  }
}
