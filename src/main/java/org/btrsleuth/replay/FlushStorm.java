package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.source.Evidence;

/**
 * Flush cycles of one space_info that run through a transaction commit and give nothing back, one after the other. Up to
 * three of them, followed by failed tickets, are how the kernel finds out that a file system is full
 * (btrfs_async_reclaim_metadata_space: commit_cycles). More without an end, or one request after the other that is
 * flushed for in vain, burn time without any chance.
 */
final class FlushStorm {
  /** Cycles without tickets being failed: twice what the kernel allows itself. */
  private static final int ENDLESS = 6;
  /** Cycles of requests that fail one after the other. */
  private static final int REPEATED = 16;

  private final int flags;
  private long cycles;
  private long cyclesSinceFailure;
  private long steps;
  private long freed;
  private long worst;
  private long worstSteps;
  private boolean hopeful;
  private long wanted;
  private long reclaimable;
  private Evidence first;
  private Evidence worstFirst;
  private Evidence worstLast;

  FlushStorm(int flags) {
    this.flags = flags;
  }

  void step(EventBlock block, int i, String state, long given) {
    if (block.number(i, Field.FOR_PREEMPT) != 0) {
      return;
    }
    if (first == null) {
      first = CheckCounter.evidence(block, i);
    }
    steps++;
    freed += given;
    if (freed > 0) {
      reset();
    } else if (state.equals("COMMIT_TRANS")) {
      cycles++;
      cyclesSinceFailure++;
      if ((cyclesSinceFailure >= ENDLESS || cycles >= REPEATED) && cycles > worst) {
        worst = cycles;
        worstSteps = steps;
        worstFirst = first;
        worstLast = CheckCounter.evidence(block, i);
      }
    }
  }

  /**
   * All waiting tickets were failed: this flush has ended as it must. What the kernel prints then tells whether flushing
   * could have helped at all.
   */
  void ticketsFailed(SpaceSnapshot space) {
    cyclesSinceFailure = 0;
    long most = space.reclaimable((flags & SpaceFlags.METADATA) != 0);
    if (space.reclaimSize > 0 && space.reclaimSize <= most) {
      hopeful = true;
    } else if (wanted == 0) {
      wanted = space.reclaimSize;
      reclaimable = most;
    }
  }

  private void reset() {
    cycles = 0;
    cyclesSinceFailure = 0;
    steps = 0;
    freed = 0;
    first = null;
  }

  List<Anomaly> anomalies() {
    List<Anomaly> found = new ArrayList<>();
    if (worst > 0) {
      Map<String, Long> numbers = new HashMap<>(Map.of("cycles", worst, "steps", worstSteps));
      if (!hopeful && wanted > 0) {
        numbers.put("wantedBytes", wanted);
        numbers.put("reclaimableBytes", reclaimable);
      }
      found.add(
          new Anomaly(
              "flush-storm",
              "space_info",
              -1,
              flags,
              worst,
              true,
              worst + " flush cycles in a row (" + worstSteps + " steps, each cycle up to COMMIT_TRANS) gave back nothing to "
                  + SpaceFlags.name(flags) + ".",
              numbers,
              List.of(worstFirst, worstLast)));
    }
    return found;
  }
}
