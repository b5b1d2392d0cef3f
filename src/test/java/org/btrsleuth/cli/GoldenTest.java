package org.btrsleuth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.source.Inputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What btrsleuth says of every sample, word by word. {@code mvn verify -Dupdate=true} rewrites the golden texts; read
 * the difference before committing it. The verdicts themselves stand in {@code sample-traces/expected.tsv}, which is
 * written by hand from what is known of each capture and never by a test.
 */
class GoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final boolean UPDATE = Boolean.getBoolean("update");

  @ParameterizedTest
  @MethodSource("samples")
  void concludes_what_is_known_of_the_capture(Expected expected) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Outcome outcome = Pipeline.analyse(request(expected), terminal(out, err), false);
    assertThat(findings(outcome.analysis())).isEqualTo(expected.findings());
    assertThat(outcome.status()).isEqualTo(expected.status());
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void says_it_in_the_words_of_the_golden_text(Expected expected) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> args = new ArrayList<>(List.of("analyze", "--no-progress", "--color", "never"));
    args.addAll(expected.paths());
    int status = Main.run(terminal(out, err), args.toArray(String[]::new));
    assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(expected.status());
    String text = out.toString(StandardCharsets.UTF_8);
    Path golden = GOLDEN.resolve(expected.name() + ".txt");
    if (UPDATE) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, text);
    }
    assertThat(golden).as("golden text; -Dupdate=true writes it").exists();
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  /** A report that quotes what the capture does not say would be worthless. */
  @ParameterizedTest
  @MethodSource("samples")
  void quotes_only_what_stands_in_the_capture(Expected expected) {
    Outcome outcome =
        Pipeline.analyse(
            request(expected), terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream()), false);
    Map<String, Map<Long, String>> wanted = new HashMap<>();
    List<Evidence> quoted = new ArrayList<>();
    for (Finding finding : outcome.analysis().findings()) {
      quoted.addAll(finding.evidence());
      finding.cycle().forEach(step -> quoted.addAll(step.evidence()));
      finding.victims().forEach(victim -> quoted.add(victim.evidence()));
    }
    outcome.analysis().waitGraph().edges().forEach(edge -> quoted.addAll(edge.evidence()));
    for (Evidence evidence : quoted) {
      assertThat(evidence.line()).as(evidence.toString()).isPositive();
      wanted.computeIfAbsent(evidence.path(), p -> new HashMap<>()).put(evidence.line(), null);
    }
    readLines(expected, wanted);
    for (Evidence evidence : quoted) {
      String line = wanted.get(evidence.path()).get(evidence.line());
      assertThat(line).as("line of " + evidence).isNotNull();
      // A CSV record is quoted as its values, without the quotes around them.
      boolean csv = evidence.path().contains(".csv");
      assertThat(squeeze(csv ? line.replace("\"", "") : line)).as(evidence.location())
          .contains(squeeze(csv ? evidence.text().replace("\"", "") : evidence.text()));
    }
  }

  @Test
  void every_sample_has_an_expected_conclusion() throws IOException {
    List<String> named = Expected.all().stream().flatMap(e -> e.captures().stream()).toList();
    try (Stream<Path> files = Files.walk(Path.of("sample-traces"))) {
      assertThat(files.filter(Files::isRegularFile).map(p -> Path.of("sample-traces").relativize(p).toString()))
          .filteredOn(name -> !name.endsWith(".md") && !name.equals("expected.tsv"))
          .allMatch(named::contains);
    }
  }

  static List<Expected> samples() {
    return Expected.all();
  }

  private static AnalysisRequest request(Expected expected) {
    return new AnalysisRequest(expected.paths(), null, null, List.of(), EventFilter.NONE);
  }

  private static Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Terminal(
        new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false,
        false, true);
  }

  private static List<String> findings(Analysis analysis) {
    return analysis.findings().stream()
        .map(f -> (f.pattern() + " " + f.severity() + " " + f.confidence()).toLowerCase(java.util.Locale.ROOT))
        .toList();
  }

  /** Fetches the wanted lines from the inputs themselves, past all parsers. */
  private static void readLines(Expected expected, Map<String, Map<Long, String>> wanted) {
    Inputs.walk(
        expected.paths(),
        java.io.InputStream.nullInputStream(),
        new Inputs.Visitor() {
          @Override
          public void input(org.btrsleuth.source.Input input) {
            Map<Long, String> lines = wanted.getOrDefault(input.path(), new HashMap<>());
            try {
              String[] all = new String(input.bytes().readAllBytes(), StandardCharsets.UTF_8).split("\n", -1);
              lines.replaceAll((number, none) -> number <= all.length ? all[(int) (number - 1)] : null);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }

          @Override
          public void problem(String path, String problem) {
            throw new AssertionError(path + " " + problem);
          }
        });
  }

  private static String squeeze(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
