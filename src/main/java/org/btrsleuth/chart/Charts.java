package org.btrsleuth.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.replay.ReplayReport.FileSystem;

/** All pictures that an analysis has data for. */
public final class Charts {
  /** File systems of which charts are made: each gets half a dozen, and nobody looks at a hundred pictures. */
  private static final int MOST_SYSTEMS = 6;

  private Charts() {}

  /**
   * The charts of an analysis, the most telling first; empty if there is nothing to draw. Cheap: pictures are laid out
   * when they are asked for.
   */
  public static List<Chart> of(Analysis analysis) {
    List<Chart> charts = new ArrayList<>(GraphCharts.of(analysis.waitGraph()));
    charts.addAll(BlockedTasks.of(analysis));
    List<FileSystem> systems = analysis.replay().fileSystems();
    Set<FileSystem> drawn = drawn(systems);
    for (int i = 0; i < systems.size(); i++) {
      if (drawn.contains(systems.get(i))) {
        charts.addAll(ReplayCharts.of(systems.get(i), i + 1, systems.size()));
      }
    }
    return List.copyOf(charts);
  }

  /** Which file systems have no charts and why, as a sentence; "" if all have. */
  public static String notDrawn(Analysis analysis) {
    List<FileSystem> systems = analysis.replay().fileSystems();
    Set<FileSystem> drawn = drawn(systems);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < systems.size(); i++) {
      FileSystem fs = systems.get(i);
      if (!drawn.contains(fs)) {
        names.add(fs.fsid().isEmpty() ? "number " + (i + 1) : fs.fsid());
      }
    }
    if (names.isEmpty()) {
      return "";
    }
    return "Drawn are the " + MOST_SYSTEMS + " file systems in which most went wrong or happened. No charts of: "
        + String.join(", ", names) + ". The tables have all of them, and --fsid draws one.";
  }

  /** Those with the most to show: where reservations were missing or failed, then those with anomalies, then the busiest. */
  private static Set<FileSystem> drawn(List<FileSystem> systems) {
    // By identity: comparing two of these means comparing all of their series.
    Set<FileSystem> drawn = Collections.newSetFromMap(new IdentityHashMap<>());
    Comparator<FileSystem> order =
        Comparator.comparingLong(Charts::failures)
            .thenComparingInt(fs -> fs.anomalies().size())
            .thenComparingLong(fs -> fs.series().stream().mapToLong(s -> s.timesNanos().length).sum());
    systems.stream().sorted(order.reversed()).limit(MOST_SYSTEMS).forEach(drawn::add);
    return drawn;
  }

  private static long failures(FileSystem fs) {
    long units = fs.inodeUnits() == null ? 0 : fs.inodeUnits().withoutEntitlement() + fs.inodeUnits().failed();
    return units + fs.enospcMoments().size();
  }
}
