package org.btrsleuth.replay;

/**
 * Which kernel era's rules the lines of one file system imply. Detected from the lines, as stable kernels carry
 * changes of later ones; see the table of events by kernel in the reservation model.
 */
final class Dialect {
  /** The first kernel with reservation events. */
  private static final String FIRST = "3.3+";

  boolean updateLines;
  boolean pinnedLines;
  boolean outstandingEvents;
  boolean outstandingPrinted;
  boolean delayedRefs;
  boolean localDelayedRefs;
  /** run_delayed_tree_ref or its siblings are recorded: they tell who runs delayed refs. */
  boolean delayedRefRuns;
  boolean enospcMarker;
  boolean orphan;
  boolean fsidOnOthers;
  boolean allocationMarked;
  boolean flushEvents;
  boolean tickets;
  boolean delalloc;
  /** btrfs_reserve_extent or btrfs_reserved_extent_free are recorded, and with them what moves bytes_reserved. */
  boolean extentEvents;
  boolean chunkEvents;

  /** 4.15 on: every inode has its own delalloc reserve. */
  boolean perInode() {
    return outstandingEvents || delayedRefs || updateLines;
  }

  /** The era where function calls were recorded and no reservation events, which kernels before 3.3 do not have. */
  String eraOfCalls() {
    return era().equals(FIRST) ? "not told by function calls" : era();
  }

  String era() {
    if (localDelayedRefs) {
      return "6.7+ per-inode reserve, delayed refs reserved with the transaction";
    }
    if (outstandingPrinted) {
      return "6.6+ per-inode reserve";
    }
    if (tickets) {
      return "5.12+ per-inode reserve, ticket events";
    }
    if (updateLines && allocationMarked) {
      return "5.4+ per-inode reserve";
    }
    if (updateLines) {
      return "5.3+ per-inode reserve";
    }
    if (delayedRefs) {
      return "5.0+ per-inode reserve, delayed refs reserve";
    }
    if (outstandingEvents) {
      return "4.15+ per-inode reserve";
    }
    if (pinnedLines || flushEvents) {
      return "4.9+";
    }
    if (fsidOnOthers) {
      return "4.8+";
    }
    if (enospcMarker) {
      return "3.13-4.7 one delalloc reserve";
    }
    if (orphan || delalloc) {
      return "3.3-4.14 one delalloc reserve";
    }
    return FIRST;
  }
}
