package org.btrsleuth.replay;

/** Counters of one space_info. */
final class SpaceInfoLedger {
  final int flags;
  final ChainedCounter mayUse;
  final ChainedCounter pinned;

  /** Bytes given back by releases and unpinning since the beginning; allocations do not count. */
  long freed;
  /** {@link #freed} when flushing was asked for last. */
  long flushStart;
  /** Flush steps since then. */
  long flushSteps;
  final FlushStorm storm;

  /** bytes_used, bytes_reserved and bytes_pinned together, and total_bytes, once a printed value has anchored them. */
  final DerivedCounter occupied = new DerivedCounter();
  final DerivedCounter total = new DerivedCounter();

  SpaceInfoLedger(int flags, CheckCounter mayUseCheck, CheckCounter pinnedCheck) {
    this.flags = flags;
    storm = new FlushStorm(flags);
    String name = SpaceFlags.name(flags);
    mayUse = new ChainedCounter(mayUseCheck, new SeriesRecorder("space_info", name + " bytes_may_use", "bytes"));
    pinned = new ChainedCounter(pinnedCheck, new SeriesRecorder("space_info", name + " bytes_pinned", "bytes"));
  }

  void gap() {
    mayUse.gap();
    pinned.gap();
    occupied.gap();
    total.gap();
  }

  ReplayReport.SpaceInfo finish() {
    return new ReplayReport.SpaceInfo(
        flags, SpaceFlags.name(flags), mayUse.isAnchored(), mayUse.range(), pinned.range());
  }
}
