package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;

/**
 * The replayed state at the moments at which a kernel with enospc_debug prints its counters into the log, and for a short
 * while after: a {@code space_info:enospc} line and a btrfs_fail_all_tickets event are each followed at once by a dump
 * (__reserve_bytes, btrfs_reserve_data_bytes, maybe_fail_all_tickets call btrfs_dump_space_info).
 */
final class DumpMoments {
  private static final int MOST = 2048;
  private static final int MOST_CHANGES = 32;
  private static final long WHILE = 3_000_000;

  /** What was known at one of these moments. */
  static final class Moment {
    final long time;
    final int flags;
    /** Counters of the space_info can be compared: absolute, and by an unbroken chain. */
    final boolean anchored;
    final RsvLedger.State rsv;
    /** Changes from this moment on, ascending; the first is the state at the moment itself. */
    final long[] times = new long[MOST_CHANGES];
    final long[] mayUse = new long[MOST_CHANGES];
    final long[] pinned = new long[MOST_CHANGES];
    int changes;
    /** Nothing that happened within {@link #until} is left out. */
    boolean complete = true;
    long until;

    Moment(long time, int flags, boolean anchored, RsvLedger.State rsv) {
      this.time = time;
      this.flags = flags;
      this.anchored = anchored;
      this.rsv = rsv;
      until = time + WHILE;
    }
  }

  private final List<Moment> moments = new ArrayList<>();
  private final Moment[] open = new Moment[8];
  private boolean any;

  /** A dump may follow now. */
  void at(EventBlock block, int i, SpaceInfoLedger info, RsvLedger.State rsv) {
    long time = block.time(i);
    if (time == EventBlock.NO_TIME || moments.size() >= MOST) {
      return;
    }
    end(info.flags, time);
    ChainedCounter mayUse = info.mayUse;
    Moment moment = new Moment(time, info.flags, mayUse.isAnchored() && mayUse.isChained(), rsv);
    moments.add(moment);
    open[info.flags] = moment;
    any = true;
    note(moment, time, info);
  }

  /** A counter of the space_info has changed, or a reserve. */
  void changed(long time, SpaceInfoLedger info) {
    if (any && open[info.flags] != null) {
      Moment moment = open[info.flags];
      if (time > moment.until) {
        open[info.flags] = null;
      } else {
        note(moment, time, info);
      }
    }
  }

  /** Events are missing: what was being watched ends here. */
  void gap() {
    for (int flags = 0; flags < open.length; flags++) {
      if (open[flags] != null) {
        open[flags].complete = false;
        open[flags] = null;
      }
    }
  }

  private void end(int flags, long time) {
    if (open[flags] != null) {
      open[flags].until = Math.min(open[flags].until, time);
      open[flags] = null;
    }
  }

  private static void note(Moment moment, long time, SpaceInfoLedger info) {
    if (moment.changes == MOST_CHANGES) {
      moment.complete = false;
      return;
    }
    moment.times[moment.changes] = time;
    moment.mayUse[moment.changes] = info.mayUse.printedValue();
    moment.pinned[moment.changes] = info.pinned.isAnchored() ? info.pinned.printedValue() : Long.MIN_VALUE;
    moment.changes++;
  }

  List<Moment> all() {
    return moments;
  }
}
