package org.btrsleuth.report;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.EnospcMoment;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.Flush;
import org.btrsleuth.replay.ReplayReport.Gap;
import org.btrsleuth.replay.ReplayReport.Holder;
import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeShare;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Pool;
import org.btrsleuth.replay.ReplayReport.Range;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.replay.ReplayReport.SpaceInfo;
import org.btrsleuth.replay.ReplayReport.Tickets;
import org.btrsleuth.source.Evidence;

/** Tables of the reservation replay. */
final class CsvReplayTables {
  static final Map<String, CsvTables.Table> TABLES = new LinkedHashMap<>();

  static {
    TABLES.put("space-infos", CsvReplayTables::spaceInfos);
    TABLES.put("pools", CsvReplayTables::pools);
    TABLES.put("tickets", CsvReplayTables::tickets);
    TABLES.put("flushes", CsvReplayTables::flushes);
    TABLES.put("inode-units", CsvReplayTables::inodeUnits);
    TABLES.put("what-if", CsvReplayTables::whatIf);
    TABLES.put("inode-unit-events", CsvReplayTables::inodeUnitEvents);
    TABLES.put("checks", CsvReplayTables::checks);
    TABLES.put("gaps", CsvReplayTables::gaps);
    TABLES.put("enospc", CsvReplayTables::enospc);
    TABLES.put("anomalies", CsvReplayTables::anomalies);
    TABLES.put("series", CsvReplayTables::series);
  }

  private CsvReplayTables() {}

