package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.source.Evidence;

/**
 * Reservation tickets (btrfs_reserve_ticket, 5.12 on): the waiter prints the line when its wait has ended. The wait is
 * the line's time minus {@code start_ns}, if the trace's clock is the one of {@code start_ns} (CLOCK_MONOTONIC); a
 * negative difference proves that it is not.
 */
final class TicketLedger {
  private static final long EINTR = -4;
  private static final long LONG_WAIT = 30_000_000_000L;
  private static final long ABSURD_WAIT = 7L * 24 * 3600 * 1_000_000_000L;
  private static final int RECENT = 1024;
  private static final int OVERTAKEN = 16;

  private final Histogram waits = new Histogram(3);
  private long count;
  private long failed;
  private long interrupted;
  private boolean clockDiffers;
  private long leastWait = Long.MAX_VALUE;
  private final long[] recentStarts = new long[RECENT];
  private final List<Anomaly> starved = new ArrayList<>();

  void ended(EventBlock block, int i) {
    count++;
    long error = block.number(i, Field.ERROR);
    if (error == EINTR) {
      interrupted++;
    } else if (error != 0) {
      failed++;
    }
    long start = block.number(i, Field.START_NS, 0);
    long time = block.time(i);
    if (start <= 0 || time == EventBlock.NO_TIME) {
      clockDiffers = true;
      return;
    }
    // Times printed in microseconds may be cut off just below the start.
    long wait = time - start;
    if (wait < -1000 || wait > ABSURD_WAIT) {
      clockDiffers = true;
      return;
    }
    wait = Math.max(wait, 0);
    leastWait = Math.min(leastWait, wait);
    waits.recordValue(wait);
    if (wait >= LONG_WAIT && starved.size() < 8) {
      starvation(block, i, start, wait, error);
    }
    recentStarts[(int) (count % RECENT)] = error == 0 ? start : 0;
  }

  private void starvation(EventBlock block, int i, long start, long wait, long error) {
    long overtaken = 0;
    for (long other : recentStarts) {
      if (other > start) {
        overtaken++;
      }
    }
    if (overtaken < OVERTAKEN) {
      return;
    }
    String task = block.symbols().text(block.comm(i)) + ":" + block.pid(i);
    List<Evidence> evidence = List.of(CheckCounter.evidence(block, i));
    starved.add(
        new Anomaly(
            "ticket-starvation", "space_info", -1, -1, wait, true,
            task + " waited " + wait / 1_000_000 + " ms for its ticket of " + Bytes.text(block.number(i, Field.BYTES))
                + " while at least " + overtaken + " later tickets were granted",
            java.util.Map.of(
                "waitNanos", wait, "bytes", block.number(i, Field.BYTES), "overtakenBy", overtaken, "error", error),
            evidence));
  }

  boolean hasWaits() {
    return !clockDiffers && waits.getTotalCount() > 0 && leastWait < 60_000_000_000L;
  }

  long count() {
    return count;
  }

  long failed() {
    return failed;
  }

  List<Anomaly> anomalies() {
    return hasWaits() ? starved : List.of();
  }

  ReplayReport.Tickets finish() {
    List<Long> quantiles =
        hasWaits()
            ? List.of(
                waits.getValueAtPercentile(50),
                waits.getValueAtPercentile(90),
                waits.getValueAtPercentile(99),
                waits.getMaxValue())
            : List.of();
    return new ReplayReport.Tickets(count, failed, interrupted, quantiles);
  }
}
