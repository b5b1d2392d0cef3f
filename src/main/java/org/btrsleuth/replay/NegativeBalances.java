package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.source.Evidence;

/**
 * Counters and reserves that the kernel itself shows falling below zero: update_bytes_* lines whose change is greater than
 * the value (btrfs_space_info_update_bytes_*: WARN, then clamped to 0), outstanding extents that wrapped around, and
 * reserves that our probe read as less than zero. What the replay merely adds up to is never taken for one.
 */
final class NegativeBalances {
  private static final int MOST = 16;

  private static final class Fall {
    final String pool;
    final long root;
    final long owner;
    final String what;
    long least;
    long count;
    Evidence first;
    Evidence last;

    Fall(String pool, long root, long owner, String what) {
      this.pool = pool;
      this.root = root;
      this.owner = owner;
      this.what = what;
    }
  }

  private final Map<String, Fall> falls = new LinkedHashMap<>();

  /** The kernel prints {@code old} and takes more than that from it. */
  void counter(EventBlock block, int i, int flags, String name, long old, long diff) {
    add(
        block, i, name, -1, flags, old + diff,
        name + " of " + SpaceFlags.name(flags) + " was " + old + " bytes when " + -diff
            + " were taken from it; the kernel warns there and sets it to 0");
  }

  void outstanding(EventBlock block, int i, long root, long ino, long value) {
    add(
        block, i, "outstanding_extents", root, ino, value,
        "the outstanding extents of inode " + ino + " of root " + root + " fell to " + value);
  }

  /** A reserve whose size or content the probe read as negative. */
  void reserve(EventBlock block, int i, String name, long value) {
    add(block, i, name, -1, -1, value, name + " was read as " + value + " bytes");
  }

  private void add(EventBlock block, int i, String pool, long root, long owner, long value, String what) {
    String key = pool + ' ' + root + ' ' + owner;
    Fall fall = falls.get(key);
    if (fall == null) {
      if (falls.size() >= MOST) {
        return;
      }
      fall = new Fall(pool, root, owner, what);
      fall.first = CheckCounter.evidence(block, i);
      falls.put(key, fall);
    } else {
      fall.last = CheckCounter.evidence(block, i);
    }
    fall.least = Math.min(fall.least, value);
    fall.count++;
  }

  List<Anomaly> anomalies() {
    List<Anomaly> all = new ArrayList<>();
    for (Fall fall : falls.values()) {
      List<Evidence> evidence = new ArrayList<>(List.of(fall.first));
      if (fall.last != null) {
        evidence.add(fall.last);
      }
      all.add(
          new Anomaly(
              "negative-balance",
              fall.pool,
              fall.root,
              fall.owner,
              -fall.least,
              true,
              fall.what + (fall.count > 1 ? "; " + fall.count + " times in all." : "."),
              Map.of("least", fall.least, "times", fall.count),
              evidence));
    }
    return all;
  }
}
