package org.btrsleuth.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.btrsleuth.chart.plot.Amounts;
import org.btrsleuth.chart.plot.SeriesModels;
import org.btrsleuth.chart.plot.TimeModel;
import org.btrsleuth.chart.plot.TimePlot;
import org.btrsleuth.chart.plot.UnitBars;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.replay.ReplayReport.SpaceInfo;

/** The charts of one file system's replayed reservations. */
final class ReplayCharts {
  /** More lines than this cannot be told apart. */
  private static final int LINES = 8;

  private static final int INODES = 6;

  private final FileSystem fs;
  private final String prefix;
  private final String where;
  private final SeriesModels models;
  private final List<Chart> charts = new ArrayList<>();

  private ReplayCharts(FileSystem fs, int number, int of) {
    this.fs = fs;
    this.prefix = of == 1 ? "" : "fs" + number + "-";
    this.where = of == 1 ? "" : fs.fsid().isEmpty() ? " (file system " + number + ")" : " (" + fs.fsid() + ")";
    this.models = new SeriesModels(fs);
  }

  /** Charts of the {@code number}-th (from 1) of {@code of} file systems; those that show a defect first. */
  static List<Chart> of(FileSystem fs, int number, int of) {
    ReplayCharts made = new ReplayCharts(fs, number, of);
    boolean units = fs.inodeUnits() != null && fs.inodeUnits().withoutEntitlement() + fs.inodeUnits().failed() > 0;
    if (units) {
      made.inodeUnits();
    }
    made.spaceInfos();
    made.pools();
    if (!units) {
      made.inodeUnits();
    }
    return made.charts;
  }

  private void inodeUnits() {
    inodes();
    whatIf();
    unitBars();
  }

  private void spaceInfos() {
    Map<String, List<Series>> byName = new LinkedHashMap<>();
    for (Series series : group("space_info")) {
      byName.computeIfAbsent(spaceInfoOf(series), name -> new ArrayList<>()).add(series);
    }
    byName.forEach(
        (name, lines) -> {
          boolean relative = fs.spaceInfos().stream().anyMatch(s -> s.name().equals(name) && !s.anchored());
          String from = relative ? "MiB, counted from the first event" : "MiB";
          lines(
              "space-info" + (name.isEmpty() ? "" : "-" + name),
              "Space promised and pinned" + (name.isEmpty() ? "" : ": space_info " + name) + where,
              "bytes_may_use: reserved but not written yet.  bytes_pinned: freed, usable after the next commit.",
              "bytes (" + from + ")",
              lines,
              "Counters of the space_info over time. bytes_may_use is what reservations have promised, bytes_pinned "
                  + "what was freed but cannot be reused before the running transaction commits. A reservation fails with "
                  + "ENOSPC when both together with the used space leave no room and flushing does not help."
                  + (relative
                      ? " The recording does not tell absolute values, so both count from the first event; the level "
                          + "before it is unknown."
                      : ""));
        });
  }

  /** The space_info whose name the series' name starts with; "" if none. */
  private String spaceInfoOf(Series series) {
    String best = "";
    for (SpaceInfo info : fs.spaceInfos()) {
      if (series.name().startsWith(info.name()) && info.name().length() > best.length()) {
        best = info.name();
      }
    }
    return best;
  }

  private void pools() {
    lines(
        "reservation-pools",
        "Reservation pools" + where,
        "Bytes that each pool holds: reserved and neither used nor released yet.",
        "reserved and not returned (MiB)",
        group("pool"),
        "What every reservation pool (block_rsv) holds over time. In a healthy run each pool falls back to its base "
            + "level when its work is done; a pool that keeps growing holds reservations that nobody returns.");
  }

  private void inodes() {
    List<Series> lines = group("inode");
    if (lines.isEmpty() && fs.inodeUnitEvents().isEmpty()) {
      return;
    }
    String title = "Metadata that inodes hold for delayed allocation" + where;
    add(
        "inode-delalloc",
        title,
        "Delalloc balance of single inodes over time, and below it every completion of ordered I/O that is worth "
            + "showing, one row for each way in which it got the metadata for its inode update; where a row shows "
            + "fewer than were counted, it says so. A marker on a line stands on the inode that it belongs to. "
            + "\"Taken, not entitled\": the unit came out of the delalloc "
            + "reserve although nobody had reserved it." + left(lines.size(), INODES, "inodes"),
        () -> TimePlot.of(
            models.withStrip(
                title,
                "Each completion needs one inode unit of metadata. The rows below the lines tell where it came from.",
                "delalloc reserve of the inode (MiB)",
                largest(lines, INODES))));
  }

  private void whatIf() {
    lines(
        "what-if",
        "What would have happened under the other rules" + where,
        "The same events, replayed by the rules before and after the fix.",
        "delalloc reserve (MiB)",
        group("what-if"),
        "One recording, replayed twice: by the rules that the kernel had and by those of the other side of the fix "
            + "\"fix our reservations for updating an inode when completing io\". Where the lines part, the fix "
            + "matters.");
    lines(
        "what-if-units",
        "Inode units that nobody had reserved, added up" + where,
        "Completions that took their unit from others or found none, as recorded and under the other rules.",
        "completions (count)",
        group("what-if-units"),
        "Every completion that took the metadata for its inode update from what was reserved for others, or failed, "
            + "raises the line of the rules under which it did.");
  }

  private void unitBars() {
    InodeUnits units = fs.inodeUnits();
    if (units == null || units.completions() == 0) {
      return;
    }
    String title = "Completions by where their inode unit came from" + where;
    add(
        "inode-units",
        title,
        "How many completions of ordered I/O got the metadata for their inode update in which way"
            + (units.whatIf() == null
                ? "."
                : ": as the recorded kernel's rules say (solid), and as the rules on the other side of the fix would "
                    + "have done with the same events (hatched).")
            + " Each completion counts once, but those that failed and were then written directly stand in both rows. "
            + "Undecided means that the recorded events cannot tell.",
        () -> UnitBars.of(title, units));
  }

  private void lines(String id, String title, String subtitle, String axis, List<Series> all, String caption) {
    if (all.isEmpty()) {
      return;
    }
    add(id, title, caption + left(all.size(), LINES, "lines"), () -> {
      TimeModel model = models.lines(title, subtitle, axis, largest(all, LINES));
      return TimePlot.of(model);
    });
  }

  private void add(
      String id, String title, String caption, java.util.function.Supplier<org.btrsleuth.chart.draw.Picture> source) {
    String safe = (prefix + id).toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
    charts.add(new Chart(safe, title, caption, source));
  }

  private static String left(int all, int drawn, String what) {
    return all <= drawn ? "" : " Drawn are the " + drawn + " largest of " + Amounts.count(all) + " " + what + ".";
  }

  private List<Series> group(String group) {
    Predicate<Series> wanted = s -> s.group().equals(group) && s.timesNanos().length > 0;
    return fs.series().stream().filter(wanted).toList();
  }

  /** The series with the most to say: those with marks first, then the greatest. */
  private static List<Series> largest(List<Series> all, int most) {
    if (all.size() <= most) {
      return all;
    }
    Comparator<Series> order =
        Comparator.comparingInt((Series s) -> Math.min(1, s.marks().size())).thenComparingLong(ReplayCharts::reach);
    List<Series> kept = all.stream().sorted(order.reversed()).limit(most).toList();
    return all.stream().filter(kept::contains).toList();
  }

  private static long reach(Series series) {
    long greatest = 0;
    for (long value : series.values()) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest;
  }
}
