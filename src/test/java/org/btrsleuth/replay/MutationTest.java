package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

/** A genuine capture with one line dropped, doubled or moved must not pass as a whole one. */
class MutationTest {
  private static final long SEED = 20260117;
  private static final int TRIES = 30;

  @Test
  void a_dropped_or_doubled_counter_line_is_noticed() throws IOException {
    List<String> lines = capture();
    assertThat(noticed(lines)).as("the capture itself is whole").isZero();
    Random random = new Random(SEED);
    for (int n = 0; n < TRIES; n++) {
      int at = pick(lines, random, "update_bytes_", " space_info: ", " pinned: ");
      List<String> dropped = new ArrayList<>(lines);
      dropped.remove(at);
      assertThat(noticed(dropped)).as("seed %d, line %d dropped: %s", SEED, at + 1, lines.get(at)).isPositive();
      List<String> doubled = new ArrayList<>(lines);
      doubled.add(at, lines.get(at));
      boolean reserve = lines.get(at).contains(" space_info: ") && lines.get(at).contains(" reserve ");
      if (!reserve) {
        // A doubled reserve line looks like an allocation (S1).
        assertThat(noticed(doubled)).as("seed %d, line %d doubled: %s", SEED, at + 1, lines.get(at)).isPositive();
      }
    }
  }

  @Test
  void a_dropped_or_doubled_inode_line_is_noticed() throws IOException {
    List<String> lines = capture();
    Random random = new Random(SEED);
    for (int n = 0; n < TRIES; n++) {
      int at = pick(lines, random, "mod_outstanding_extents", " delalloc: ");
      List<String> dropped = new ArrayList<>(lines);
      dropped.remove(at);
      assertThat(noticed(dropped)).as("seed %d, line %d dropped: %s", SEED, at + 1, lines.get(at)).isPositive();
      List<String> doubled = new ArrayList<>(lines);
      doubled.add(at, lines.get(at));
      assertThat(noticed(doubled)).as("seed %d, line %d doubled: %s", SEED, at + 1, lines.get(at)).isPositive();
    }
  }

  @Test
  void a_moved_counter_line_is_noticed() throws IOException {
    List<String> lines = capture();
    Random random = new Random(SEED);
    for (int n = 0; n < TRIES; n++) {
      int at = pick(lines, random, "update_bytes_may_use");
      int to = Math.min(lines.size() - 1, at + 200);
      List<String> moved = new ArrayList<>(lines);
      moved.add(to, moved.remove(at));
      assertThat(noticed(moved)).as("seed %d, line %d moved: %s", SEED, at + 1, lines.get(at)).isPositive();
    }
  }

  private static int pick(List<String> lines, Random random, String... marks) {
    while (true) {
      int at = random.nextInt(lines.size());
      for (String mark : marks) {
        // A release of nothing changes nothing; the reserve line of an allocation (S1) is no change of a counter.
        String line = lines.get(at);
        boolean allocation =
            at > 0 && line.contains(" space_info: ") && !lines.get(at - 1).contains("update_bytes_may_use");
        if (line.contains(mark) && !line.endsWith(" 0") && !allocation) {
          return at;
        }
      }
    }
  }

  private static long noticed(List<String> lines) {
    ReplayEngine engine = new ReplayEngine();
    TextFeeder feeder = new TextFeeder(engine, "capture");
    lines.forEach(feeder::line);
    ReplayReport report = engine.finish(new Incident(List.of(), null, null, List.of(), List.of()));
    return report.fileSystems().stream()
        .flatMap(fs -> fs.checks().stream())
        .filter(c -> !c.name().equals("inode_unit_rules"))
        .mapToLong(c -> c.mismatches() + c.undecided())
        .sum();
  }

  private static List<String> capture() throws IOException {
    Path path = Captures.shared("traces/v6.18/1-ftrace/variants/v-clock-mono.trace.txt.gz");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(path)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
