package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;

/** Builds the report of one file system from its ledgers. */
final class FsReport {
  private final FsReplay fs;
  private final SpaceInfoLedger[] spaceInfos;
  private final long gapCount;

  FsReport(FsReplay fs, SpaceInfoLedger[] spaceInfos, long gapCount) {
    this.fs = fs;
    this.spaceInfos = spaceInfos;
    this.gapCount = gapCount;
  }

  ReplayReport.FileSystem build(InodeUnitReplay.Result units) {
    List<ReplayReport.SpaceInfo> infos = new ArrayList<>();
    List<ReplayReport.Series> series = new ArrayList<>();
    for (SpaceInfoLedger info : spaceInfos) {
      if (info != null) {
        infos.add(info.finish());
        addSeries(series, info.mayUse.series());
        addSeries(series, info.pinned.series());
      }
    }
    List<ReplayReport.Pool> pools = new ArrayList<>();
    for (PoolLedger pool : fs.pools) {
      if (pool.isUsed()) {
        pools.add(pool.finish());
        pool.addSeries(series);
      }
    }
    series.addAll(units.series());
    List<ReplayReport.Check> checks = new ArrayList<>();
    addCheck(checks, fs.mayUseCheck);
    addCheck(checks, fs.pinnedCheck);
    addCheck(checks, fs.dumps.check);
    fs.probe.check.finish();
    addCheck(checks, fs.probe.check.check);
    addCheck(checks, fs.inodes.outstanding);
    addCheck(checks, fs.inodes.identity);
    addCheck(checks, fs.bucket.identity);
    checks.addAll(units.checks());
    List<ReplayReport.Anomaly> anomalies = new ArrayList<>(fs.negative.anomalies());
    anomalies.addAll(fs.inodes.anomalies);
    anomalies.addAll(fs.tickets.anomalies());
    for (SpaceInfoLedger info : spaceInfos) {
      if (info != null) {
        anomalies.addAll(info.storm.anomalies());
      }
    }
    fs.enospc.addAnomalies(anomalies);
    return new ReplayReport.FileSystem(
        fs.fsid(),
        units.units().rules().fromCalls() ? fs.dialect.eraOfCalls() : fs.dialect.era(),
        fs.units.insert(),
        units.units().rules().fromCalls() ? units.unit() : fs.units.update(),
        infos,
        pools,
        fs.inodes.seen() + fs.bucket.seen(),
        fs.tickets.finish(),
        fs.flushes.finish(),
        units.units(),
        units.events(),
        checks,
        series,
        List.copyOf(fs.gaps),
        fs.enospc.moments(),
        anomalies,
        notes(infos, units.notes()),
        units.whatIf(),
        Unanswered.of(fs.dialect, units.units(), fs.inodes.taskless));
  }

  private List<String> notes(List<ReplayReport.SpaceInfo> infos, List<String> unitNotes) {
    List<String> notes = new ArrayList<>();
    if (gapCount > 0) {
      notes.add(
          "Events are missing in " + gapCount + (gapCount == 1 ? " place" : " places")
              + "; every balance was taken up anew after each, and nothing is called a leak because of them.");
    }
    if (infos.stream().anyMatch(s -> s.anchored() && s.mayUse().first() != 0)) {
      notes.add(
          "The capture begins while the file system is in use: counters are anchored at their first printed value, "
              + "what was reserved before is not attributed to inodes.");
    }
    if (!fs.dialect.updateLines && !infos.isEmpty()) {
      notes.add(
          "No update_bytes_may_use events: bytes_may_use counts from the first event and has nothing to be checked "
              + "against. On 5.3 and later record btrfs:update_bytes_may_use and btrfs:update_bytes_pinned.");
    }
    if (fs.dialect.delalloc && fs.dialect.delayedRefs && !fs.dialect.outstandingEvents) {
      notes.add(
          "No btrfs_inode_mod_outstanding_extents events: leaks of single inodes cannot be seen. Record "
              + "btrfs:btrfs_inode_mod_outstanding_extents.");
    }
    if (fs.pools[RsvType.DELAYED_REFS.ordinal()].isUsed()) {
      notes.add(
          "delayed_refs_rsv receives bytes without a line, so its releases exceed its reserves; it is not checked for leaks.");
    }
    if (!fs.dumps.check.isEmpty() || !fs.probe.check.check.isEmpty()) {
      notes.add(
          "Of the printed figures, global_block_rsv, delayed_refs_rsv, bytes_readonly and delalloc_bytes are not compared: no "
              + "event tells what moves between the first two, nor when block groups become read-only or pages dirty. "
              + "bytes_used, bytes_reserved and bytes_pinned are compared as a sum: events do not tell what moves between them.");
    }
    if (!fs.logDumps.note().isEmpty()) {
      notes.add(fs.logDumps.note());
    }
    notes.addAll(unitNotes);
    return notes;
  }

  private static void addSeries(List<ReplayReport.Series> to, SeriesRecorder recorder) {
    if (!recorder.isEmpty()) {
      to.add(recorder.finish(List.of()));
    }
  }

  private static void addCheck(List<ReplayReport.Check> to, CheckCounter check) {
    if (!check.isEmpty()) {
      to.add(check.finish());
    }
  }
}
