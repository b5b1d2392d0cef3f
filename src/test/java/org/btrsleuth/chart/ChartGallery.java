package org.btrsleuth.chart;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.waitgraph.WaitGraph;

/** Writes the synthetic charts to a directory, to be looked at: not a test. Argument: the directory. */
final class ChartGallery {
  private ChartGallery() {}

  public static void main(String[] args) throws IOException {
    Path out = Path.of(args[0]);
    write(out.resolve("walk"), replay(SyntheticReplays.walk(1, 3000)));
    write(out.resolve("two-tasks"), graph(SyntheticGraphs.twoTasks()));
    write(out.resolve("victims"), graph(SyntheticGraphs.cycleWithVictims()));
    write(out.resolve("self"), graph(SyntheticGraphs.selfDeadlock()));
    write(out.resolve("large-60"), graph(SyntheticGraphs.large(4, 60)));
    write(out.resolve("large-2000"), graph(SyntheticGraphs.large(5, 2000)));
    for (int i = 0; i < 4; i++) {
      write(out.resolve("anything-" + i), graph(SyntheticGraphs.anything(i)));
    }
  }

  static Analysis replay(ReplayReport report) {
    Incident nothing = new Incident(List.of(), null, null, List.of(), List.of());
    return new Analysis(nothing, report, WaitGraph.EMPTY, List.of());
  }

  static Analysis graph(WaitGraph graph) {
    Incident nothing = new Incident(List.of(), null, null, List.of(), List.of());
    return new Analysis(nothing, ReplayReport.EMPTY, graph, List.of());
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
