package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.StackClassifier;
import org.btrsleuth.waitgraph.TaskReading;

/**
 * A stack of an incident that may show a role of a bug.
 *
 * @param reading what rules say of it
 * @param place where it was printed
 * @param splat the report it belongs to, null unless {@code place} is {@link Place#REPORT}
 */
record SeenStack(TaskReading reading, Place place, LogRecord.Splat splat) {
  private static final int COPIES = 3;

  /** Where a stack was printed. */
  enum Place {
    /** A listing of tasks: hung-task report, sysrq, /proc. */
    TASK,
    /** A WARN, BUG, oops or similar report. */
    REPORT,
    /** A lockdep report: the task that it caught, or a stack of its dependency chain. */
    LOCKDEP
  }

  List<Frame> frames() {
    return reading.task().frames();
  }

  /** The line of frame {@code i}. */
  Evidence line(int i) {
    Frame frame = frames().get(i);
    String at =
        frame.offset() < 0
            ? ""
            : "+0x" + Integer.toHexString(frame.offset())
                + (frame.size() < 0 ? "" : "/0x" + Integer.toHexString(frame.size()));
    return new Evidence(reading.task().header().path(), frame.line(), frame.symbol() + at);
  }

  /** All stacks of {@code incident}, each once. */
  static List<SeenStack> of(Incident incident, StackClassifier classifier) {
    List<SeenStack> stacks = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (LogRecord record : incident.records()) {
      if (record instanceof LogRecord.Splat splat) {
        add(stacks, seen, incident, classifier, splat.task(), Place.REPORT, splat);
      } else if (record instanceof LogRecord.Lockdep lockdep) {
        add(stacks, seen, incident, classifier, lockdep.task(), Place.LOCKDEP, null);
        boolean bare = true;
        for (LogRecord.ChainLink link : lockdep.chain()) {
          add(stacks, seen, incident, classifier, link.stack(), Place.LOCKDEP, null);
          bare &= link.stack() == null || link.stack().frames().isEmpty();
        }
        if (bare) {
          add(stacks, seen, incident, classifier, takers(lockdep), Place.LOCKDEP, null);
        }
      }
    }
    for (TaskSnapshot task : incident.tasks()) {
      Place place = task.origin() == TaskSnapshot.Origin.SPLAT ? Place.REPORT : Place.TASK;
      add(stacks, seen, incident, classifier, task, place, null);
    }
    return stacks;
  }

  /** Where the reporting task took its locks, as frames: all that a report without stacks tells. */
  private static TaskSnapshot takers(LogRecord.Lockdep lockdep) {
    List<Frame> frames = new ArrayList<>();
    List<LogRecord.HeldLock> locks = new ArrayList<>();
    if (lockdep.wanted() != null) {
      locks.add(lockdep.wanted());
    }
    List<LogRecord.HeldLock> innermostFirst = new ArrayList<>(lockdep.held());
    Collections.reverse(innermostFirst);
    locks.addAll(innermostFirst);
    for (LogRecord.HeldLock lock : locks) {
      if (!lock.function().isEmpty()) {
        frames.add(new Frame(lock.function(), lock.function(), "", true, -1, -1, lock.at().line()));
      }
    }
    return new TaskSnapshot(
        lockdep.comm(), lockdep.pid(), TaskState.UNKNOWN, "", "", frames, TaskSnapshot.Origin.SPLAT, 0, -1, -1,
        lockdep.at(), lockdep.at().line());
  }

  private static void add(
      List<SeenStack> stacks,
      Set<String> seen,
      Incident incident,
      StackClassifier classifier,
      TaskSnapshot task,
      Place place,
      LogRecord.Splat splat) {
    if (task == null || task.frames().isEmpty()) {
      return;
    }
    String where = task.header().path() + ":" + task.frames().get(0).line();
    if (seen.add(where) && copies(seen, task, place)) {
      stacks.add(new SeenStack(classifier.classify(task, incident.kernel()), place, splat));
    }
  }

  /** Whether the stack is one of the first {@link #COPIES} equal ones: a dump has thousands, no bug has more roles. */
  private static boolean copies(Set<String> seen, TaskSnapshot task, Place place) {
    StringBuilder key = new StringBuilder(place.name());
    key.append(task.comm().isEmpty() || !task.comm().startsWith("kworker")).append(task.workqueue());
    for (Frame frame : task.frames()) {
      key.append(frame.reliable() ? '<' : '?').append(frame.function());
    }
    for (int copy = 0; copy < COPIES; copy++) {
      if (seen.add(copy + key.toString())) {
        return true;
      }
    }
    return false;
  }
}
