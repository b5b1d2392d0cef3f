package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;

/**
 * {@code bytes_may_use} or {@code bytes_pinned} of one space_info, replayed from the reserve and release lines of
 * btrfs_space_reservation and compared with every {@code old} that update_bytes_* prints. The kernel prints both under
 * the space_info's lock, so without lost events the printed values form an unbroken chain: old + diff is the next old
 * (btrfs_space_info_update_bytes_*, 5.3 on).
 */
final class ChainedCounter {
  private final CheckCounter check;
  private final SeriesRecorder series;

  private boolean anchored;
  private long value;
  private boolean chained;
  private long chain;
  private boolean any;
  private long first;
  private long max;

  ChainedCounter(CheckCounter check, SeriesRecorder series) {
    this.check = check;
    this.series = series;
  }

  /**
   * Takes a printed change.
   *
   * @return false if the printed old value is not the replayed one, so that events must be missing
   */
  boolean printed(EventBlock block, int i, long old, long diff) {
    boolean good = true;
    if (!chained) {
      anchor(block.time(i), old);
    } else {
      good = chain == old && value == old;
      if (good) {
        check.match();
      } else {
        if (check.mismatch(block, i)) {
          check.detail(
              chain == old
                  ? "the reserve and release lines before this one add up to " + value + ", printed is " + old
                  : "the last printed change led to " + chain + ", this one starts from " + old
                      + ": lines are missing, doubled or out of order");
        }
        anchor(block.time(i), old);
      }
    }
    chained = true;
    chain = old + diff;
    return good;
  }

  /** Takes a reserve or release line that changes the counter. */
  void line(long time, long diff) {
    value += diff;
    note(time);
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

  SeriesRecorder series() {
    return series;
  }

  ReplayReport.Range range() {
    return new ReplayReport.Range(first, value, max);
  }
}
