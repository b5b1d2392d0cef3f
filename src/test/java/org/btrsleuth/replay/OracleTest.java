package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.btrsleuth.event.ProbeCsvReader;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

/** Replays genuine captures and compares with what the kernel printed in them. */
class OracleTest {
  private static final List<String> DEFECTS = List.of("leaked-reservation", "double-release", "negative-balance");

  /** Captures of the btrfs events without those of ordered extents: nothing marks where a completion ends. */
  private static final List<String> COMPLETIONS_UNMARKED =
      List.of("enospc-flush-deadlock", "v3.16.0-enospc-storm", "v4.4.155-enospc-storm");

  @Test
  void replay_equals_the_kernels_counters_on_every_capture() throws Exception {
    Path root = Captures.shared("traces");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(OracleTest::isTrace).sorted().toList();
    }
    List<String> wrong = new ArrayList<>();
    Map<String, long[]> totals = new TreeMap<>();
    for (Path file : files) {
      String name = root.relativize(file).toString();
      for (FileSystem fs : replay(List.of(file.toString())).fileSystems()) {
        System.out.println(row(name, fs));
        boolean lossy = !fs.gaps().isEmpty();
        for (Check check : fs.checks()) {
          judge(name, fs, check, lossy, wrong);
          long[] total = totals.computeIfAbsent(check.name(), k -> new long[3]);
          total[0] += check.compared();
          total[1] += check.mismatches();
          total[2] += check.undecided();
        }
        if (!lossy) {
          fs.anomalies().stream()
              .filter(a -> DEFECTS.contains(a.kind()))
              .forEach(a -> wrong.add(name + ": " + a.because()));
        }
      }
    }
    totals.forEach((name, n) -> System.out.println(name + " compared/mismatches/undecided " + n[0] + "/" + n[1] + "/" + n[2]));
    assertThat(files).isNotEmpty();
    assertThat(wrong).isEmpty();
    assertThat(totals.get("bytes_may_use")[0]).isGreaterThan(100_000);
  }

  /** Without lost events nothing may differ; with announced ones nothing may be called a mismatch because of them. */
  private static void judge(String name, FileSystem fs, Check check, boolean lossy, List<String> wrong) {
    if (check.mismatches() > 0) {
      wrong.add(name + ": " + check);
    }
    boolean taskless = name.contains("nocontext");
    boolean coarse = name.contains("uptime");
    boolean unmarked =
        check.name().equals("inode_unit_rules") && COMPLETIONS_UNMARKED.stream().anyMatch(name::contains);
    if (!lossy && !taskless && !coarse && !unmarked && check.undecided() * 100 > check.compared()) {
      wrong.add(name + ": too much undecided: " + check);
    }
  }

  private static String row(String name, FileSystem fs) {
    StringBuilder row = new StringBuilder(name + " " + fs.fsid() + " [" + fs.era() + "] gaps " + fs.gaps().size());
    for (Check c : fs.checks()) {
      row.append(", ").append(c.name()).append(' ').append(c.compared()).append('/').append(c.mismatches())
          .append('/').append(c.undecided());
    }
    return row.toString();
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
    return p.matches(".*((trace|pipe|ftrace-mono)\\.txt|.*rsvprobe.*\\.csv(\\.txt)?)(\\.gz)?")
        && p.contains(System.getProperty("only", ""));
  }
}
