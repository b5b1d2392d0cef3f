package org.btrsleuth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One kernel log of 6.18 in all the shapes that dmesg, syslog and /dev/kmsg give it says the same in all of them. */
class LogShapesTest {
  private static final String DIR = "traces/v6.18/6-dstate/";

  /** What a task says, without the line numbers and times that shapes differ in. */
  private record Said(
      String comm, int pid, TaskState state, String queue, String work, long blocked, int dump, List<String> frames) {}

  @ParameterizedTest
  @CsvSource({"r3-fsfreeze-btrfs, 60, 4", "r4-hung-device, 37, 8", "r6-hung-short, 15, 1"})
  void same_log_in_every_shape(String round, int tasks, int owners) {
    LogText plain = Logs.read(Captures.shared(DIR + round + ".dmesg.txt"));
    assertThat(plain.tasks()).hasSize(tasks);
    assertThat(plain.records()).filteredOn(LogRecord.BlockedOn.class::isInstance).hasSize(owners);
    assertThat(plain.tasks()).allSatisfy(task -> assertThat(task.pid()).isPositive());
    for (String shape : List.of("dmesg-T", "dmesg-iso", "dmesg-raw", "dmesg-x", "kmsg", "syslog")) {
      LogText other = Logs.read(Captures.shared(DIR + round + "." + shape + ".txt"));
      assertThat(said(other)).as(shape).isEqualTo(said(plain));
      assertThat(other.records()).as(shape).hasSameSizeAs(plain.records());
      assertThat(other.unrecognisedLines()).as(shape).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "T", "d", "e", "r", "t", "tf-ctime", "tf-delta", "tf-iso", "tf-notime", "tf-reltime", "x", "xT"
      })
  void same_dmesg_with_every_option(String shape) {
    LogText plain = Logs.read(Captures.shared(DIR + "r6-hung-short.dmesg.txt"));
    LogText other = Logs.read(Captures.shared(DIR + "r6-hung-short.shape-" + shape + ".txt"));
    assertThat(said(other)).isEqualTo(said(plain));
    assertThat(other.unrecognisedLines()).isZero();
  }

  @Test
  void json_of_dmesg_holds_the_same_tasks() {
    LogText plain = Logs.read(Captures.shared(DIR + "r6-hung-short.dmesg.txt"));
    LogText json = Logs.read(Captures.shared(DIR + "r6-hung-short.shape-J.json"));
    assertThat(said(json)).isEqualTo(said(plain));
    assertThat(json.tasks().get(0).timeNanos()).isEqualTo(plain.tasks().get(0).timeNanos());
  }

  @Test
  void owner_of_a_lock_is_named_and_listed() {
    LogText text = Logs.read(Captures.shared(DIR + "r6-hung-short.dmesg.txt"));
    LogRecord.BlockedOn blocked =
        (LogRecord.BlockedOn) text.records().stream().filter(LogRecord.BlockedOn.class::isInstance).findFirst().get();
    assertThat(blocked.waiterComm()).isEqualTo("xattr");
    assertThat(blocked.waiterPid()).isEqualTo(17965);
    assertThat(blocked.lockKind()).isEqualTo("rw-semaphore");
    assertThat(blocked.ownerComm()).isEqualTo("a->b [x] (1)");
    assertThat(blocked.ownerPid()).isEqualTo(17950);
    assertThat(text.tasks()).anySatisfy(task -> assertThat(task.name()).isEqualTo("a->b [x] (1) (17950)"));
  }

  @ParameterizedTest
  @CsvSource({
    "r3-fsfreeze-btrfs.eq-loop.txt, '== '",
    "r4-hung-device.eq-loop.txt, '== '",
    "r1-enospc-meta.eq-loop.txt, '== '",
    "r3-fsfreeze-btrfs.full.txt, '--- /proc/'",
    "r4-hung-device.full.txt, '--- /proc/'",
    "r6-hung-short.pid-comm-state.txt, 'PID: '",
  })
  void every_entry_of_a_stack_listing(String capture, String header) throws IOException {
    List<String> lines = Files.readAllLines(Captures.shared(DIR + capture));
    LogText text = Logs.read(String.join("\n", lines));
    long entries = lines.stream().filter(line -> line.startsWith(header)).count();
    long frames = lines.stream().filter(line -> line.startsWith("[<0>]")).count();
    assertThat(text.tasks()).hasSize((int) entries);
    assertThat(text.tasks().stream().mapToInt(task -> task.frames().size()).sum()).isEqualTo((int) frames);
    assertThat(text.tasks()).extracting(TaskSnapshot::pid).allMatch(pid -> pid > 0);
    assertThat(text.unrecognisedLines()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"r3-fsfreeze-btrfs", "r4-hung-device", "r1-enospc-meta"})
  void stacks_by_grep_and_tail(String round) throws IOException {
    List<String> grep = Files.readAllLines(Captures.shared(DIR + round + ".grep-dot.txt"));
    LogText grepped = Logs.read(String.join("\n", grep));
    assertThat(grepped.tasks()).allSatisfy(task -> assertThat(task.pid()).isPositive());
    assertThat(grepped.tasks().stream().mapToInt(task -> task.frames().size()).sum())
        .isEqualTo((int) grep.stream().filter(line -> line.contains("/stack:[<0>]")).count());
    List<String> tail = Files.readAllLines(Captures.shared(DIR + round + ".tail-n1.txt"));
    LogText tailed = Logs.read(String.join("\n", tail));
    assertThat(tailed.tasks())
        .hasSize((int) tail.stream().filter(line -> line.endsWith("/comm <==")).count())
        .allSatisfy(task -> assertThat(task.comm()).isNotEmpty());
    assertThat(tailed.tasks().stream().mapToInt(task -> task.frames().size()).sum())
        .isEqualTo((int) tail.stream().filter(line -> line.startsWith("[<0>]")).count());
    assertThat(grepped.unrecognisedLines() + tailed.unrecognisedLines()).isZero();
  }

  @Test
  void rounds_of_a_listing_are_dumps() throws IOException {
    List<String> lines = Files.readAllLines(Captures.shared(DIR + "r4-hung-device.eq-loop.txt"));
    LogText text = Logs.read(String.join("\n", lines));
    long rounds = lines.stream().filter(line -> line.startsWith("#####")).count();
    assertThat(text.tasks().stream().map(TaskSnapshot::dump).distinct().count()).isLessThanOrEqualTo(rounds);
    assertThat(text.tasks().stream().mapToInt(TaskSnapshot::dump).boxed().toList()).isSorted();
  }

  private static List<Said> said(LogText text) {
    return text.tasks().stream()
        .map(
            task ->
                new Said(
                    task.comm(),
                    task.pid(),
                    task.state(),
                    task.workqueue(),
                    task.workFunction(),
                    task.blockedSeconds(),
                    task.dump(),
                    task.frames().stream().map(LogShapesTest::said).toList()))
        .toList();
  }

  private static String said(Frame frame) {
    return (frame.reliable() ? "" : "? ") + frame.symbol() + "+" + frame.offset() + "/" + frame.size() + frame.module();
  }
}
