package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.Mark;
import org.btrsleuth.replay.ReplayReport.Series;

/** Delalloc balance of one inode over time, with its completions marked by how they got their unit. */
final class InodeUnitSeries {
  private static final int MAX_MARKS = 500;

  final long ino;
  private final SeriesRecorder recorder;
  private final List<Mark> marks = new ArrayList<>();
  private final List<InodeUnitSeen> seen = new ArrayList<>();
  long completions;

  InodeUnitSeries(long ino) {
    this.ino = ino;
    recorder = new SeriesRecorder("inode", "inode " + ino, "bytes");
  }

  void add(long nanos, long balance) {
    recorder.add(nanos, balance);
  }

  void completion(long nanos, InodeUnitSeen how) {
    completions++;
    if (marks.size() < MAX_MARKS) {
      marks.add(new Mark(nanos, ""));
      seen.add(how);
    }
  }

  Series finish(ReplayReport.UnitRules rules) {
    List<Mark> named = new ArrayList<>(marks.size());
    for (int i = 0; i < marks.size(); i++) {
      named.add(new Mark(marks.get(i).timeNanos(), seen.get(i).under(rules).key));
    }
    return recorder.finish(named);
  }
}
