package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Genuine captures of the deadlock, varied: what a capture says of itself (kernel, names, addresses, guesses of the
 * unwinder) may change the verdict only where it decides who holds the page lock.
 */
class FixupVariationTest {
  private static final String PATTERN = "delalloc-reservation-under-page-lock";
  private static final String FIXUP = "btrfs_writepage_fixup_worker";
  private static final Pattern FRAME = Pattern.compile("([A-Za-z_][\\w.]*)\\+0x([0-9a-f]+)/0x([0-9a-f]+)");
  private static final Pattern TASK =
      Pattern.compile("=== pid .*|(?:\\[ *[\\d.]+\\] )?\\S.* [DSR] +(?:[0-9a-f]{16} +)?\\d+ +\\d+ +\\d+ 0x[0-9a-f]+.*");

  @TempDir Path dir;

  static Stream<String> captures() {
    return Stream.of(
        "v3.16.0-fixup-deadlock-flushoncommit.stacks_D.late.txt",
        "v3.16.0-fixup-deadlock-flushoncommit.sysrq-w.txt",
        "v4.19.40-fixup-deadlock-B-stacktrig.stacks_D.late.txt",
        "v4.19.40-fixup-deadlock-B-stacktrig.sysrq-w.txt",
        "v5.4.0-fixup-deadlock-A.stacks_D.late.txt",
        "v5.4.0-fixup-deadlock-E-stacktrig.stacks_D.late.txt",
        "v5.4.0-fixup-deadlock-E-stacktrig.sysrq-w.txt",
        "v5.4.0-lockdep-fixup-deadlock.stacks_D.late.txt",
        "page-lock-two-stacks.txt");
  }

  // ---- what must not change the verdict ----

