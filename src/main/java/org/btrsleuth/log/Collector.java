package org.btrsleuth.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;

/** Gathers what was read of one input and numbers the dumps that tasks belong to. */
final class Collector {
  /** Messages that say little each are kept up to this number; the rest is counted. */
  private static final int MAX_MESSAGES = 20_000;

  /** Tasks of one hung-task round are printed in one go; more between two reports means that another round began. */
  private static final long ROUND_GAP_NANOS = 2_000_000_000L;

  /** Stacks that a tracer printed by the thousand show no task's state. */
  private static final int MAX_TRACED = 2_000;

  private static final int MAX_HINTS = 32;

  private final String path;
  private final List<TaskSnapshot> tasks = new ArrayList<>();
  private final List<LogRecord> records = new ArrayList<>();
  private final List<KernelHint> kernels = new ArrayList<>();
  private final Map<Origin, Dump> dumps = new EnumMap<>(Origin.class);
  private final Map<String, String> strings = new HashMap<>();
  private int messages;
  private int droppedMessages;
  private int traced;
  private final int firstDump;
  private int nextDump;

  private static final class Dump {
    final int number;
    final Set<Integer> pids = new HashSet<>();
    long nanos = -1;

    Dump(int number) {
      this.number = number;
    }
  }

  Collector(String path, int firstDump) {
    this.path = path;
    this.firstDump = firstDump;
    nextDump = firstDump;
  }

  Evidence evidence(LogLine line) {
    return new Evidence(path, line.line, line.text);
  }

  Evidence evidence(long line, String text) {
    return new Evidence(path, line, text);
  }

  /** One object for equal strings: dumps repeat the same few thousand symbols. */
  String intern(String text) {
    if (strings.size() > 100_000) {
      strings.clear();
    }
    String known = strings.putIfAbsent(text, text);
    return known == null ? text : known;
  }

  void add(TaskSnapshot task) {
    if (task.origin() == Origin.TRACE && ++traced > MAX_TRACED) {
      return;
    }
    tasks.add(task);
  }

  void add(LogRecord rec) {
    boolean plain = rec instanceof LogRecord.BtrfsMessage || rec instanceof LogRecord.StorageMessage;
    if (plain && ++messages > MAX_MESSAGES) {
      droppedMessages++;
    } else {
      records.add(rec);
    }
  }

  void kernel(String version, Evidence at, KernelHint.Kind kind) {
    boolean known = kernels.stream().anyMatch(k -> k.version().equals(version) && k.kind() == kind);
    if (!known && kernels.size() < MAX_HINTS) {
      kernels.add(new KernelHint(version, at, kind));
    }
  }

  /** What follows was taken at another time than what came before. */
  void endDump() {
    dumps.clear();
  }

  /**
   * Number of the dump that a task belongs to. Dumps of different origin may run into each other: a hung-task round in
   * the middle of a sysrq-t.
   *
   * @param repeats whether a pid seen before means a new dump; false for owners of locks, whose stacks are printed
   *     again within the same round
   */
  int dumpOf(Origin origin, int pid, long nanos, boolean repeats) {
    Dump dump = dumps.get(origin);
    boolean again = dump != null && repeats && pid >= 0 && dump.pids.contains(pid);
    boolean later = dump != null && origin == Origin.HUNG_TASK && nanos >= 0 && dump.nanos >= 0
        && nanos - dump.nanos > ROUND_GAP_NANOS;
    if (dump == null || again || later || origin == Origin.SPLAT) {
      dump = new Dump(nextDump++);
      dumps.put(origin, dump);
    }
    if (repeats && pid >= 0) {
      dump.pids.add(pid);
    }
    dump.nanos = Math.max(nanos, dump.nanos);
    return dump.number;
  }

  /** Time of the last line of a task's report. */
  void dumpLasts(Origin origin, long nanos) {
    Dump dump = dumps.get(origin);
    if (dump != null) {
      dump.nanos = Math.max(nanos, dump.nanos);
    }
  }

  List<TaskSnapshot> tasks() {
    tasks.sort(Comparator.comparingLong(task -> task.header().line()));
    return tasks;
  }

  List<LogRecord> records() {
    records.sort(Comparator.comparingLong(rec -> rec.at().line()));
    return records;
  }

  List<KernelHint> kernels() {
    return kernels;
  }

  int firstDump() {
    return firstDump;
  }

  int nextDump() {
    return nextDump;
  }

  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (droppedMessages > 0) {
      problems.add(
          path + ": " + droppedMessages + " btrfs and storage messages beyond the first " + MAX_MESSAGES
              + " were read but not kept; cut the log to the time of the incident to see them");
    }
    if (traced > MAX_TRACED) {
      problems.add(
          path + ": " + (traced - MAX_TRACED) + " traced stacks beyond the first " + MAX_TRACED
              + " were read but not kept; they show what ran, not who waits");
    }
    return problems;
  }
}
