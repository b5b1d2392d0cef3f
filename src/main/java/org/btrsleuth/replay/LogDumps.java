package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.log.LogRecord.BlockRsvDump;
import org.btrsleuth.log.LogRecord.SpaceInfoDump;
import org.btrsleuth.replay.DumpMoments.Moment;
import org.btrsleuth.source.Evidence;

/**
 * Compares the space_info dumps that enospc_debug wrote into the kernel log with the replayed counters of the same moment.
 *
 * <p>Both clocks count seconds since boot, but they may be a constant apart (trace_clock mono or global against printk's
 * local_clock). The offset is found from when things were printed alone, never from the values: it must bring nearly all
 * dumps directly behind a line that a dump follows, and no other offset may do so as well. Else nothing is compared.
 */
final class LogDumps {
  private static final long MOST_OFFSET = 10_000_000_000L;
  /** A dump's first line is printed this soon after the trace line before it. */
  private static final long AT_ONCE = 60_000;
  private static final long EARLY = 5_000;
  /** Times of the two clocks are compared up to this. */
  private static final long SLACK = 60_000;
  private static final long OTHER_OFFSET = 2_000_000;
  private static final long OVERLAP = 1_000_000_000;
  private static final int LEAST = 3;
  private static final int MOST_TRIED = 16;

  private final CheckCounter check;
  private final List<SpaceInfoDump> dumps = new ArrayList<>();
  private final List<List<BlockRsvDump>> reserves = new ArrayList<>();
  private String note = "";

  LogDumps(CheckCounter check) {
    this.check = check;
  }

  /** "" if there is nothing to say. */
  String note() {
    return note;
  }

  void compare(List<LogRecord> records, List<Moment> moments) {
    collect(records);
    if (dumps.isEmpty() || moments.isEmpty()) {
      return;
    }
    if (dumps.stream().map(SpaceInfoDump::device).distinct().count() > 1) {
      note = "The space_info dumps of the kernel log are of several devices and not compared with the replay.";
      return;
    }
    Long offset = offset(moments);
    if (offset == null) {
      long begin = moments.get(0).time - OVERLAP;
      long end = moments.get(moments.size() - 1).time + OVERLAP;
      long within = dumps.stream().filter(d -> d.nanos() >= begin && d.nanos() <= end).count();
      if (within == 0) {
        return;
      }
      for (long n = within; n > 0; n--) {
        check.addUndecided();
      }
      note =
          "The space_info dumps of the kernel log are not compared with the replay: no single offset between the log's clock"
              + " and the trace's brings them behind the events that they follow.";
      return;
    }
    int compared = 0;
    for (int i = 0; i < dumps.size(); i++) {
      SpaceInfoDump dump = dumps.get(i);
      Moment moment = before(moments, flags(dump), dump.nanos() + offset, AT_ONCE);
      if (moment != null) {
        compared++;
        compare(dump, reserves.get(i), moment, dump.nanos() + offset);
      }
    }
    note =
        compared + " of " + dumps.size() + " space_info dumps of the kernel log are compared with the replay, at an offset of "
            + offset / 1000 + " microseconds between the two clocks.";
  }

  private void collect(List<LogRecord> records) {
    for (LogRecord record : records) {
      if (record instanceof SpaceInfoDump dump && dump.nanos() >= 0 && !dump.values().isEmpty() && flags(dump) > 0) {
        dumps.add(dump);
        reserves.add(new ArrayList<>());
      } else if (record instanceof BlockRsvDump rsv && !dumps.isEmpty()) {
        SpaceInfoDump last = dumps.get(dumps.size() - 1);
        boolean near = rsv.at().path().equals(last.at().path()) && rsv.at().line() - last.at().line() <= 8;
        if (near && rsv.device().equals(last.device())) {
          reserves.get(reserves.size() - 1).add(rsv);
        }
      }
    }
  }

  private static int flags(SpaceInfoDump dump) {
    return dump.flags() > 0 ? dump.flags() & 7 : SpaceFlags.parse(dump.name().replace('+', '|'));
  }

