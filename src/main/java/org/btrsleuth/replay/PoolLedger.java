package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;

/**
 * Sums of one reservation type, and what it holds at a time. What leaves beyond that was there before the log began (Z2),
 * or, for delayed_refs_rsv, came without a line (R2): it raises the start instead of making the pool negative.
 */
final class PoolLedger {
  private final RsvType type;
  private final SeriesRecorder series;
  private long reserved;
  private long released;
  private long consumed;
  private long migrated;
  private long outstanding;
  private long highWater;
  private long lines;

  PoolLedger(RsvType type) {
    this.type = type;
    series = new SeriesRecorder("pool", type.text(), "bytes");
  }

  void reserve(long time, long bytes) {
    lines++;
    reserved += bytes;
    change(time, bytes);
  }

  void release(long time, long bytes) {
    lines++;
    released += bytes;
    change(time, -bytes);
  }

  /** A release of bytes that were never printed as reserved, such as the unit that evict moves into a handle (T5). */
  void releaseUnseen(long bytes) {
    lines++;
    reserved += bytes;
    released += bytes;
  }

  void consume(long time, long bytes) {
    consumed += bytes;
    change(time, -bytes);
  }

  void migrate(long time, long bytes) {
    migrated += bytes;
    change(time, -bytes);
  }

  /** Consumed bytes that the era's release line still includes (T1). */
  void noteConsumed(long bytes) {
    consumed += bytes;
  }

  /** Migrated bytes that the era's release line still includes (T1). */
  void noteMigrated(long bytes) {
    migrated += bytes;
  }

  private void change(long time, long bytes) {
    outstanding += bytes;
    if (outstanding < 0) {
      outstanding = 0;
    }
    if (outstanding > highWater) {
      highWater = outstanding;
    }
    series.add(time, outstanding);
  }

  long outstanding() {
    return outstanding;
  }

  boolean isUsed() {
    return lines > 0;
  }

  ReplayReport.Pool finish() {
    return new ReplayReport.Pool(type.text(), reserved, released, consumed, migrated, outstanding, highWater);
  }

  void addSeries(List<ReplayReport.Series> to) {
    if (!series.isEmpty()) {
      to.add(series.finish(new ArrayList<>()));
    }
  }
}
