package org.btrsleuth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.btrsleuth.format.Region;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged logs: nothing throws, every line is accounted for, nothing grows beyond its input. */
class LogMutationTest {
  private static final int ROUNDS = 60;

  private static final String[] JUNK = {
    "> ", ">> > ", "| ", "\u0000", "\ufffd\ufffd", "[", "]", "(", "{", "INFO: task ", "task:", " state:D", "pid:",
    "#0: ", "-> #",
    "BTRFS: error (device ", "space_info ", "99999999999999999999999", "-", "==> /proc/", " <==", "/proc/1/stack:",
    "[<", "+0x/0x",
    "\"msg\": \"", "3,1,2,-;", "WARNING: ", " at fs/x.c:", "CPU: PID: Comm: ", "Call Trace:", "=== pid ", "comm:",
    "Name:", "is trying to acquire lock:", "held by /", "Workqueue:", "RIP: 0010:", "\t", "...", "RIP  [<",
    "[exception RIP: a+1]",
    "PID: 1 COMM:",
    "INFO: task  is blocked on a x likely owned by task ", " blocked for more than ", "[ 99999999999999.999999]",
    "\ud83d",
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v5.4/v5.4.0-lockdep-fixup-deadlock.sysrq-w.txt",
        "v3.16/v3.16.0-fixup-deadlock-flushoncommit.sysrq-l.txt",
        "v6.18/6-dstate/r6-hung-short.kmsg.txt",
        "v6.18/6-dstate/r6-hung-short.pid-comm-state.txt",
        "v6.18/7-dmesg/abort-warn-splat.dmesg.txt",
        "seed1/v3.6.0-seed1-drain-unfixed-ABORT.console.txt",
        "seed2-report/page-lock-two-stacks.txt",
      })
  void damage_is_survived(String capture) throws IOException {
    List<String> lines = Files.readAllLines(Captures.shared("traces/" + capture), StandardCharsets.ISO_8859_1);
    for (int seed = 0; seed < ROUNDS; seed++) {
      List<String> damaged = damage(lines, new Random(seed));
      LogText text;
      try {
        text = Logs.read(String.join("\n", damaged));
      } catch (RuntimeException e) {
        throw new AssertionError(capture + " damaged with seed " + seed, e);
      }
      accountedFor(text, String.join("\n", damaged).split("\n", -1), capture + " seed " + seed);
    }
  }

  private static void accountedFor(LogText text, String[] lines, String what) {
    long covered = 0;
    long last = 0;
    for (Region region : text.regions()) {
      assertThat(region.firstLine()).as(what).isGreaterThan(last);
      assertThat(region.lastLine()).as(what).isGreaterThanOrEqualTo(region.firstLine());
      last = region.lastLine();
      covered += region.lastLine() - region.firstLine() + 1;
    }
    assertThat(last).as(what).isLessThanOrEqualTo(lines.length);
    long empty = 0;
    for (String line : lines) {
      empty += line.chars().anyMatch(Character::isLetterOrDigit) ? 0 : 1;
    }
    long missing = lines.length - covered - text.unrecognisedLines();
    assertThat(missing).as(what + ": lines in no region and not counted").isBetween(0L, empty);
    int frames = text.tasks().stream().map(TaskSnapshot::frames).mapToInt(List::size).sum();
    assertThat(frames).as(what).isLessThanOrEqualTo(lines.length);
  }

  private static List<String> damage(List<String> lines, Random random) {
    List<String> damaged = new ArrayList<>();
    int from = random.nextInt(lines.size());
    int to = Math.min(lines.size(), from + 400);
    int often = 1 + random.nextInt(12);
    for (String line : lines.subList(Math.max(0, to - 400), to)) {
      if (random.nextInt(often) > 0) {
        damaged.add(line);
        continue;
      }
      int cut = line.isEmpty() ? 0 : random.nextInt(line.length());
      switch (random.nextInt(8)) {
        case 0 -> damaged.add(line.substring(0, cut));
        case 1 -> damaged.add(line.substring(cut));
        case 2 -> {
          damaged.add(line.substring(0, cut));
          damaged.add(line.substring(cut));
        }
        case 3 -> damaged.add(line.substring(0, cut) + JUNK[random.nextInt(JUNK.length)] + line.substring(cut));
        case 4 -> damaged.add(JUNK[random.nextInt(JUNK.length)] + JUNK[random.nextInt(JUNK.length)]);
        case 5 -> {
          damaged.add(line);
          damaged.add(line);
        }
        case 6 -> damaged.add(JUNK[random.nextInt(JUNK.length)] + line);
        default -> {
          // Lost.
        }
      }
    }
    return damaged;
  }
}
