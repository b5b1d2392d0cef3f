package org.btrsleuth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The shipped jar and the launcher as processes of their own, as users run them. */
class JarIT {
  private static final Path JAR = Path.of("target/btrsleuth.jar").toAbsolutePath();
  private static final Path DEADLOCK = Captures.sample("page-lock/page-lock-two-stacks.txt").toAbsolutePath();
  private static final Path HEALTHY = Captures.sample("healthy/v-names.trace.txt.gz").toAbsolutePath();

  /** Pattern, severity and confidence of a finding, as the report writes them. */
  private static final Pattern FINDING =
      Pattern.compile(
          "\n      \"pattern\" : \"([^\"]*)\",\n.*\n.*\n      \"severity\" : \"(\\w+)\",\n"
              + "      \"confidence\" : \"(\\w+)\"");

  @TempDir Path dir;

  private record Run(int status, String out, String err) {}

  @Test
  void the_jar_names_its_version() throws Exception {
    Run run = jar("--version");
    assertThat(run.status()).isZero();
    assertThat(run.out()).matches("btrsleuth \\d+\\.\\d+\\.\\d+\\R");
  }

  @Test
  void exit_statuses_are_those_of_the_contract() throws Exception {
    assertThat(jar("analyze", HEALTHY).status()).isZero();
    assertThat(jar("analyze", DEADLOCK).status()).isEqualTo(1);
    assertThat(jar("analyze", "--format", "pdf", DEADLOCK).status()).isEqualTo(2);
    assertThat(jar("analyze", dir.resolve("none")).status()).isEqualTo(3);
  }

  @Test
  void standard_input_is_an_input_like_any_other() throws Exception {
    Run run = run(dir, DEADLOCK, command("analyze", "--format", "json", "-"));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("\"path\" : \"-\"", "\"lines\" : " + Files.readAllLines(DEADLOCK).size());
  }

  @Test
  void reports_are_the_same_bytes_in_every_run_and_locale() throws Exception {
    Run first = jar("analyze", "--format", "json", HEALTHY, DEADLOCK);
    List<String> other = new ArrayList<>(List.of(java(), "-Duser.language=tr", "-Duser.timezone=Asia/Tokyo"));
    other.addAll(List.of("-jar", JAR.toString(), "analyze", "--format", "json", HEALTHY.toString(), DEADLOCK.toString()));
    assertThat(run(dir, null, other).out()).isEqualTo(first.out());
    Run html = jar("analyze", "--format", "html", HEALTHY, DEADLOCK);
    assertThat(jar("analyze", "--format", "html", HEALTHY, DEADLOCK).out()).isEqualTo(html.out());
    assertThat(html.out()).contains("<svg");
  }

  @Test
  void a_closed_pipe_is_no_internal_error() throws Exception {
    List<String> shell = List.of("sh", "-c", java() + " -jar " + JAR + " convert --to csv " + HEALTHY + " | head -n 1");
    Run run = run(dir, null, shell);
    assertThat(run.out().lines().count()).isEqualTo(1);
    assertThat(run.err()).doesNotContain("internal error", "Exception");
  }

