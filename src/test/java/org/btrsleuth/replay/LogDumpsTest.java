package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dumps that enospc_debug wrote into the kernel log, against the replay of the trace of the same run. */
class LogDumpsTest {
  private static final Path TRACE = Captures.sample("enospc/enospc-mixed-64m.trace.txt.gz");
  private static final Path LOG = Captures.sample("enospc/enospc-mixed-64m.dmesg.txt");
  private static final Pattern TIME = Pattern.compile("^\\[ *(\\d+)\\.(\\d{6})\\]", Pattern.MULTILINE);

  @TempDir Path dir;

  @Test
  void everyDumpEqualsTheReplay() {
    long alone = check(TRACE).compared();
    Check both = check(TRACE, LOG);
    assertThat(both.mismatches()).as(both.detail()).isZero();
    assertThat(both.undecided()).isZero();
    // 16 dumps: may_use and pinned each, and the reserves where they were printed.
    assertThat(both.compared()).isGreaterThanOrEqualTo(alone + 32);
  }

  @ParameterizedTest
  @CsvSource({"attach-middle-256m-dup, 20", "enospc-falloc-512m, 300", "enospc-metasmall-115m-single, 40"})
  void theSameForLargerCaptures(String name, int least) {
    Path folder = Captures.shared("traces/v6.18/1-ftrace");
    Path trace = folder.resolve(name + ".trace.txt.gz");
    Check both = check(trace, folder.resolve(name + ".dmesg.txt"));
    assertThat(both.mismatches()).as(both.detail()).isZero();
    // The reserves of running handles are in motion, and from the middle on the replay does not know them.
    assertThat(both.undecided()).isLessThanOrEqualTo(name.startsWith("attach") ? 9 : 0);
    assertThat(both.compared()).isGreaterThanOrEqualTo(least);
  }

  /** The offset of the clocks is found, whatever it is. */
  @Test
  void aConstantOffsetOfTheClocksDoesNotMatter() throws IOException {
    Path shifted = changed(log -> times(log, (n, micros) -> micros + 1_234_567));
    assertThat(check(TRACE, shifted)).usingRecursiveComparison().isEqualTo(check(TRACE, LOG));
  }

  @Test
  void aWrongFigureIsNoticed() throws IOException {
    Path wrong = changed(log -> log.replaceFirst("may_use=1441792", "may_use=1445888"));
    Check check = check(TRACE, wrong);
    assertThat(check.mismatches()).isEqualTo(1);
    assertThat(check.firstMismatch().text()).contains("space_info DATA+METADATA");
    assertThat(check.detail()).contains("1441792").contains("1445888");
    Path reserve = changed(log -> log.replaceFirst("delayed_block_rsv: size 0 reserved 0", "delayed_block_rsv: size 0 reserved 4096"));
    assertThat(check(TRACE, reserve).mismatches() + check(TRACE, reserve).undecided()).isEqualTo(1);
  }

  /** Clocks that drift against each other cannot be compared, so nothing may be called equal or different. */
  @Test
  void clocksThatDoNotFitDecideNothing() throws IOException {
    Path drifting = changed(log -> times(log, (n, micros) -> micros + n * 1_777L));
    Check check = check(TRACE, drifting);
    assertThat(check.mismatches()).isZero();
    assertThat(check.undecided()).isEqualTo(16);
    assertThat(fileSystem(TRACE, drifting).notes()).anyMatch(note -> note.contains("no single offset"));
  }

  /** A log of another time says nothing about this trace, not even that something is undecided. */
  @Test
  void aLogOfAnotherTimeIsLeftAlone() throws IOException {
    Path other = changed(log -> times(log, (n, micros) -> micros + 3_600_000_000L));
    assertThat(check(TRACE, other)).usingRecursiveComparison().isEqualTo(check(TRACE));
  }

  private interface Shift {
    long of(int line, long micros);
  }

  private static String times(String log, Shift shift) {
    int[] line = {0};
    return TIME.matcher(log).replaceAll((MatchResult m) -> {
      long micros = Long.parseLong(m.group(1)) * 1_000_000 + Long.parseLong(m.group(2));
      long moved = shift.of(line[0]++, micros);
      return String.format("[%5d.%06d]", moved / 1_000_000, moved % 1_000_000);
    });
  }

  private Path changed(UnaryOperator<String> change) throws IOException {
    Path path = dir.resolve("dmesg.txt");
    Files.writeString(path, change.apply(Files.readString(LOG)), StandardCharsets.UTF_8);
    return path;
  }

  private static Check check(Path... paths) {
    return fileSystem(paths).checks().stream().filter(c -> c.name().equals("space_info_dump")).findFirst().orElseThrow();
  }

  private static FileSystem fileSystem(Path... paths) {
    List<String> names = List.of(paths).stream().map(Path::toString).toList();
    return OracleTest.replay(names).fileSystems().get(0);
  }
}
