package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.source.Evidence;

/** The completions worth showing, in bounded number: the first of every kind, and the last of those that did harm. */
final class InodeUnitJournal {
  private static final int FIRST = 64;
  private static final int LAST = 16;

  private record Entry(
      InodeUnitSeen seen, long number, long root, long ino, long bytes, String task, long nanos, Evidence evidence) {}

  private final List<List<Entry>> first = new ArrayList<>();
  private final List<List<Entry>> last = new ArrayList<>();
  private long number;

  InodeUnitJournal() {
    for (int i = 0; i < InodeUnitSeen.values().length; i++) {
      first.add(new ArrayList<>());
      last.add(new ArrayList<>());
    }
  }

  /** Whether an entry of this kind is still collected from the beginning; later ones only replace the last. */
  boolean wants(InodeUnitSeen seen) {
    return seen != InodeUnitSeen.DIRTY && seen != InodeUnitSeen.NO_UPDATE && first.get(seen.ordinal()).size() < FIRST;
  }

  boolean wantsAny() {
    return wants(InodeUnitSeen.TAKEN)
        || wants(InodeUnitSeen.HANDED_OVER)
        || wants(InodeUnitSeen.ON_DEMAND)
        || wants(InodeUnitSeen.TAKEN_THOUGH_SHORT);
  }

  void add(InodeUnitSeen seen, InodeUnitInode inode, long bytes, String task, long nanos, Evidence evidence) {
    number++;
    Entry entry =
        new Entry(
            seen,
            number,
            inode == null ? -1 : inode.rootOrUnknown(),
            inode == null ? -1 : inode.ino,
            bytes,
            task,
            nanos,
            evidence);
    if (wants(seen)) {
      first.get(seen.ordinal()).add(entry);
    } else if (seen == InodeUnitSeen.FAILED || seen == InodeUnitSeen.TAKEN_THOUGH_SHORT) {
      List<Entry> tail = last.get(seen.ordinal());
      if (tail.size() == LAST) {
        tail.remove(0);
      }
      tail.add(entry);
    }
  }

  /** In order of time, each named by the outcome that {@code rules} give it. */
  List<InodeUnitEvent> report(UnitRules rules) {
    List<Entry> all = new ArrayList<>();
    first.forEach(all::addAll);
    last.forEach(all::addAll);
    all.sort(Comparator.comparingLong(Entry::number));
    return all.stream()
        .map(
            e ->
                new InodeUnitEvent(
                    e.seen().under(rules).key, e.root(), e.ino(), e.bytes(), e.task(), e.nanos(), e.evidence()))
        .toList();
  }
}
