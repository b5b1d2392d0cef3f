package org.btrsleuth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.btrsleuth.report.CsvTables;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class AnalyzeCommandTest {
  private static final Path DEADLOCK = Captures.sample("page-lock/page-lock-two-stacks.txt");
  private static final Path HEALTHY = Captures.sample("healthy/v-names.trace.txt.gz");

  @TempDir Path dir;

  @Test
  void a_deadlock_is_status_1_and_a_healthy_run_status_0() {
    assertThat(CommandLineRun.of("analyze", DEADLOCK).status()).isEqualTo(1);
    assertThat(CommandLineRun.of("analyze", HEALTHY).status()).isZero();
  }

  @Test
  void every_format_goes_to_standard_output_and_nothing_else_does() {
    assertThat(CommandLineRun.of("analyze", DEADLOCK).out()).startsWith("DEADLOCK");
    assertThat(CommandLineRun.of("analyze", "--format", "json", DEADLOCK).out()).startsWith("{").endsWith("}\n");
    assertThat(CommandLineRun.of("analyze", "--format", "markdown", DEADLOCK).out()).startsWith("# DEADLOCK");
    assertThat(CommandLineRun.of("analyze", "--format", "html", DEADLOCK).out()).startsWith("<!DOCTYPE html>");
    assertThat(CommandLineRun.of("analyze", DEADLOCK).err()).isEmpty();
  }

  @Test
  void json_is_the_same_twice_and_names_the_path_as_given() {
    String first = CommandLineRun.of("analyze", "--format", "json", DEADLOCK, HEALTHY).out();
    assertThat(CommandLineRun.of("analyze", "--format", "json", DEADLOCK, HEALTHY).out()).isEqualTo(first);
    assertThat(first).contains("\"path\" : \"" + DEADLOCK + "\"").doesNotContain(Path.of("").toAbsolutePath().toString());
  }

  @Test
  void output_writes_all_files_and_leaves_no_temporary_ones() throws IOException {
    Path out = dir.resolve("deep/report");
    CommandLineRun run = CommandLineRun.of("analyze", "-o", out, DEADLOCK, HEALTHY);
    assertThat(run.status()).isEqualTo(1);
    assertThat(names(out)).containsExactlyInAnyOrder("report.html", "report.md", "report.json", "tables", "charts");
    assertThat(names(out.resolve("tables"))).containsExactlyInAnyOrderElementsOf(
        CsvTables.names().stream().map(n -> n + ".csv").toList());
    assertThat(names(out.resolve("charts"))).anyMatch(n -> n.endsWith(".svg")).anyMatch(n -> n.endsWith(".png"));
    assertThat(Files.readString(out.resolve("report.json")))
        .isEqualTo(CommandLineRun.of("analyze", "--format", "json", DEADLOCK, HEALTHY).out());
  }

  @Test
  void a_second_report_replaces_the_first_and_leaves_other_files_alone() throws IOException {
    Path out = dir.resolve("report");
    CommandLineRun.of("analyze", "-o", out, HEALTHY);
    List<String> charts = names(out.resolve("charts"));
    Files.writeString(out.resolve("tables/mine.txt"), "mine");
    Files.writeString(out.resolve("notes.txt"), "mine");
    CommandLineRun.of("analyze", "-o", out, DEADLOCK);
    assertThat(Files.readString(out.resolve("report.md"))).startsWith("# DEADLOCK");
    assertThat(out.resolve("tables/mine.txt")).exists();
    assertThat(out.resolve("notes.txt")).exists();
    assertThat(names(out.resolve("charts"))).doesNotContainAnyElementsOf(charts);
  }

  @Test
  void an_option_overrides_the_kernel_and_the_report_says_so() {
    assertThat(CommandLineRun.of("analyze", "--format", "json", "--kernel", "4.19.40", DEADLOCK).out())
        .contains("\"version\" : \"4.19.40\"", "\"source\" : \"option\"");
  }

  @Test
  void a_time_window_and_a_file_system_leave_events_out() {
    String all = CommandLineRun.of("convert", "--to", "csv", "--table", "checks", HEALTHY).out();
    String none = CommandLineRun.of("analyze", "--from", "1", "--to", "2", HEALTHY).out();
    assertThat(all).contains("bytes_may_use,");
    assertThat(none).doesNotContain("Ledger of");
    assertThat(CommandLineRun.of("analyze", "--fsid", "ffffffff", HEALTHY).out()).doesNotContain("Ledger of");
    assertThat(CommandLineRun.of("analyze", HEALTHY).out()).contains("Ledger of");
  }

  @Test
  void what_if_shows_a_replay_under_other_rules_or_says_why_not() throws IOException {
    Path unfixed = Captures.sample("inode-reservation/v3.6.0-seed1-drain-unfixed.trace.txt.gz");
    Path out = dir.resolve("what-if");
    String text = CommandLineRun.of("analyze", "--what-if", "fixed", "-o", out, unfixed).out();
    assertThat(text).contains("What if the rules were those after the fix").contains("6 handed over");
    assertThat(names(out.resolve("charts"))).contains("what-if-units.svg", "what-if.svg", "inode-units.svg");
    assertThat(Files.readString(out.resolve("tables/what-if.csv"))).contains(",fixed,5,257,72,");
    assertThat(Files.readString(out.resolve("report.html"))).contains("What if the rules were those after the fix");
    assertThat(Files.readString(out.resolve("report.json"))).contains("\"replayed\" : true");
    assertThat(CommandLineRun.of("analyze", "--what-if", "fixed", HEALTHY).out()).contains("recorded kernel has the fix");
    assertThat(CommandLineRun.of("analyze", "--what-if", "fixed", DEADLOCK).err()).contains("nothing to replay");
    assertThat(CommandLineRun.of("analyze", "--what-if", "mended", HEALTHY).status()).isEqualTo(2);
  }

  @Test
  void antlrs_own_lexer_can_be_chosen_and_concludes_the_same() {
    CommandLineRun tables = CommandLineRun.of("analyze", "--format", "json", HEALTHY);
    CommandLineRun stock = CommandLineRun.of("analyze", "--format", "json", "--stock-lexer", HEALTHY);
    assertThat(stock.err()).isEqualTo(tables.err());
    assertThat(stock.out()).isEqualTo(tables.out());
    assertThat(chosen("--stock-lexer").reading().stockLexer()).isTrue();
    assertThat(chosen().reading().stockLexer()).isFalse();
  }

  private static AnalysisRequest chosen(String... options) {
    InputOptions input = new InputOptions();
    CommandLine line = new CommandLine(CommandSpec.create().addMixin("input", CommandSpec.forAnnotatedObject(input)));
    line.parseArgs(Stream.concat(Stream.of(options), Stream.of("capture.txt")).toArray(String[]::new));
    return input.request();
  }

  @Test
  void an_input_format_overrides_what_the_lines_look_like() {
    CommandLineRun asTrace = CommandLineRun.of("analyze", "--input-format", "ftrace", DEADLOCK);
    assertThat(asTrace.status()).isEqualTo(3);
    assertThat(asTrace.out()).contains("not recognised");
    assertThat(CommandLineRun.of("analyze", "--input-format", "proc-stack", DEADLOCK).status()).isEqualTo(1);
    CommandLineRun asLog = CommandLineRun.of("analyze", "--input-format", "kernel-log", HEALTHY);
    assertThat(asLog.out()).doesNotContain("Ledger of");
  }

  @Test
  void progress_shows_rate_and_remaining_time_and_no_end_where_none_is_known() {
    assertThat(ProgressBar.line(50L << 20, 100L << 20, 2_000_000_000L))
        .isEqualTo("[###############---------------] 50 %  50 MiB, 25 MiB/s, 2 s left");
    assertThat(ProgressBar.line(1024, 0, 1_000_000_000L)).isEqualTo("reading 1 KiB, 1 KiB/s");
    assertThat(ProgressBar.line(0, 10, 0)).startsWith("[---");
  }

  @Test
  void colour_only_when_asked_or_on_a_terminal() {
    assertThat(CommandLineRun.of("analyze", DEADLOCK).out()).doesNotContain("\u001b");
    assertThat(CommandLineRun.of("analyze", "--color", "always", DEADLOCK).out()).contains("\u001b[");
  }

  @Test
  void redaction_reaches_paths_and_pids_stay() throws IOException {
    Path named = Files.copy(DEADLOCK, dir.resolve("acme-host-17.txt"));
    CommandLineRun run = CommandLineRun.of("analyze", "--redact", "--format", "json", named);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).doesNotContain("acme", dir.toString()).contains("input-1.txt");
  }

  @Test
  void conversions_of_stacks_and_graph() {
    assertThat(CommandLineRun.of("convert", "--to", "folded", DEADLOCK).out())
        .contains("extent_write_cache_pages;__lock_page").matches("(?s)(\\S+ \\d+\\n)+");
    assertThat(CommandLineRun.of("convert", "--to", "speedscope", DEADLOCK).out()).contains("speedscope.app/file-format-schema");
    assertThat(CommandLineRun.of("convert", "--to", "dot", DEADLOCK).out()).startsWith("digraph");
    assertThat(CommandLineRun.of("convert", "--to", "perfetto", HEALTHY).out()).contains("\"traceEvents\"", "\"ph\":\"C\"");
  }

  @Test
  void events_convert_to_one_row_each() {
    CommandLineRun run = CommandLineRun.of("convert", "--to", "csv", HEALTHY);
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("path,line,time_s,cpu,comm,pid,event,kind,fsid,");
    String inspected = CommandLineRun.of("inspect", HEALTHY).out();
    assertThat(inspected).contains(String.format("%,d events", run.out().lines().count() - 1));
  }

  @Test
  void inspect_counts_and_gives_no_verdict() {
    CommandLineRun run = CommandLineRun.of("inspect", DEADLOCK);
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("proc-stack", "2 stacks").doesNotContain("DEADLOCK");
    assertThat(run.out().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }
}
