package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.btrsleuth.source.Input;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

/** Whole genuine traces: every line is accounted for, and what is handed out as no trace is none. */
class TraceCorpusTest {
  /** trace, trace_pipe, trace-cmd report, perf script; what trace-cmd and perf print besides is no trace. */
  private static final Pattern TRACE =
      Pattern.compile(".*(\\.trace\\.txt|\\.pipe\\.txt|trace_pipe\\.txt|ftrace-mono\\.txt|/3-trace-cmd/[^/]*\\.txt"
          + "|/4-perf/[^/]*\\.txt)(\\.gz)?");
  private static final Pattern OTHER = Pattern.compile(".*(stat|tc-names\\.h|report|folded)\\.txt(\\.gz)?");

  /** What may be left over: halves of task names with a line feed, further lines of one trace_marker write, perf's header. */
  private static final Pattern LEFT_OVER =
      Pattern.compile(" +a|b( |:).*|a|# .*|second line of the same write| => looks_like_a_frame.*|");

  private record Sum(String name, InputStats stats, List<String> foreign) {}

  @Test
  void every_line_of_a_genuine_trace_is_understood() throws IOException {
    Path root = Captures.shared("traces");
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(f -> TRACE.matcher(f.toString()).matches() && !OTHER.matcher(f.toString()).matches()).toList();
    }
    assertThat(files).hasSizeGreaterThan(100);
    TraceReader reader = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    for (Path file : files) {
      Sum sum = read(reader, file);
      InputStats stats = sum.stats();
      assertThat(sum.foreign()).as(sum.name()).isEmpty();
      assertThat(stats.eventLines() + stats.stackLines() + stats.headerLines() + stats.otherLines())
          .as(sum.name()).isEqualTo(stats.lines());
      assertThat(stats.problems()).as(sum.name()).isEmpty();
      // the only events of known name whose text may stay closed: task names with a line feed cut it in two,
      // and trace-cmd's raw format prints some as bytes
      if (!sum.name().contains("badnames") && !sum.name().contains("multiline") && !sum.name().matches(".*names\\.t?R.*")) {
        assertThat(stats.undecoded()).as(sum.name()).isZero();
      }
    }
  }

  private static Sum read(TraceReader reader, Path file) throws IOException {
    List<String> foreign = new ArrayList<>();
    InputStats[] stats = new InputStats[1];
    org.btrsleuth.source.Inputs.walk(List.of(file.toString()), System.in, new org.btrsleuth.source.Inputs.Visitor() {
      @Override
      public void input(Input input) {
        long[] inRuns = new long[2];
        stats[0] = reader.read(input, (events, lines) -> {
          for (int i = 0; i < lines.size() && foreign.size() < 5; i++) {
            if (!LEFT_OVER.matcher(lines.text(i)).matches()) {
              foreign.add(lines.line(i) + ": " + lines.text(i));
            }
          }
          for (int i = 0; i < events.runs().size(); i++) {
            inRuns[0] += events.runs().lastLine(i) - events.runs().firstLine(i) + 1;
            inRuns[1] += events.runs().events(i);
          }
        });
        assertThat(inRuns[0]).as("lines in runs of " + file).isEqualTo(stats[0].lines() - stats[0].otherLines());
        assertThat(inRuns[1]).as("events in runs of " + file).isLessThanOrEqualTo(stats[0].eventLines());
      }

      @Override
      public void problem(String path, String problem) {
        foreign.add(path + " " + problem);
      }
    });
    return new Sum(file.toString(), stats[0], foreign);
  }

  /** The same events through tracefs, trace-cmd with and without nanoseconds, latency columns: the same fields. */
  @Test
  void one_recording_in_several_formats_gives_the_same_events() throws IOException {
    List<String> plain = fields(Captures.shared("traces/v6.18/3-trace-cmd/tc-names.plain.txt.gz"));
    assertThat(plain).hasSizeGreaterThan(4000);
    for (String other : List.of("t", "l", "ts-diff")) {
      assertThat(fields(Captures.shared("traces/v6.18/3-trace-cmd/tc-names." + other + ".txt.gz"))).isEqualTo(plain);
    }
    List<String> perf = fields(Captures.shared("traces/v6.18/4-perf/perf-names.default.txt.gz"));
    for (String other : List.of("F1", "D", "hdr")) {
      assertThat(fields(Captures.shared("traces/v6.18/4-perf/perf-names." + other + ".txt.gz"))).isEqualTo(perf);
    }
  }

  private static List<String> fields(Path file) throws IOException {
    byte[] bytes = Corpus.head(file, 1 << 27);
    // without line, task, time and CPU, which the formats print differently
    return Read.bytes(bytes, Read.options(2, 1 << 20, false)).events.stream()
        .map(e -> e.replaceFirst("^\\d+ (\\S+ \\S+).*? pid=(\\d+) \\[.*?\\](?= fsid|$| [A-Z_]+=)", "$1 $2"))
        .toList();
  }
}