  private static void spaceInfos(CsvTable csv, Analysis analysis) throws IOException {
    csv.header(
        "fsid", "flags", "name", "anchored", "may_use_first", "may_use_last", "may_use_max", "pinned_first",
            "pinned_last",
        "pinned_max");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (SpaceInfo s : fs.spaceInfos()) {
        Range m = s.mayUse();
        Range p = s.pinned();
        csv.row(
            fs.fsid(), s.flags(), s.name(), s.anchored(), m == null ? null : m.first(), m == null ? null : m.last(),
            m == null ? null : m.max(), p == null ? null : p.first(), p == null ? null : p.last(),
            p == null ? null : p.max());
      }
    }
  }

  private static void pools(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "pool", "reserved", "released", "consumed", "migrated", "outstanding", "high_water");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (Pool p : fs.pools()) {
        csv.row(
            fs.fsid(), p.type(), p.reserved(), p.released(), p.consumed(), p.migrated(), p.outstanding(),
                p.highWater());
      }
    }
  }

  private static void tickets(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "count", "failed", "interrupted", "wait_p50_s", "wait_p90_s", "wait_p99_s", "wait_max_s");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      Tickets t = fs.tickets();
      if (t != null) {
        csv.row(
            fs.fsid(), t.count(), t.failed(), t.interrupted(), quantile(t, 0), quantile(t, 1), quantile(t, 2),
                quantile(t, 3));
      }
    }
  }

  private static Object quantile(Tickets tickets, int i) {
    List<Long> waits = tickets.waitNanos();
    return i < waits.size() ? CsvTable.seconds(waits.get(i), -1) : null;
  }

  private static void flushes(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "state", "count", "failed", "bytes_asked", "asked_for_all", "bytes_reclaimed");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (Flush f : fs.flushes()) {
        csv.row(fs.fsid(), f.state(), f.count(), f.failed(), f.bytesAsked(), f.askedForAll(), f.bytesReclaimed());
      }
    }
  }

  private static void inodeUnits(CsvTable csv, Analysis analysis) throws IOException {
    csv.header(
        "fsid", "rules", "what_if", "completions", "already_dirty", "handed_over", "without_entitlement",
        "without_entitlement_bytes", "on_demand", "stolen_from_delalloc", "stolen_from_global", "failed",
            "direct_update",
        "no_update", "undecided");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      inodeUnits(csv, fs.fsid(), fs.inodeUnits(), false);
      if (fs.inodeUnits() != null) {
        inodeUnits(csv, fs.fsid(), fs.inodeUnits().whatIf(), true);
      }
    }
  }

  private static void inodeUnits(CsvTable csv, String fsid, InodeUnits u, boolean whatIf) throws IOException {
    if (u != null) {
      csv.row(
          fsid, u.rules().rules().toString(), whatIf, u.completions(), u.alreadyDirty(), u.handedOver(),
          u.withoutEntitlement(), u.withoutEntitlementBytes(), u.onDemand(), u.stolenFromDelalloc(),
              u.stolenFromGlobal(),
          u.failed(), u.directUpdate(), u.noUpdate(), u.undecided());
    }
  }

  private static void whatIf(CsvTable csv, Analysis analysis) throws IOException {
    csv.header(
        "fsid", "rules", "root", "ino", "completions", "differing", "first_at_s", "reserved", "reserved_otherwise",
        "handed_over", "handed_over_otherwise", "on_demand", "on_demand_otherwise", "taken", "taken_otherwise",
        "failed", "failed_otherwise");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      if (fs.whatIf() != null) {
        for (InodeDifference i : fs.whatIf().inodes()) {
          InodeShare r = i.recorded();
          InodeShare o = i.otherwise();
          csv.row(
              fs.fsid(), fs.whatIf().option(), CsvTable.known(i.root(), -1), i.ino(), i.completions(), i.differing(),
              CsvTable.seconds(i.firstAtNanos(), -1), CsvTable.known(r.reserved(), -1),
              CsvTable.known(o.reserved(), -1), r.handedOver(), o.handedOver(), r.onDemand(), o.onDemand(), r.taken(),
              o.taken(), r.failed(), o.failed());
        }
      }
    }
  }

  private static void inodeUnitEvents(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "outcome", "root", "ino", "bytes", "task", "time_s", "path", "line");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (InodeUnitEvent e : fs.inodeUnitEvents()) {
        csv.row(
            fs.fsid(), e.outcome(), CsvTable.known(e.root(), -1), e.ino(), e.bytes(), e.task(),
            CsvTable.seconds(e.timeNanos(), Long.MIN_VALUE), path(e.evidence()), line(e.evidence()));
      }
    }
  }

  private static void checks(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "name", "compared", "mismatches", "undecided", "first_mismatch_path", "first_mismatch_line",
        "detail");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (Check c : fs.checks()) {
        csv.row(
            fs.fsid(), c.name(), c.compared(), c.mismatches(), c.undecided(), path(c.firstMismatch()),
            line(c.firstMismatch()), c.detail());
      }
    }
  }

  private static void gaps(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "path", "line", "because");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (Gap g : fs.gaps()) {
        csv.row(fs.fsid(), path(g.at()), line(g.at()), g.because());
      }
    }
  }

  private static void enospc(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "time_s", "flags", "task", "bytes", "how", "holder_kind", "holder", "holder_bytes", "path",
        "line");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (EnospcMoment m : fs.enospcMoments()) {
        if (m.holders().isEmpty()) {
          enospc(csv, fs, m, new Holder(null, null, 0));
        }
        for (Holder h : m.holders()) {
          enospc(csv, fs, m, h);
        }
      }
    }
  }

  private static void enospc(CsvTable csv, FileSystem fs, EnospcMoment m, Holder h) throws IOException {
    csv.row(
        fs.fsid(), CsvTable.seconds(m.timeNanos(), Long.MIN_VALUE), m.flags(), m.task(), m.bytes(), m.how(), h.kind(),
        h.name(), h.name() == null ? null : h.bytes(), path(m.at()), line(m.at()));
  }

  private static void anomalies(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "kind", "pool", "root", "owner", "amount", "certainty", "because", "numbers", "path", "line");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (Anomaly a : fs.anomalies()) {
        Evidence first = a.evidence().isEmpty() ? null : a.evidence().get(0);
        StringBuilder numbers = new StringBuilder();
        new TreeMap<>(a.numbers())
            .forEach((k, v) -> numbers.append(numbers.length() == 0 ? "" : "; ").append(k).append('=').append(v));
        csv.row(
            fs.fsid(), a.kind(), a.pool(), CsvTable.known(a.root(), -1), CsvTable.known(a.owner(), -1), a.amount(),
            Words.certainty(a.certain()), a.because(), numbers.toString(), path(first), line(first));
      }
    }
  }

  private static void series(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("fsid", "group", "name", "unit", "time_s", "value");
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (Series s : fs.series()) {
        for (int i = 0; i < s.timesNanos().length; i++) {
          csv.row(
              fs.fsid(), s.group(), s.name(), s.unit(), CsvTable.seconds(s.timesNanos()[i], Long.MIN_VALUE),
                  s.values()[i]);
        }
      }
    }
  }

  private static String path(Evidence at) {
    return at == null ? null : at.path();
  }

  private static Long line(Evidence at) {
    return at == null ? null : Long.valueOf(at.line());
  }
}
