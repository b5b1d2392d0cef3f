package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged captures: damage may cost completions, but it must not turn one kernel into the other. */
class InodeUnitMutationTest {
  private static final Incident NOTHING_ELSE = new Incident(List.of(), null, null, List.of(), List.of());

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void damageNeverInventsTheDefect(long seed) throws IOException {
    Random random = new Random(seed);
    for (String run : List.of("v3.6.0-seed1-light-fixed", "v3.16.0-seed1-light-fixed", "v3.6.0-seed1-drain-onefile-fixed")) {
      List<String> lines = damage(read(run), random, 12);
      for (FileSystem fs : replay(lines)) {
        InodeUnits units = fs.inodeUnits();
        assertThat(units.rules().rules()).as("%s, seed %d", run, seed).isNotEqualTo(UnitRules.BEFORE_FIX);
        assertThat(units.withoutEntitlement()).as("%s, seed %d", run, seed).isZero();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void damageNeverHidesTheDefect(long seed) throws IOException {
    Random random = new Random(seed);
    for (String run : List.of("v3.6.0-seed1-light-unfixed", "v3.16.0-seed1-drain-unfixed")) {
      List<String> lines = read(run);
      InodeUnits whole = replay(lines).get(0).inodeUnits();
      InodeUnits units = replay(damage(lines, random, 12)).get(0).inodeUnits();
      assertThat(units.rules().rules()).as("%s, seed %d", run, seed).isIn(UnitRules.BEFORE_FIX, UnitRules.UNKNOWN);
      assertThat(units.withoutEntitlement() + units.undecided())
          .as("%s, seed %d", run, seed)
          .isGreaterThanOrEqualTo(whole.withoutEntitlement() - 12);
    }
  }

  /** Each delayed inode line of a completion counts: without it the completion must not look as before. */
  @Test
  void aMissingUnitLineIsNoticed() throws IOException {
    List<String> lines = read("v3.6.0-seed1-light-unfixed");
    InodeUnits whole = replay(lines).get(0).inodeUnits();
    int noticed = 0;
    int tried = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("btrfs-endio-wri") && lines.get(i).matches(".*delayed_inode: \\d+ reserve .*")) {
        List<String> without = new ArrayList<>(lines);
        without.remove(i);
        InodeUnits units = replay(without).get(0).inodeUnits();
        tried++;
        assertThat(units.withoutEntitlement()).isEqualTo(whole.withoutEntitlement() - 1);
        noticed += units.undecided() + units.failed() > whole.undecided() + whole.failed() ? 1 : 0;
      }
    }
    assertThat(tried).isEqualTo(24);
    assertThat(noticed).isEqualTo(tried);
  }

  @Test
  void aGapLeavesNothingHalfKnown() throws IOException {
    List<String> lines = read("v3.6.0-seed1-drain-unfixed");
    List<String> cut = new ArrayList<>(lines.subList(0, lines.size() / 3));
    cut.add("CPU:1 [LOST 4711 EVENTS]");
    cut.addAll(lines.subList(lines.size() / 3 + 700, lines.size()));
    InodeUnits units = replay(cut).get(0).inodeUnits();
    InodeUnits whole = replay(lines).get(0).inodeUnits();
    assertThat(units.rules().rules()).isEqualTo(UnitRules.BEFORE_FIX);
    assertThat(units.withoutEntitlement()).isLessThan(whole.withoutEntitlement()).isPositive();
    assertThat(units.failed()).isLessThanOrEqualTo(whole.failed());
  }

  @Test
  void startingInTheMiddleChangesNoVerdict() throws IOException {
    for (String run : List.of("v3.6.0-seed1-drain-fixed", "v3.6.0-seed1-drain-unfixed", "v3.16.0-seed1-drain-fixed")) {
      List<String> lines = read(run);
      UnitRules rules = run.contains("unfixed") ? UnitRules.BEFORE_FIX : UnitRules.AFTER_FIX;
      for (int part = 1; part < 8; part++) {
        InodeUnits units = replay(lines.subList(lines.size() * part / 8, lines.size())).get(0).inodeUnits();
        assertThat(units.rules().rules()).as("%s from %d/8", run, part).isIn(rules, UnitRules.UNKNOWN);
        if (rules == UnitRules.AFTER_FIX) {
          assertThat(units.withoutEntitlement() + units.failed()).as("%s from %d/8", run, part).isZero();
        }
      }
    }
  }

  private static List<String> damage(List<String> lines, Random random, int times) {
    List<String> damaged = new ArrayList<>(lines);
    for (int n = 0; n < times; n++) {
      int i = random.nextInt(damaged.size() - 1);
      switch (random.nextInt(3)) {
        case 0 -> damaged.remove(i);
        case 1 -> damaged.add(i, damaged.get(i));
        default -> {
          String line = damaged.remove(i);
          damaged.add(i + 1, line);
        }
      }
    }
    return damaged;
  }

  private static List<String> read(String run) throws IOException {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(Captures.sample("inode-reservation/" + run + ".trace.txt.gz"))),
                StandardCharsets.UTF_8))) {
      reader
          .lines()
          .filter(line -> !line.startsWith("#") && !line.contains(": s1 "))
          .forEach(lines::add);
    }
    return lines;
  }

  private static List<FileSystem> replay(List<String> lines) {
    ReplayEngine engine = new ReplayEngine();
    TextFeeder feeder = new TextFeeder(engine, "mutated");
    lines.forEach(feeder::line);
    return engine.finish(NOTHING_ELSE).fileSystems();
  }
}
