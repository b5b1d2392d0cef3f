package org.btrsleuth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every bad input gets a message that names it and says what to do, its status, and what could be read is analysed. */
class BadInputTest {
  private static final Path DEADLOCK = Captures.sample("page-lock/page-lock-two-stacks.txt");

  @TempDir Path dir;

  @Test
  void missing_file() {
    CommandLineRun run = CommandLineRun.of("analyze", dir.resolve("none.txt"));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("none.txt", "does not exist", "check the path");
  }

  @Test
  void empty_file() throws IOException {
    CommandLineRun run = CommandLineRun.of("analyze", Files.createFile(dir.resolve("empty.txt")));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("empty.txt", "is empty");
    assertThat(run.out()).startsWith("NOTHING RECOGNISED");
  }

  @Test
  void empty_directory() throws IOException {
    CommandLineRun run = CommandLineRun.of("analyze", Files.createDirectory(dir.resolve("nothing")));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("nothing", "empty directory");
  }

  @Test
  void binary_junk() throws IOException {
    byte[] junk = new byte[100_000];
    new Random(4711).nextBytes(junk);
    CommandLineRun run = CommandLineRun.of("analyze", Files.write(dir.resolve("junk.bin"), junk));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("junk.bin").doesNotContain("internal error");
  }

  @Test
  void prose() throws IOException {
    Path prose = Files.writeString(dir.resolve("mail.txt"), "Hello,\nour server is slow.\nBest regards\n");
    CommandLineRun run = CommandLineRun.of("analyze", prose);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).startsWith("NOTHING RECOGNISED").contains("mail.txt");
  }

  @Test
  void no_permission() throws IOException {
    Path secret = Files.writeString(dir.resolve("secret.txt"), "x\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(secret), "runs as root, who may read everything");
    CommandLineRun run = CommandLineRun.of("analyze", secret);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("secret.txt", "permission denied");
  }

  @Test
  void a_missing_file_beside_a_good_one_does_not_keep_the_good_one_from_being_analysed() {
    CommandLineRun run = CommandLineRun.of("analyze", dir.resolve("none.txt"), DEADLOCK);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).startsWith("DEADLOCK");
    assertThat(run.err()).contains("none.txt");
  }

  @Test
  void a_directory_is_read_with_all_that_is_in_it() throws IOException {
    Files.copy(DEADLOCK, dir.resolve("stacks.txt"));
    Files.writeString(dir.resolve("notes.md"), "seen on a host of ours\n");
    CommandLineRun run = CommandLineRun.of("analyze", dir);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).startsWith("DEADLOCK").contains("stacks.txt", "notes.md");
  }

  @Test
  void invalid_utf8_around_and_within_a_capture() throws IOException {
    byte[] good = Files.readAllBytes(DEADLOCK);
    byte[] bytes = Arrays.copyOf(good, good.length + 6);
    byte[] bad = {'\n', (byte) 0xc3, (byte) 0x28, (byte) 0xff, (byte) 0xfe, '\n'};
    System.arraycopy(bad, 0, bytes, good.length, bad.length);
    CommandLineRun run = CommandLineRun.of("analyze", "--format", "json", Files.write(dir.resolve("latin.txt"), bytes));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).contains("\"cycle\"").endsWith("}\n");
  }

  @Test
  void a_capture_cut_anywhere_still_gives_a_report() throws IOException {
    byte[] good = Files.readAllBytes(DEADLOCK);
    long seed = 20260701;
    Random random = new Random(seed);
    for (int i = 0; i < 25; i++) {
      int cut = random.nextInt(good.length);
      CommandLineRun run = CommandLineRun.of("analyze", "-q", Files.write(dir.resolve("cut.txt"), Arrays.copyOf(good, cut)));
      assertThat(run.status()).as("cut at %d, seed %d: %s", cut, seed, run.err()).isIn(0, 1, 3);
    }
  }

  @Test
  void a_truncated_gzip_is_analysed_as_far_as_it_goes() throws IOException {
    byte[] whole = Files.readAllBytes(Captures.sample("healthy/v-names.trace.txt.gz"));
    Path half = Files.write(dir.resolve("half.trace.gz"), Arrays.copyOf(whole, whole.length / 2));
    CommandLineRun run = CommandLineRun.of("analyze", half);
    assertThat(run.status()).isIn(0, 1);
    assertThat(run.err()).contains("half.trace.gz", "ends in the middle");
    assertThat(run.out()).contains("ftrace");
  }

  @Test
  void control_characters_of_an_input_do_not_reach_the_terminal() throws IOException {
    String text = Files.readString(DEADLOCK) + "\n\u001b[2J\u001b]0;owned\u0007 not a stack\n";
    CommandLineRun run = CommandLineRun.of("analyze", "-v", Files.writeString(dir.resolve("esc.txt"), text));
    assertThat(run.out()).doesNotContain("\u001b", "\u0007");
    assertThat(run.err()).doesNotContain("\u001b", "\u0007");
  }

  @Test
  void output_directory_that_is_a_file_is_wrong_usage_and_left_alone() throws IOException {
    Path file = Files.writeString(dir.resolve("taken"), "mine");
    CommandLineRun run = CommandLineRun.of("analyze", "-o", file, DEADLOCK);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("taken", "directory");
    assertThat(Files.readString(file)).isEqualTo("mine");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void a_path_with_line_ends_and_escapes_is_named_safely() {
    CommandLineRun run = CommandLineRun.of("analyze", "no\nsuch\u001b[31mfile");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err().lines().count()).isEqualTo(1);
    assertThat(run.err() + run.out()).doesNotContain("\u001b");
    assertThat(run.err().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
  }
}
