package org.btrsleuth.replay;

import java.util.Map;
import java.util.TreeMap;

/** Which space_info the block groups seen in the events belong to, by where they begin. */
final class BlockGroups {
  private static final int MOST = 1 << 16;

  private final TreeMap<Long, Integer> flags = new TreeMap<>();
  private long last = -1;

  void note(long begin, int groupFlags) {
    if (begin != last && flags.size() < MOST) {
      last = begin;
      flags.put(begin, groupFlags & 7);
    }
  }

  /** Flags of the group that holds {@code address}, -1 if it was not seen. */
  int at(long address) {
    Map.Entry<Long, Integer> group = flags.floorEntry(address);
    return group == null ? -1 : group.getValue();
  }
}
