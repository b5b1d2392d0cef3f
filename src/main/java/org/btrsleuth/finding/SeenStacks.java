package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.btrsleuth.finding.SeenStack.Place;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.StackClassifier;
import org.btrsleuth.waitgraph.TaskReading;

/**
 * The stacks of an incident that signatures are compared with. Of stacks that no signature can tell apart a few are
 * kept, because no bug has more roles to give away: so the work depends on how many kinds of stacks there are, not on
 * how many tasks.
 */
final class SeenStacks {
  /** Of stacks with the same frames. */
  private static final int COPIES = 3;

  private final List<SeenStack> stacks = new ArrayList<>();
  private final Set<String> functions = new HashSet<>();
  private final Set<String> places = new HashSet<>();
  private final Map<List<Object>, Integer> copies = new HashMap<>();
  private final Map<List<Object>, Integer> alike = new HashMap<>();
  private final Incident incident;
  private final StackClassifier classifier;
  private final StepIndex index;
  private final int roles;

  private SeenStacks(Incident incident, StackClassifier classifier, StepIndex index, int roles) {
    this.incident = incident;
    this.classifier = classifier;
    this.index = index;
    this.roles = roles;
  }

  /**
   * All stacks of {@code incident}.
   *
   * @param roles most roles that a bug has
   */
  static SeenStacks of(Incident incident, StackClassifier classifier, StepIndex index, int roles) {
    SeenStacks seen = new SeenStacks(incident, classifier, index, roles);
    seen.collect();
    return seen;
  }

  /** In order of appearance, of those alike the first. */
  List<SeenStack> stacks() {
    return stacks;
  }

  /** Functions of all stacks, also of those not kept. */
  Set<String> functions() {
    return functions;
  }

  private void collect() {
    for (LogRecord record : incident.records()) {
      if (record instanceof LogRecord.Splat splat) {
        add(splat.task(), Place.REPORT, splat);
      } else if (record instanceof LogRecord.Lockdep lockdep) {
        add(lockdep.task(), Place.LOCKDEP, null);
        boolean bare = true;
        for (LogRecord.ChainLink link : lockdep.chain()) {
          add(link.stack(), Place.LOCKDEP, null);
          bare &= link.stack() == null || link.stack().frames().isEmpty();
        }
        if (bare) {
          add(takers(lockdep), Place.LOCKDEP, null);
        }
      }
    }
    for (TaskSnapshot task : incident.tasks()) {
      add(task, task.origin() == TaskSnapshot.Origin.SPLAT ? Place.REPORT : Place.TASK, null);
    }
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

  private void add(TaskSnapshot task, Place place, LogRecord.Splat splat) {
    if (task == null || task.frames().isEmpty()) {
      return;
    }
    String where = task.header().path() + ":" + task.frames().get(0).line();
    if (!places.add(where) || copies.merge(frames(task, place), 1, Integer::sum) > COPIES) {
      return;
    }
    task.frames().forEach(f -> functions.add(f.function()));
    SeenStack stack =
        new SeenStack(classifier.classify(task, incident.kernel()), place, splat, index.matching(task.frames()));
    if (alike.merge(signature(stack), 1, Integer::sum) <= Math.max(roles, COPIES)) {
      stacks.add(stack);
    }
  }

  private static List<Object> frames(TaskSnapshot task, Place place) {
    List<Object> key = new ArrayList<>(2 * task.frames().size() + 3);
    key.add(place);
    key.add(task.comm().isEmpty() || !task.comm().startsWith("kworker"));
    key.add(task.workqueue());
    for (Frame frame : task.frames()) {
      key.add(frame.reliable());
      key.add(frame.function());
    }
    return key;
  }

  /** All that {@link BugMatcher} asks of a stack: equal for two of which it would take either. */
  private static List<Object> signature(SeenStack stack) {
    TaskReading reading = stack.reading();
    List<Object> key = new ArrayList<>();
    key.add(stack.place());
    key.add(stack.splat() == null ? "" : stack.splat().kind());
    key.add(reading.task().origin() == TaskSnapshot.Origin.BARE);
    if (reading.waitsFor() != null) {
      key.add(reading.waitsFor().kind());
      key.add(reading.waitsFor().alternatives());
      reading.intents().forEach(intent -> key.add(intent.kind()));
    }
    for (int i = 0; i < stack.matching().length; i++) {
      BitSet steps = stack.matching()[i];
      if (!steps.isEmpty()) {
        key.add(stack.frames().get(i).reliable());
        key.add(steps);
      }
    }
    return key;
  }
}