  /** Nanoseconds to add to printk's times; null if the times do not tell. */
  private Long offset(List<Moment> moments) {
    Fit best = new Fit(0, 0, 0, 0);
    List<Fit> tried = new ArrayList<>();
    for (int i = 0; i < dumps.size(); i += Math.max(1, dumps.size() / MOST_TRIED)) {
      for (Moment moment : moments) {
        long offset = moment.time - dumps.get(i).nanos();
        if (Math.abs(offset) <= MOST_OFFSET && moment.flags == flags(dumps.get(i))) {
          Fit fit = fit(moments, offset);
          tried.add(fit);
          if (fit.dumps > best.dumps || fit.dumps == best.dumps && fit.delay < best.delay) {
            best = fit;
          }
        }
      }
    }
    if (best.dumps < LEAST || best.dumps * 10 < best.within * 7) {
      return null;
    }
    for (Fit other : tried) {
      if (Math.abs(other.offset - best.offset) > OTHER_OFFSET && other.dumps * 10 > best.dumps * 8) {
        return null;
      }
    }
    return best.offset;
  }

  /** How well an offset fits: dumps that come behind an event, how long behind in all, and dumps within the recording. */
  private record Fit(long offset, int dumps, long delay, int within) {}

  private Fit fit(List<Moment> moments, long offset) {
    int fit = 0;
    int within = 0;
    long delay = 0;
    long begin = moments.get(0).time;
    long end = moments.get(moments.size() - 1).time;
    for (SpaceInfoDump dump : dumps) {
      long time = dump.nanos() + offset;
      within += time >= begin - EARLY && time <= end + AT_ONCE ? 1 : 0;
      Moment moment = before(moments, flags(dump), time, AT_ONCE);
      if (moment != null) {
        fit++;
        delay += Math.abs(time - moment.time);
      }
    }
    return new Fit(offset, fit, delay, within);
  }

  /** The last moment of that space_info before {@code time}, if it is near. */
  private static Moment before(List<Moment> moments, int flags, long time, long within) {
    int low = 0;
    int high = moments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (moments.get(middle).time <= time + EARLY) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low - 1; i >= 0 && time - moments.get(i).time <= within; i--) {
      if (moments.get(i).flags == flags) {
        return moments.get(i);
      }
    }
    return null;
  }

  private void compare(SpaceInfoDump dump, List<BlockRsvDump> rsvs, Moment moment, long time) {
    if (moment.anchored) {
      Long mayUse = dump.values().get("may_use");
      Long pinned = dump.values().get("pinned");
      if (mayUse != null) {
        counter(dump.at(), "bytes_may_use", mayUse, moment, moment.mayUse, time);
      }
      if (pinned != null && moment.pinned[0] != Long.MIN_VALUE) {
        counter(dump.at(), "bytes_pinned", pinned, moment, moment.pinned, time);
      }
    }
    for (BlockRsvDump rsv : rsvs) {
      if (rsv.name().equals("trans_block_rsv") && moment.rsv.transKnown()) {
        reserve(rsv, moment.rsv.transSize(), moment.rsv.transReserved(), moment);
      } else if (rsv.name().equals("delayed_block_rsv") && moment.rsv.delayedKnown()) {
        reserve(rsv, moment.rsv.delayedSize(), moment.rsv.delayedReserved(), moment);
      }
    }
  }

  /** The printed value must be one that the counter had within the slack of the two clocks. */
  private void counter(Evidence at, String name, long printed, Moment moment, long[] values, long time) {
    boolean met = false;
    long nearest = values[0];
    for (int i = 0; i < moment.changes; i++) {
      boolean begins = moment.times[i] <= time + SLACK;
      boolean lasts = i + 1 == moment.changes || moment.times[i + 1] >= time - SLACK;
      if (begins && lasts) {
        nearest = values[i];
        met |= values[i] == printed;
      }
    }
    if (met) {
      check.match();
    } else if (!moment.complete || time + SLACK > moment.until) {
      check.addUndecided();
    } else if (check.mismatch(at)) {
      check.detail(name + ": replayed " + nearest + ", the kernel log says " + printed);
    }
  }

  /** Reserves change without a counter's line; only where the whole space_info was at rest a difference proves something. */
  private void reserve(BlockRsvDump rsv, long size, long reserved, Moment moment) {
    if (rsv.size() == size && rsv.reserved() == reserved) {
      check.match();
    } else if (moment.rsv.open() || moment.changes > 1 || !moment.complete) {
      check.addUndecided();
    } else if (check.mismatch(rsv.at())) {
      check.detail(
          rsv.name() + ": replayed size " + size + " reserved " + reserved + ", the kernel log says size " + rsv.size()
              + " reserved " + rsv.reserved());
    }
  }
}