  @Test
  void the_launcher_works_through_a_link_from_another_directory_with_blanks_in_it() throws Exception {
    Path elsewhere = Files.createDirectory(dir.resolve("some where"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("sleuth link"), Path.of("btrsleuth").toAbsolutePath());
    Path input = Files.copy(DEADLOCK, elsewhere.resolve("the dump *.txt"));
    Run run = run(elsewhere, null, List.of(link.toString(), "analyze", input.getFileName().toString()));
    assertThat(run.status()).as(run.err()).isEqualTo(1);
    assertThat(run.out()).startsWith("DEADLOCK").contains("the dump *.txt:");
    assertThat(run(elsewhere, null, List.of(link.toString(), "analyze", "none")).status()).isEqualTo(3);
  }

  @Test
  void the_launcher_says_what_is_missing_without_java() throws Exception {
    Path bin = Files.createDirectory(dir.resolve("bin"));
    for (String tool : List.of("sh", "dirname", "readlink", "sed", "head", "find", "du", "cut", "env")) {
      Path real = Stream.of("/bin", "/usr/bin").map(d -> Path.of(d, tool)).filter(Files::exists).findFirst().orElseThrow();
      Files.createSymbolicLink(bin.resolve(tool), real);
    }
    List<String> command = List.of("env", "-u", "JAVA_HOME", "PATH=" + bin, Path.of("btrsleuth").toAbsolutePath().toString(), "-V");
    Run run = run(dir, null, command);
    assertThat(run.status()).isEqualTo(4);
    assertThat(run.err()).contains("Java 17", "JAVA_HOME");
  }

  @Test
  void a_run_that_is_told_to_end_while_it_writes_leaves_a_whole_report_or_none() throws Exception {
    Path into = dir.resolve("report");
    Process process =
        new ProcessBuilder(command("analyze", "-q", "-o", into, DEADLOCK, Captures.sample("inode-reservation").toAbsolutePath()))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("ended.txt").toFile())
            .start();
    try {
      // The hidden directory appears when writing begins; drawing its charts takes seconds.
      while (process.isAlive() && (!Files.isDirectory(into) || list(into).isEmpty())) {
        Thread.sleep(2);
      }
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(list(into)).isIn(List.of(), List.of("charts", "report.html", "report.json", "report.md", "tables"));
    assertThat(dir.resolve("ended.txt")).content().doesNotContain("could not be", "xception");
  }

  @Test
  void a_run_that_is_told_to_end_while_it_reads_leaves_no_report() throws Exception {
    Path into = dir.resolve("report");
    Process process = new ProcessBuilder(command("analyze", "-o", into, "-")).redirectErrorStream(true).start();
    try {
      process.getOutputStream().write(Files.readAllBytes(DEADLOCK));
      process.getOutputStream().flush();
      Thread.sleep(500);
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(into).doesNotExist();
  }

  @Test
  void progress_is_for_terminals_only() throws Exception {
    // Reading takes longer than the bar keeps quiet: standard input is held back.
    Process process = new ProcessBuilder(command("analyze", "-")).redirectError(dir.resolve("err").toFile()).start();
    process.getOutputStream().write(Files.readAllBytes(DEADLOCK));
    process.getOutputStream().flush();
    Thread.sleep(1500);
    process.getOutputStream().close();
    assertThat(process.getInputStream().readAllBytes()).isNotEmpty();
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(dir.resolve("err")).content().doesNotContain("reading", "\r");
  }

  private static List<String> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  /** One sample a folder: all of them are pinned by {@link GoldenTest} and run through the launcher by {@code .ci/run}. */
  @TestFactory
  Stream<DynamicTest> samples_of_each_kind_end_as_expected() throws IOException {
    Set<String> folders = new HashSet<>();
    return Files.readAllLines(Captures.sample("expected.tsv")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.split("\t"))
        .filter(row -> folders.add(row[0].split("/")[0]))
        .map(row -> DynamicTest.dynamicTest(row[0], () -> sample(row[0], Integer.parseInt(row[1]), row[2])));
  }

  private void sample(String captures, int status, String findings) throws Exception {
    List<Object> words = new ArrayList<>(List.of("analyze", "-q", "--format", "json"));
    for (String capture : captures.split(" ")) {
      words.add(Captures.sample(capture).toAbsolutePath());
    }
    Run run = jar(words.toArray());
    List<String> found = new ArrayList<>();
    Matcher m = FINDING.matcher(run.out());
    while (m.find()) {
      found.add(m.group(1) + " " + m.group(2) + " " + m.group(3));
    }
    assertThat(run.status()).as(run.err()).isEqualTo(status);
    List<String> expected = findings.equals("-") ? List.of() : List.of(findings.split(", "));
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  private Run jar(Object... words) throws Exception {
    return run(dir, null, command(words));
  }

  private static List<String> command(Object... words) {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", JAR.toString()));
    for (Object word : words) {
      command.add(word.toString());
    }
    return command;
  }

  private static String java() {
    return ProcessHandle.current().info().command().orElse("java");
  }

  private Run run(Path directory, Path input, List<String> command) throws Exception {
    Path out = Files.createTempFile(dir, "out", "");
    Path err = Files.createTempFile(dir, "err", "");
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    if (input == null) {
      process.getOutputStream().close();
    }
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ended in time", command).isTrue();
      return new Run(
          process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
