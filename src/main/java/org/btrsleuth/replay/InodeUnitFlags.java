package org.btrsleuth.replay;

import java.util.HashMap;
import java.util.Map;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;

/**
 * Whether the flags of an ordered extent let its completion skip the inode update: an extent that was allocated before
 * (PREALLOC) or is overwritten in place (NOCOW) and lies inside the file, or one that was truncated or failed.
 * Names where the kernel prints names, else the bit numbers of 3.3 to 3.17, which print such combinations in hex.
 */
final class InodeUnitFlags {
  private static final long NOCOW = 1 << 2;
  private static final long PREALLOC = 1 << 4;
  private static final long IOERR = 1 << 6;
  private static final long TRUNCATED = 1 << 9;

  private final Map<Integer, Boolean> byName = new HashMap<>();

  boolean mayHaveNoUpdate(EventBlock block, int i) {
    int symbol = block.symbol(i, Field.FLAGS);
    if (symbol != Symbols.NONE) {
      Boolean known = byName.get(symbol);
      if (known == null) {
        known = named(block.symbols().text(symbol));
        byName.put(symbol, known);
      }
      return known;
    }
    return (block.number(i, Field.FLAGS) & (NOCOW | PREALLOC | IOERR | TRUNCATED)) != 0;
  }

  private static boolean named(String text) {
    if (text.startsWith("0x")) {
      try {
        return (Long.parseUnsignedLong(text.substring(2), 16) & (NOCOW | PREALLOC | IOERR | TRUNCATED)) != 0;
      } catch (NumberFormatException e) {
        return true;
      }
    }
    return text.contains("PREALLOC") || text.contains("NOCOW") || text.contains("IOERR") || text.contains("TRUNCATED");
  }
}
