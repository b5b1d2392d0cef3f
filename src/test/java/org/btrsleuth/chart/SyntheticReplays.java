package org.btrsleuth.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Mark;
import org.btrsleuth.replay.ReplayReport.Range;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.replay.ReplayReport.SpaceInfo;
import org.btrsleuth.replay.ReplayReport.Tickets;
import org.btrsleuth.source.Evidence;

/** Made-up replay results that drawing is tested with; none of this was ever captured. */
final class SyntheticReplays {
  private static final long START = 1_234_567_891_234L;

  private SyntheticReplays() {}

  /** Counters that walk at random, and completions of every outcome. */
  static ReplayReport walk(long seed, int points) {
    Random random = new Random(seed);
    List<Series> series = new ArrayList<>();
    for (String name : List.of("METADATA", "DATA")) {
      for (String counter : List.of("bytes_may_use", "bytes_pinned")) {
        series.add(walk(random, "space_info", name + " " + counter, points, 1 << 22, List.of()));
      }
    }
    for (String pool : List.of("delalloc", "delayed_inode", "transaction", "delayed_refs", "chunk", "global")) {
      series.add(walk(random, "pool", pool, points, 1 << 18, List.of()));
    }
    String[] outcomes = {"handedOver", "withoutEntitlement", "failed", "onDemand", "stolenFromDelalloc", "undecided"};
    List<InodeUnitEvent> events = new ArrayList<>();
    for (int ino = 257; ino < 265; ino++) {
      List<Mark> marks = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String outcome = outcomes[random.nextInt(outcomes.length)];
        long at = START + (long) (random.nextDouble() * 42e9);
        marks.add(new Mark(at, outcome));
        events.add(new InodeUnitEvent(outcome, 5, ino, 393_216, "btrfs-endio-wri", at, new Evidence("trace", ino, "")));
      }
      marks.sort(java.util.Comparator.comparingLong(Mark::timeNanos));
      series.add(walk(random, "inode", "inode 5/" + ino, points, 1 << 15, marks));
    }
    series.add(walk(random, "what-if", "before the fix", points, 1 << 18, List.of()));
    series.add(walk(random, "what-if", "after the fix", points, 1 << 18, List.of()));
    InodeUnits other =
        new InodeUnits(7321, 600, 6721, 0, 0, 0, 0, 0, 0, 0, 0, 0, InodeUnitRules.UNKNOWN, null);
    InodeUnits units =
        new InodeUnits(7321, 600, 0, 6532, 6532L * 393_216, 0, 0, 0, 145, 40, 4, 44, InodeUnitRules.UNKNOWN, other);
    List<SpaceInfo> spaces = List.of(
        new SpaceInfo(4, "METADATA", true, new Range(0, 1, 2), new Range(0, 1, 2)),
        new SpaceInfo(1, "DATA", false, new Range(0, 1, 2), new Range(0, 1, 2)));
    return new ReplayReport(List.of(fileSystem("", spaces, units, events, series)));
  }

  static FileSystem fileSystem(
      String fsid, List<SpaceInfo> spaces, InodeUnits units, List<InodeUnitEvent> events, List<Series> series) {
    return new FileSystem(
        fsid, "synthetic", 0, 0, spaces, List.of(), 8, new Tickets(0, 0, 0, List.of()), List.of(), units, events,
        List.of(), series, List.of(), List.of(), List.of(), List.of(), null, List.of());
  }

  static Series walk(Random random, String group, String name, int points, long step, List<Mark> marks) {
    long[] times = new long[points];
    long[] values = new long[points];
    long at = START;
    long value = 20 * step;
    for (int i = 0; i < points; i++) {
      at += (long) (random.nextDouble() * 2 * 42e9 / points);
      value = Math.max(0, value + (long) ((random.nextDouble() - 0.5) * step * 40 / Math.sqrt(points)));
      times[i] = at;
      values[i] = value;
    }
    return new Series(group, name, "bytes", times, values, marks);
  }
}
