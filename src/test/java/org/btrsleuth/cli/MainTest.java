package org.btrsleuth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Usage, help and the commands that read no capture. */
class MainTest {
  @TempDir Path dir;

  @Test
  void help_is_a_result_and_goes_to_standard_output() {
    CommandLineRun run = CommandLineRun.of("--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("analyze", "inspect", "convert", "knowledge", "capture", "Exit status:");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void help_of_analyze_names_every_option_of_the_contract() {
    CommandLineRun run = CommandLineRun.of("analyze", "--help");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains(
            "--format", "-o, --output", "--kernel", "--input-format", "--rules", "--redact", "--from", "--to", "--fsid", "--pid",
            "-q", "-v", "--no-progress", "--color");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "bogus", "analyze", "analyze --format xml x", "analyze --kernel abc x", "analyze --input-format tar x",
        "analyze --from x y", "analyze --from 2 --to 1 y", "analyze --pid -4 y", "analyze --bogus x", "convert x",
        "convert --to xls x", "convert --to csv --table nope x", "capture bogus", "capture --kernel abc", "knowledge",
        "knowledge show", "knowledge show no-such-bug", "analyze --color sometimes x"
      })
  void wrong_usage_is_status_2_with_a_message_and_no_output(String words) {
    CommandLineRun run = CommandLineRun.of((Object[]) (words.isEmpty() ? new String[0] : words.split(" ")));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("btrsleuth: ").doesNotContain("\tat ");
  }

  @Test
  void version_is_one_line() {
    CommandLineRun run = CommandLineRun.of("--version");
    assertThat(run.status()).isZero();
    assertThat(run.out()).matches("btrsleuth \\S+\\R");
  }

  @Test
  void capture_prints_a_script_for_each_subject() {
    for (String what : List.of("hang", "enospc", "enospc-bpf")) {
      CommandLineRun run = CommandLineRun.of("capture", what);
      assertThat(run.status()).isZero();
      assertThat(run.out()).startsWith("#!/bin/sh\n").contains("btrsleuth analyze");
    }
    assertThat(CommandLineRun.of("capture").out()).isEqualTo(CommandLineRun.of("capture", "hang").out());
  }

  @Test
  void capture_scripts_are_valid_shell_and_say_what_of_them_was_run() throws Exception {
    for (String what : List.of("hang", "enospc", "enospc-bpf", "enospc-kprobes")) {
      Path script = Files.writeString(dir.resolve(what + ".sh"), CommandLineRun.of("capture", what).out());
      Process shell = new ProcessBuilder("sh", "-n", script.toString()).redirectErrorStream(true).start();
      String complaints = new String(shell.getInputStream().readAllBytes());
      assertThat(shell.waitFor()).as("%s: %s", what, complaints).isZero();
      assertThat(Files.readString(script)).containsPattern("\n# (Run on|Not run)");
    }
  }

  @Test
  void capture_picks_the_names_that_the_kernel_has() {
    String old = CommandLineRun.of("capture", "--kernel", "4.14.0-1-amd64", "enospc").out();
    assertThat(old).contains("\n__extent_writepage ", "\nbtrfs_flush_space ").contains("# For Linux 4.14.");
    assertThat(old).doesNotContain("\nextent_writepage ", "\nbtrfs_reserve_ticket ", "\nupdate_bytes_may_use ");
    String recent = CommandLineRun.of("capture", "--kernel", "6.12", "enospc").out();
    assertThat(recent).contains("\nextent_writepage ", "\nbtrfs_reserve_ticket ", "\nupdate_bytes_may_use ");
    assertThat(recent).doesNotContain("\n__extent_writepage ");
  }

  @Test
  void knowledge_shows_what_list_names() {
    CommandLineRun list = CommandLineRun.of("knowledge", "list");
    assertThat(list.status()).isZero();
    assertThat(list.out()).contains("delalloc-reservation-under-page-lock", "f4b1363cae43", "page_lock");
    CommandLineRun bug = CommandLineRun.of("knowledge", "show", "delalloc-reservation-under-page-lock");
    assertThat(bug.status()).isZero();
    assertThat(bug.out()).contains("bug delalloc-reservation-under-page-lock", "f4b1363cae43");
    assertThat(CommandLineRun.of("knowledge", "show", "f4b1363cae43").out()).contains("f4b1363cae43");
    assertThat(CommandLineRun.of("knowledge", "show", "page_lock").out()).contains("wait page_lock", "hold page_lock");
  }

  @Test
  void knowledge_check_gives_positions() throws IOException {
    Path good = Files.writeString(dir.resolve("good.rules"), "resource my_lock \"my lock\"\n");
    assertThat(CommandLineRun.of("knowledge", "check", good).status()).isZero();
    Path bad = Files.writeString(dir.resolve("bad.rules"), "resource my_lock \"my lock\"\nwait\n  nonsense\n");
    CommandLineRun run = CommandLineRun.of("knowledge", "check", bad);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains(bad + ":");
    CommandLineRun missing = CommandLineRun.of("knowledge", "check", dir.resolve("none.rules"));
    assertThat(missing.status()).isEqualTo(3);
    assertThat(missing.err()).contains("none.rules");
  }

  @Test
  void a_rule_file_with_errors_stops_the_analysis_with_its_position() throws IOException {
    Path bad = Files.writeString(dir.resolve("bad.rules"), "wait\n  nonsense\n");
    CommandLineRun run = CommandLineRun.of("analyze", "--rules", bad, "sample-traces/page-lock/page-lock-two-stacks.txt");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(bad + ":");
    assertThat(run.out()).isEmpty();
  }
}