  @ParameterizedTest
  @MethodSource("captures")
  void suffixes_of_compilers_do_not_matter(String capture) throws IOException {
    List<String> text = text(capture);
    for (String suffix : List.of(".isra.0", ".constprop.0", ".part.0", ".isra.0.constprop.0", ".llvm.1234567")) {
      assertSame(capture, frames(text, (name, m) -> name.contains(".") ? m.group() : name + suffix + offset(m)));
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void offsets_of_other_functions_do_not_matter(String capture) throws IOException {
    assertSame(
        capture,
        frames(text(capture), (name, m) -> name.startsWith(FIXUP) ? m.group() : name + "+0x" + m.group(3) + "/0x999"));
  }

  @ParameterizedTest
  @MethodSource("captures")
  void guesses_of_the_unwinder_do_not_matter(String capture) throws IOException {
    List<String> more = new ArrayList<>();
    for (String line : text(capture)) {
      Matcher m = FRAME.matcher(line);
      if (m.find() && !line.contains("? ")) {
        String before = line.substring(0, m.start());
        more.add(before + "? btrfs_tree_lock+0x10/0x90");
        more.add(line);
        more.add(before + "? __folio_lock+0x10/0x90");
      } else {
        more.add(line);
      }
    }
    assertSame(capture, more);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void names_of_workers_do_not_matter(String capture) throws IOException {
    List<String> renamed = text(capture).stream().map(line -> line.replaceAll("kworker/u([24]):(\\d+)", "kworker/u$1:$21")).toList();
    assertSame(capture, renamed);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void lines_of_other_drivers_between_the_frames_do_not_matter(String capture) throws IOException {
    if (!capture.contains("sysrq")) {
      return;
    }
    List<String> more = new ArrayList<>();
    int i = 0;
    for (String line : text(capture)) {
      more.add(line);
      if (++i % 7 == 0 && line.startsWith("[")) {
        more.add(line.substring(0, line.indexOf(']') + 1) + " usb 1-" + i + ": new high-speed USB device number 4 using xhci_hcd");
      }
    }
    assertSame(capture, more);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void kernels_that_can_have_it_say_the_same(String capture) throws IOException {
    Finding stock = page(analyse(null, text(capture)));
    for (String kernel : List.of("3.16.0", "4.4.155", "4.19.40", "5.3.18", "5.4.0", "5.4.0-42-generic", "5.5.7")) {
      Finding finding = page(analyse(kernel, text(capture)));
      assertThat(finding).as(kernel).isNotNull();
      assertThat(finding.confidence()).as(kernel).isEqualTo(stock.confidence());
      assertThat(finding.cycle().get(0).holds().kind()).as(kernel).isEqualTo("page_lock");
    }
  }

  // ---- what must change it ----

  @ParameterizedTest
  @MethodSource("captures")
  void no_kernel_before_the_defect_or_with_the_fix_is_said_to_have_it(String capture) throws IOException {
    for (String kernel : List.of("3.2.0", "3.3.8", "5.6.0", "5.8.1", "5.10.200", "6.1.55", "6.18.0")) {
      List<Finding> findings = analyse(kernel, text(capture));
      assertThat(findings).as(kernel).noneMatch(f -> f.pattern().equals(PATTERN));
      assertThat(findings).as(kernel).allSatisfy(FixupVariationTest::holdsNoPageThroughTheFixup);
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void the_place_of_the_call_tells_a_backported_fix(String capture) throws IOException {
    List<String> fixed =
        frames(text(capture), (name, m) -> name.startsWith(FIXUP) ? name + "+0x7e/0x4c0" : m.group());
    for (String kernel : new String[] {null, "4.19.200", "5.4.0", "5.4.150", "5.5.10", "5.6.2", "6.5.0"}) {
      List<Finding> findings = analyse(kernel, fixed);
      assertThat(findings).as(kernel).noneMatch(f -> f.pattern().equals(PATTERN));
      assertThat(findings).as(kernel).allSatisfy(FixupVariationTest::holdsNoPageThroughTheFixup);
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void without_offset_it_is_as_likely_as_the_release_makes_it(String capture) throws IOException {
    if (capture.contains("sysrq")) {
      return; // a kernel log always prints offsets
    }
    List<String> bare = frames(text(capture), (name, m) -> name.startsWith(FIXUP) ? name : m.group());
    // normal_work_helper and others are gone in 5.5, but ranges of releases rule nothing in.
    assertThat(page(analyse(null, bare)).confidence()).isEqualTo(Confidence.LIKELY);
    List<String> timeless = bare.stream().map(l -> l.replace("normal_work_helper", "work_helper").replaceAll("btrfs_\\w+_helper", "work_helper")).toList();
    Finding undecided = page(analyse("5.5.3", timeless));
    assertThat(undecided == null ? Confidence.POSSIBLE : undecided.confidence()).isEqualTo(Confidence.POSSIBLE);
    Finding backported = page(analyse("5.4.150", bare));
    assertThat(backported == null ? Confidence.POSSIBLE : backported.confidence()).isEqualTo(Confidence.POSSIBLE);
    Finding old = page(analyse("4.19.40", bare));
    assertThat(old.confidence()).isEqualTo(page(analyse(null, text(capture))).confidence());
    assertThat(analyse("5.10.0", bare)).noneMatch(f -> f.pattern().equals(PATTERN));
  }

  @ParameterizedTest
  @MethodSource("captures")
  void without_the_holder_nothing_is_proven(String capture) throws IOException {
    List<String> rest = new ArrayList<>();
    stacks(text(capture)).stream().filter(s -> s.stream().noneMatch(l -> l.contains(FIXUP))).forEach(rest::addAll);
    for (String kernel : new String[] {null, "4.19.40", "5.4.0"}) {
      assertThat(analyse(kernel, rest))
          .as(kernel)
          .allSatisfy(f -> assertThat(f.cycle()).isEmpty())
          .noneMatch(f -> f.pattern().equals(PATTERN) && f.confidence() != Confidence.POSSIBLE);
    }
  }

  @ParameterizedTest
  @MethodSource("captures")
  void without_anybody_who_waits_for_the_page_it_is_not_certain(String capture) throws IOException {
    List<String> rest = new ArrayList<>();
    stacks(text(capture)).stream().filter(s -> s.stream().noneMatch(l -> l.contains("__lock_page"))).forEach(rest::addAll);
    Finding finding = page(analyse(null, rest));
    assertThat(finding.confidence()).isEqualTo(Confidence.LIKELY);
    assertThat(finding.victims()).noneMatch(v -> v.waitsFor().kind().equals("page_lock"));
  }

  @ParameterizedTest
  @MethodSource("captures")
  void a_guess_of_the_unwinder_holds_nothing(String capture) throws IOException {
    List<String> guessed = new ArrayList<>();
    for (String line : text(capture)) {
      guessed.add(line.replace(FIXUP, "? " + FIXUP));
    }
    assertThat(analyse("5.4.0", guessed)).allSatisfy(FixupVariationTest::holdsNoPageThroughTheFixup);
  }

  // ---- the fixed function ----

  /** The fixed function in its reservation as 5.6 to 5.9, which flush in the caller's context, show it. */
  @ParameterizedTest
  @ValueSource(strings = {"proc", "proc4", "named", "hung", "old-sysrq", "new-sysrq", "bpftrace"})
  void fixed_function_holds_no_page_lock_in_any_shape(String shape) throws IOException {
    List<String> dump = FixedFunction.dump(shape, false);
    for (String kernel : new String[] {null, "5.4.60", "5.6.0", "5.8.0", "5.9.16"}) {
      List<Finding> findings = analyse(kernel, dump);
      assertThat(findings).as(kernel).noneMatch(f -> f.pattern().equals(PATTERN));
      assertThat(findings).as(kernel).allSatisfy(FixupVariationTest::holdsNoPageThroughTheFixup);
    }
  }

  /** Debuggers print no offsets: there the functions of data tickets, or the release, tell. */
  @ParameterizedTest
  @ValueSource(strings = {"crash", "drgn", "proc", "named", "hung", "new-sysrq", "bpftrace"})
  void data_tickets_came_after_the_fix(String shape) throws IOException {
    List<String> dump = FixedFunction.dump(shape, true);
    for (String kernel : new String[] {null, "5.10.0", "6.5.0-rc1"}) {
      List<Finding> findings = analyse(kernel, dump);
      assertThat(findings).as(kernel).noneMatch(f -> f.pattern().equals(PATTERN));
      assertThat(findings).as(kernel).allSatisfy(FixupVariationTest::holdsNoPageThroughTheFixup);
    }
  }

  @Test
  void shapes_are_read() throws IOException {
    for (String shape : List.of("proc", "proc4", "named", "hung", "old-sysrq", "new-sysrq", "crash", "drgn", "bpftrace")) {
      Path file = Files.write(dir.resolve(shape + ".txt"), FixedFunction.dump(shape, true));
      assertThat(Incidents.of(file).tasks())
          .as(shape)
          .hasSize(2)
          .allSatisfy(t -> assertThat(t.frames()).hasSizeGreaterThan(6));
    }
  }

  // ----

  private static void holdsNoPageThroughTheFixup(Finding finding) {
    assertThat(finding.cycle())
        .noneMatch(step -> step.holds() != null && step.holds().because().contains(FIXUP + ": the fixup worker locks"));
  }

  private void assertSame(String capture, List<String> varied) throws IOException {
    Finding before = page(analyse(null, text(capture)));
    Finding after = page(analyse(null, varied));
    assertThat(after).as(capture).isNotNull();
    assertThat(after.confidence()).isEqualTo(before.confidence());
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.victims()).hasSameSizeAs(before.victims());
    assertThat(after.cycle()).hasSameSizeAs(before.cycle());
  }

  private static Finding page(List<Finding> findings) {
    return findings.stream().filter(f -> f.pattern().equals(PATTERN)).findFirst().orElse(null);
  }

  private List<Finding> analyse(String kernel, List<String> lines) throws IOException {
    Path file = Files.write(dir.resolve("capture.txt"), lines);
    return Incidents.all(kernel == null ? null : KernelVersion.parse(kernel), file);
  }

  private static List<String> text(String capture) throws IOException {
    return Files.readAllLines(Captures.sample("page-lock/" + capture));
  }

  private interface Change {
    String of(String name, Matcher frame);
  }

  private static List<String> frames(List<String> lines, Change change) {
    List<String> changed = new ArrayList<>();
    for (String line : lines) {
      Matcher m = FRAME.matcher(line);
      changed.add(
          m.find() ? line.substring(0, m.start()) + change.of(m.group(1), m) + line.substring(m.end()) : line);
    }
    return changed;
  }

  private static String offset(Matcher frame) {
    return "+0x" + frame.group(2) + "/0x" + frame.group(3);
  }

  /** The lines of each stack with its header; what stands before the first is a part of its own. */
  private static List<List<String>> stacks(List<String> lines) {
    List<List<String>> stacks = new ArrayList<>(List.of(new ArrayList<>()));
    boolean plain = lines.stream().noneMatch(l -> TASK.matcher(l).matches());
    for (String line : lines) {
      if (plain ? line.startsWith("Thread") : TASK.matcher(line).matches()) {
        stacks.add(new ArrayList<>());
      }
      stacks.get(stacks.size() - 1).add(line);
    }
    return stacks;
  }
}
