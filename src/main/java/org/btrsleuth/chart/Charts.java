package org.btrsleuth.chart;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.replay.ReplayReport.FileSystem;

/** All pictures that an analysis has data for. */
public final class Charts {
  private Charts() {}

  /**
   * The charts of an analysis, the most telling first; empty if there is nothing to draw. Cheap: pictures are laid out
   * when they are asked for.
   */
  public static List<Chart> of(Analysis analysis) {
    List<Chart> charts = new ArrayList<>(GraphCharts.of(analysis.waitGraph()));
    charts.addAll(BlockedTasks.of(analysis));
    List<FileSystem> systems = analysis.replay().fileSystems();
    for (int i = 0; i < systems.size(); i++) {
      charts.addAll(ReplayCharts.of(systems.get(i), i + 1, systems.size()));
    }
    return List.copyOf(charts);
  }
}
