package org.btrsleuth.replay;

import java.util.Arrays;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.source.Evidence;

/**
 * {@code bytes_may_use} or {@code bytes_pinned} of one space_info, replayed from the reserve and release lines of
 * btrfs_space_reservation and compared with every {@code old} that update_bytes_* prints. The kernel prints both under
 * the space_info's lock, so without lost events the printed values form an unbroken chain: old + diff is the next old
 * (btrfs_space_info_update_bytes_*, 5.3 on).
 *
 * <p>A clock that is coarse or differs between CPUs puts links of the chain in a wrong order. A link that does not fit
 * therefore waits a moment for the one before it; only when that does not come, events are missing.
 */
final class ChainedCounter {
  private static final long SLACK_NANOS = 50_000;
  private static final int MOST_WAITING = 64;
  private static final int MOST_WAITING_IN_TICK = 2048;
  private static final int MOST_OPEN = 16;

  private final CheckCounter check;
  private final SeriesRecorder series;

  private boolean anchored;
  /** Sum of the lines. */
  private long value;
  /** Announced changes whose lines have not come yet. */
  private long inFlight;
  private boolean chained;
  private long chain;

  private int waiting;
  private long[] waitingOld = new long[MOST_WAITING];
  private long[] waitingDiff = new long[MOST_WAITING];
  private long waitingSince;
  private Evidence firstWaiting;

  /** Announced changes of unknown tasks. */
  private final long[] open = new long[MOST_OPEN];
  private int openCount;

  private boolean any;
  private long first;
  private long max;

  ChainedCounter(CheckCounter check, SeriesRecorder series) {
    this.check = check;
    this.series = series;
  }

  /**
   * Takes a printed change; its line is still to come.
   *
   * @return false if events must be missing before this one or before one that waited
   */
  boolean printed(EventBlock block, int i, long old, long diff) {
    long time = block.time(i);
    if (!chained) {
      anchor(time, old);
      chained = true;
      chain = old + diff;
      inFlight = diff;
      return true;
    }
    inFlight += diff;
    if (waiting == 0 && chain == old) {
      chain = old + diff;
      compareLines(block, i);
      return true;
    }
    if (waiting == 0) {
      waitingSince = time;
      firstWaiting = CheckCounter.evidence(block, i);
    }
    if (waiting == waitingOld.length) {
      waitingOld = Arrays.copyOf(waitingOld, waiting * 2);
      waitingDiff = Arrays.copyOf(waitingDiff, waiting * 2);
    }
    waitingOld[waiting] = old;
    waitingDiff[waiting] = diff;
    waiting++;
    link();
    if (waiting == 0) {
      compareLines(block, i);
      return true;
    }
    return mayWait(time) || breakUp(time);
  }

  /** All printed changes are linked: the lines must add up to the same value. */
  private void compareLines(EventBlock block, int i) {
    if (value + inFlight == chain) {
      check.match();
      return;
    }
    if (check.mismatch(block, i)) {
      check.detail(
          "the reserve and release lines before this one add up to " + (value + inFlight) + ", printed is " + chain);
    }
    value = chain - inFlight;
  }

  /** Appends waiting links as long as one fits. */
  private void link() {
    boolean found = true;
    while (found) {
      found = false;
      for (int k = 0; k < waiting; k++) {
        if (waitingOld[k] == chain) {
          chain += waitingDiff[k];
          waiting--;
          System.arraycopy(waitingOld, k + 1, waitingOld, k, waiting - k);
          System.arraycopy(waitingDiff, k + 1, waitingDiff, k, waiting - k);
          if (waiting > 0) {
            check.match();
          }
          found = true;
          break;
        }
      }
    }
  }

  private boolean mayWait(long time) {
    if (time == EventBlock.NO_TIME) {
      return false;
    }
    return time == waitingSince
        ? waiting < MOST_WAITING_IN_TICK
        : time - waitingSince <= SLACK_NANOS && waiting < MOST_WAITING;
  }

  /** What waits finds no predecessor: the chain is taken up anew at the first of it. */
  private boolean breakUp(long time) {
    boolean whole = true;
    while (waiting > 0) {
      long end = chain;
      long start = waitingOld[0];
      int links = waiting;
      chain = start;
      link();
      if (waiting == 0 && chain == start) {
        // A closed loop: in which order it was passed is open, but nothing is missing.
        check.match();
        chain = end;
        break;
      }
      whole = false;
      if (check.mismatch(firstWaiting)) {
        check.detail(
            "the last printed change led to " + end + ", one of the next " + links + " starts from " + start
                + ": lines are missing, doubled or out of order");
      }
    }
    if (!whole) {
      value = chain - inFlight;
      note(time);
    }
    return whole;
  }

  /** The line of an announced change. */
  void line(long time, long diff) {
    inFlight -= diff;
    change(time, diff);
  }

  /** A change that was not announced, or whose line the era does not print. */
  void change(long time, long diff) {
    value += diff;
    note(time);
  }

  boolean mismatch(EventBlock block, int i) {
    return check.mismatch(block, i);
  }

  void detail(String text) {
    check.detail(text);
  }

  /** An announced change of an unknown task. */
  void open(long diff) {
    if (openCount < MOST_OPEN) {
      open[openCount++] = diff;
    }
  }

  /** Whether a line of an unknown task can be the one of an announced change. */
  boolean close(long diff) {
    for (int k = 0; k < openCount; k++) {
      if (open[k] == diff) {
        openCount--;
        System.arraycopy(open, k + 1, open, k, openCount - k);
        return true;
      }
    }
    return false;
  }

  /** Sets the absolute value, as a printed snapshot of the space_info tells it. */
  void anchor(long time, long absolute) {
    if (!anchored && any) {
      first += absolute - value;
      max += absolute - value;
    }
    anchored = true;
    value = absolute;
    note(time);
  }

  /** Events are missing here: the next printed value is taken as it is. */
  void gap() {
    chained = false;
    waiting = 0;
    inFlight = 0;
    openCount = 0;
  }

  /** Ends the replay: what still waits has no predecessor. */
  void finish() {
    if (waiting > 0) {
      breakUp(EventBlock.NO_TIME);
    }
  }

  private void note(long time) {
    if (!any) {
      any = true;
      first = value;
      max = value;
    }
    max = Math.max(max, value);
    series.add(time, value);
  }

  boolean isAnchored() {
    return anchored;
  }

  boolean isChained() {
    return chained;
  }

  long value() {
    return value;
  }

  /** With the changes that the kernel has announced and not yet printed as lines. */
  long printedValue() {
    return value + inFlight;
  }

  SeriesRecorder series() {
    return series;
  }

  ReplayReport.Range range() {
    return new ReplayReport.Range(first, value, max);
  }
}
