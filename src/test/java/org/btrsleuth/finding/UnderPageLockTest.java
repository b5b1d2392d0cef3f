package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The deadlock that f4b1363cae43 fixed, in genuine captures of four kernels. */
class UnderPageLockTest {

  @Test
  void two_stacks_alone_make_it_likely() {
    Finding finding = first(Captures.shared("traces/seed2-report/page-lock-two-stacks.txt"));
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.confidence()).isEqualTo(Confidence.LIKELY);
    assertThat(finding.cycle().get(0).holds().kind()).isEqualTo("page_lock");
    assertThat(finding.cycle().get(0).waitsFor().kind()).isEqualTo("delalloc_flush");
    assertThat(finding.cycle().get(1).waitsFor().kind()).isEqualTo("page_lock");
    assertThat(finding.victims()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("withHolderAndFlushWorker")
  void holder_and_flush_worker_make_it_certain(Path capture) {
    Finding finding = first(capture);
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.cycle()).hasSize(2);
    assertThat(finding.cycle().get(0).holds().kind()).isEqualTo("page_lock");
    assertThat(finding.cycle().get(0).waitsFor().kind()).isEqualTo("delalloc_flush");
    assertThat(finding.cycle().get(1).holds().kind()).isEqualTo("delalloc_flush");
    assertThat(finding.cycle().get(1).waitsFor().kind()).isEqualTo("page_lock");
    assertThat(finding.pattern()).isEqualTo("delalloc-reservation-under-page-lock");
    assertThat(finding.fixes().get(0).fix().commit()).isEqualTo("f4b1363cae43");
    assertThat(finding.evidence()).isNotEmpty();
    assertThat(finding.certain()).isNotEmpty();
    assertThat(finding.inferred()).as("which page it is, only events can prove").isNotEmpty();
  }

  /** The run without the fix's captures: what runs on a processor is not blocked. */
  @ParameterizedTest
  @MethodSource("withoutBlockedTasks")
  void nothing_blocked_gives_no_finding(Path capture) {
    assertThat(analyse(capture)).isEmpty();
  }

  @Test
  void all_captures_of_one_hang_together_say_the_same() {
    Path dir = Captures.shared("traces/v5.4");
    List<Finding> findings =
        analyse(
            dir.resolve("v5.4.0-fixup-deadlock-F-flushoncommit.stacks_D.txt"),
            dir.resolve("v5.4.0-fixup-deadlock-F-flushoncommit.dmesg.hung.txt"),
            dir.resolve("v5.4.0-fixup-deadlock-F-flushoncommit.sysrq-w.txt"),
            dir.resolve("v5.4.0-fixup-deadlock-F-flushoncommit.stacks_D.late.txt"));
    assertThat(findings.get(0).confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(findings.get(0).cycle()).hasSize(2);
    assertThat(findings.get(0).victims()).hasSizeGreaterThanOrEqualTo(37);
    assertThat(findings.get(0).id())
        .isEqualTo(first(dir.resolve("v5.4.0-fixup-deadlock-A.stacks_D.txt")).id());
  }

  @Test
  void events_of_the_same_run_name_the_page_and_leave_nothing_to_infer() {
    Path dir = Captures.shared("traces/v5.4");
    Finding finding =
        Incidents.analyse(
                dir.resolve("v5.4.0-fixup-deadlock-F-flushoncommit.stacks_D.txt"),
                dir.resolve("v5.4.0-fixup-deadlock-F-flushoncommit.trace.txt.gz"))
            .findings()
            .get(0);
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.inferred()).noneMatch(s -> s.contains("page lock"));
    // The fixup of page 0 of inode 257: its range lock is line 71323 of the trace, the flush work that it queued line
    // 71345, the start of that work by the other task line 71350.
    assertThat(finding.cycle().get(0).holds().instance()).isEqualTo("inode 5/257 page 0");
    assertThat(finding.evidence().stream().filter(e -> e.path().contains("trace")).map(e -> e.line()))
        .contains(71323L, 71345L, 71350L);
  }

  @Test
  void work_events_prove_who_carries_out_the_flush() {
    Path dir = Captures.shared("traces/v5.4");
    Finding finding =
        Incidents.analyse(
                dir.resolve("v5.4.0-fixup-deadlock-E-stacktrig.trace.txt.gz"),
                dir.resolve("v5.4.0-fixup-deadlock-E-stacktrig.stacks_D.txt"))
            .findings()
            .get(0);
    assertThat(finding.cycle().get(1).holds().certain()).isTrue();
    assertThat(finding.certain()).anyMatch(s -> s.contains("runs the work which kworker/u4:3 (244) queued"));
    assertThat(finding.inferred()).as("no event of this trace names a page").anyMatch(s -> s.contains("page lock"));
  }

  @Test
  void a_log_without_the_holder_says_that_it_is_missing() {
    Finding finding = first(Captures.shared("traces/v5.4/v5.4.0-fixup-deadlock-A.dmesg.hung.txt"));
    assertThat(finding.confidence()).isEqualTo(Confidence.POSSIBLE);
    assertThat(finding.cycle()).isEmpty();
    assertThat(finding.title()).contains("missing");
  }

  /** The first report of this log is from boot: swapper/0 waits for a partition table, and is init soon after. */
  @Test
  void who_waited_during_boot_is_no_victim() {
    Path log = Captures.shared("traces/v5.4/v5.4.0-fixup-deadlock-E-stacktrig.dmesg.hung.txt.gz");
    Finding finding = first(log);
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.victims()).isNotEmpty().noneMatch(v -> v.task().comm().startsWith("swapper"));
  }

  static Stream<Path> withHolderAndFlushWorker() throws IOException {
    return captures("stacks_D", "sysrq-w", "sysrq-t", "dmesg.hung")
        // Ten hung-task reports without the holder.
        .filter(p -> !p.toString().contains("deadlock-A.dmesg"));
  }

  static Stream<Path> withoutBlockedTasks() throws IOException {
    return captures("sysrq-l", "nohang");
  }

  private static Stream<Path> captures(String... kinds) throws IOException {
    Stream<Path> all = Stream.empty();
    for (String version : List.of("v5.4", "v4.19", "v4.4", "v3.16")) {
      all = Stream.concat(all, Files.list(Captures.shared("traces").resolve(version)));
    }
    return all.filter(
            p -> {
              String name = p.getFileName().toString();
              boolean text = (name.endsWith(".txt") || name.endsWith(".txt.gz")) && !name.contains("trace.");
              boolean fixup = name.contains("fixup-deadlock") || name.contains("fixup-nohang");
              return text && fixup && Stream.of(kinds).anyMatch(name::contains) && !name.contains(".state.");
            })
        .sorted();
  }

  static List<Finding> analyse(Path... captures) {
    return Incidents.analyse(captures).findings();
  }

  private static Finding first(Path capture) {
    List<Finding> findings = analyse(capture);
    assertThat(findings).as(capture.toString()).isNotEmpty();
    return findings.get(0);
  }
}
