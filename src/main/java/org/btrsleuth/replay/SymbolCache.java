package org.btrsleuth.replay;

import java.util.Arrays;
import org.btrsleuth.event.Symbols;

/** Meaning of symbols by their id, so that the replay compares numbers and asks for a text once. */
final class SymbolCache {
  private static final RsvType[] RSV = RsvType.values();

  private int[] rsv = new int[0];
  private int[] flags = new int[0];
  private int finishOrdered = Symbols.NONE;

  RsvType rsv(Symbols symbols, int id) {
    if (id >= rsv.length) {
      rsv = grow(rsv, id);
    }
    if (rsv[id] < 0) {
      rsv[id] = RsvType.of(symbols.text(id)).ordinal();
    }
    return RSV[rsv[id]];
  }

  int flags(Symbols symbols, int id) {
    if (id >= flags.length) {
      flags = grow(flags, id);
    }
    if (flags[id] < 0) {
      flags[id] = SpaceFlags.parse(symbols.text(id));
    }
    return flags[id];
  }

  /** Whether a work queue item's function completes an ordered extent (finish_ordered_fn). */
  boolean isCompletion(Symbols symbols, int function) {
    if (finishOrdered == Symbols.NONE) {
      finishOrdered = symbols.intern("finish_ordered_fn");
    }
    return function == finishOrdered;
  }

  private static int[] grow(int[] old, int id) {
    int[] wider = Arrays.copyOf(old, Math.max(256, Math.max(id + 1, old.length * 2)));
    Arrays.fill(wider, old.length, wider.length, -1);
    return wider;
  }
}
