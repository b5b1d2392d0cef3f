package org.btrsleuth.chart;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.waitgraph.WaitGraph;

/**
 * Writes the synthetic charts to a directory, to be looked at. Argument: the directory, or {@code --list} to make the
 * charts without drawing them.
 */
final class ChartGallery {
  private ChartGallery() {}

  public static void main(String[] args) throws IOException {
    Map<String, Analysis> all = new LinkedHashMap<>();
    all.put("walk", replay(SyntheticReplays.walk(1, 3000)));
    all.put("two-tasks", graph(SyntheticGraphs.twoTasks()));
    all.put("victims", graph(SyntheticGraphs.cycleWithVictims()));
    all.put("self", graph(SyntheticGraphs.selfDeadlock()));
    all.put("large-60", graph(SyntheticGraphs.large(4, 60)));
    all.put("large-2000", graph(SyntheticGraphs.large(5, 2000)));
    all.put("hang-few", SyntheticHangs.reportsOf(SyntheticGraphs.twoTasks(), 3));
    all.put("hang-many", SyntheticHangs.reportsOf(SyntheticGraphs.cycleWithVictims(), 5));
    for (int i = 1; i < 4; i++) {
      all.put("anything-" + i, graph(SyntheticGraphs.anything(i)));
    }
    for (Map.Entry<String, Analysis> entry : all.entrySet()) {
      if (args[0].equals("--list")) {
        Charts.of(entry.getValue()).forEach(chart -> System.out.println(chart.title() + ": " + chart.caption()));
      } else {
        write(Path.of(args[0]).resolve(entry.getKey()), entry.getValue());
      }
    }
  }

  static Analysis replay(ReplayReport report) {
    return new Analysis(nothing(), report, WaitGraph.EMPTY, List.of());
  }

  static Analysis graph(WaitGraph graph) {
    return new Analysis(nothing(), ReplayReport.EMPTY, graph, List.of());
  }

  private static Incident nothing() {
    return new Incident(List.of(), null, null, List.of(), List.of());
  }

  static void write(Path directory, Analysis analysis) throws IOException {
    Files.createDirectories(directory);
    for (Chart chart : Charts.of(analysis)) {
      long begin = System.nanoTime();
      Files.writeString(directory.resolve(chart.id() + ".svg"), chart.svg());
      long middle = System.nanoTime();
      try (OutputStream png = Files.newOutputStream(directory.resolve(chart.id() + ".png"))) {
        chart.png(png);
      }
      long end = System.nanoTime();
      System.out.printf(
          "%s: svg %d KB in %d ms, png %d KB in %d ms%n", directory.getFileName().resolve(chart.id()),
          Files.size(directory.resolve(chart.id() + ".svg")) / 1024, (middle - begin) / 1_000_000,
          Files.size(directory.resolve(chart.id() + ".png")) / 1024, (end - middle) / 1_000_000);
    }
  }
}
