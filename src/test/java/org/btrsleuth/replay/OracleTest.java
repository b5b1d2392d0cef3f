package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.btrsleuth.event.ProbeCsvReader;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

/** Replays genuine captures and compares with what the kernel printed in them. */
class OracleTest {
  @Test
  void replay_equals_the_kernels_counters_on_every_capture() throws Exception {
    Path root = Captures.shared("traces");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(OracleTest::isTrace).sorted().toList();
    }
    for (Path file : files) {
      print(root.relativize(file), replay(List.of(file.toString())));
    }
    assertThat(files).isNotEmpty();
  }

  static ReplayReport replay(List<String> paths) {
    ReplayEngine engine = new ReplayEngine();
    if (paths.get(0).contains(".csv")) {
      return replayCsv(engine, paths);
    }
    TraceReader traces = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    Incident incident = new IncidentReader(traces, List.of(engine), null).read(paths, InputStream.nullInputStream());
    return engine.finish(incident);
  }

  private static ReplayReport replayCsv(ReplayEngine engine, List<String> paths) {
    ProbeCsvReader reader = new ProbeCsvReader(new Symbols());
    Inputs.walk(
        paths,
        InputStream.nullInputStream(),
        new Inputs.Visitor() {
          @Override
          public void input(Input input) {
            reader.read(input, (events, lines) -> engine.accept(events));
          }

          @Override
          public void problem(String path, String problem) {
            throw new AssertionError(path + ": " + problem);
          }
        });
    return engine.finish(new Incident(List.of(), null, null, List.of(), List.of()));
  }

  private static boolean isTrace(Path path) {
    String p = path.toString();
    String only = System.getProperty("only", "");
    return p.matches(".*((trace|pipe|ftrace-mono)\\.txt|.*rsvprobe.*\\.csv(\\.txt)?)(\\.gz)?") && p.contains(only);
  }

  private static void print(Path file, ReplayReport report) {
    for (ReplayReport.FileSystem fs : report.fileSystems()) {
      StringBuilder b = new StringBuilder(file + " " + fs.fsid() + " [" + fs.era() + "]");
      for (ReplayReport.Check c : fs.checks()) {
        b.append("\n    ").append(c.name()).append(' ').append(c.compared()).append('/').append(c.mismatches())
            .append('/').append(c.undecided());
        if (c.mismatches() > 0) {
          b.append("  ").append(c.detail()).append(" line ").append(c.firstMismatch() == null ? "?" : c.firstMismatch().line());
        }
      }
      b.append("\n    gaps ").append(fs.gaps().size()).append(" units ").append(fs.unitInsert()).append('/').append(fs.unitUpdate());
      b.append(" tickets ").append(fs.tickets()).append("\n    flushes ").append(fs.flushes()).append("\n    pools ").append(fs.pools());
      b.append("\n    infos ").append(fs.spaceInfos());
      b.append("\n    anomalies ").append(fs.anomalies());
      System.out.println(b);
    }
  }
}
