package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Knowledge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs that no capture at hand shows are named from stacks as their mechanisms make them, and not from one of several. */
class EarlyBugsTest {
  @TempDir Path dir;

  /** The tasks of one hang; {@code roles} are those without which it would be another. */
  record Hang(String bug, String kernel, List<String> roles, List<String> others) {
    @Override
    public String toString() {
      return bug;
    }
  }

  static List<Hang> hangs() throws IOException {
    List<Hang> hangs = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                EarlyBugsTest.class.getResourceAsStream("early-bugs.txt"), StandardCharsets.UTF_8))) {
      for (String line : lines.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        if (!line.contains(": ")) {
          String[] head = line.split(" ");
          hangs.add(new Hang(head[0], head[1], new ArrayList<>(), new ArrayList<>()));
        } else if (line.startsWith("also ")) {
          hangs.get(hangs.size() - 1).others().add(line.substring("also ".length()));
        } else {
          hangs.get(hangs.size() - 1).roles().add(line);
        }
      }
    }
    return hangs;
  }

  @ParameterizedTest
  @MethodSource("hangs")
  void is_named_when_all_tasks_are_there(Hang hang) throws IOException {
    List<String> tasks = Stream.concat(hang.roles().stream(), hang.others().stream()).toList();
    List<Finding> findings = findings(hang, tasks);
    assertThat(findings.get(0).pattern()).isEqualTo(hang.bug());
    assertThat(findings.stream().filter(f -> f.pattern().equals(hang.bug()))).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("hangs")
  void one_task_of_several_is_not_enough(Hang hang) throws IOException {
    if (hang.roles().size() < 2) {
      return;
    }
    for (String task : hang.roles()) {
      assertThat(findings(hang, List.of(task)))
          .filteredOn(f -> Knowledge.shipped().bugs().containsKey(f.pattern()))
          .as(task)
          .allSatisfy(f -> assertThat(f.confidence()).isEqualTo(Confidence.POSSIBLE));
    }
  }

  /** The same waits in kernels that have the fix are something else. */
  @ParameterizedTest
  @MethodSource("hangs")
  void a_fixed_kernel_does_not_have_it(Hang hang) throws IOException {
    Bug bug = Knowledge.shipped().bugs().get(hang.bug());
    if (bug.fixes().get(0).fixedIn().isEmpty()) {
      return;
    }
    Hang fixed = new Hang(hang.bug(), bug.fixes().get(0).fixedIn() + ".90", hang.roles(), hang.others());
    assertThat(findings(fixed, hang.roles())).extracting(Finding::pattern).doesNotContain(hang.bug());
  }

  @Test
  void every_bug_of_these_files_has_its_stacks() throws IOException {
    List<String> shown = hangs().stream().map(Hang::bug).toList();
    assertThat(shown).hasSizeGreaterThan(25).doesNotHaveDuplicates();
    assertThat(Knowledge.shipped().bugs().keySet()).containsAll(shown);
  }

  /** Until 3.17 a search went back to spinning locks block by block; a reader that spins elsewhere is another matter. */
  @ParameterizedTest
  @CsvSource({"btrfs_clear_path_blocking, 3.17.4, true", "btrfs_read_lock_root_node, 3.17.4, false",
    "btrfs_clear_path_blocking, 4.4.1, false"})
  void search_that_spins_for_its_own_path(String caller, String kernel, boolean named) throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("lockup.txt"),
            """
            [ 8452.100001] NMI watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [rsync:3111]
            [ 8452.100002] CPU: 3 PID: 3111 Comm: rsync Not tainted %s #1
            [ 8452.100004] Call Trace:
            [ 8452.100005]  _raw_read_lock+0x25/0x30
            [ 8452.100006]  btrfs_clear_lock_blocking_rw+0x71/0x1d0 [btrfs]
            [ 8452.100007]  %s+0x3a/0x80 [btrfs]
            [ 8452.100008]  btrfs_search_slot+0x5c1/0xa20 [btrfs]
            [ 8452.100009]  btrfs_lookup_dir_item+0x81/0xd0 [btrfs]
            """
                .formatted(kernel, caller));
    List<Finding> findings = Incidents.all(KernelVersion.parse(kernel), file);
    assertThat(findings.stream().anyMatch(f -> f.pattern().equals("path-unblocked-out-of-order"))).isEqualTo(named);
  }

  private List<Finding> findings(Hang hang, List<String> tasks) throws IOException {
    StringBuilder log = new StringBuilder();
    int pid = 2400;
    for (String task : tasks) {
      int name = task.indexOf(": ");
      String comm = task.substring(0, name);
      log.append("[ 4242.000100] INFO: task %s:%d blocked for more than 120 seconds.\n".formatted(comm, ++pid));
      log.append("[ 4242.000200]       Not tainted %s #1\n".formatted(hang.kernel()));
      log.append("[ 4242.000300] %-15s D ffff8801234560c8     0 %5d      2 0x00000000\n".formatted(comm, pid));
      log.append("[ 4242.000400] Call Trace:\n");
      int offset = 0x1b;
      for (String frame : task.substring(name + 2).split(" ")) {
        String module = frame.contains("btrfs") ? " [btrfs]" : "";
        log.append("[ 4242.000500]  %s+0x%x/0x%x%s\n".formatted(frame, offset, 6 * offset, module));
        offset = 0x11 + offset * 7 % 0x2f1;
      }
    }
    Path file = Files.writeString(dir.resolve("hang.txt"), log);
    return Incidents.all(KernelVersion.parse(hang.kernel()), file);
  }
}
