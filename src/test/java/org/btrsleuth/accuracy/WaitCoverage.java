package org.btrsleuth.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.StackClassifier;
import org.btrsleuth.waitgraph.TaskReading;

/** Counts how many blocked stacks of a collection get a specific kind of wait. */
final class WaitCoverage {
  private final StackClassifier classifier = new StackClassifier(Knowledge.shipped());
  private final Map<String, Integer> kinds = new TreeMap<>();
  private final Map<String, Integer> unknown = new TreeMap<>();
  private int blocked;
  private int specific;

  void add(Incident incident, String name) {
    for (TaskSnapshot task : incident.tasks()) {
      if (!blocked(task)) {
        continue;
      }
      TaskReading reading = classifier.classify(task, incident.kernel());
      if (reading.activity() != TaskReading.Activity.WAITING && reading.activity() != TaskReading.Activity.IDLE) {
        continue;
      }
      blocked++;
      String kind = reading.waitsFor() == null ? "idle" : reading.waitsFor().kind();
      kinds.merge(kind, 1, Integer::sum);
      if (kind.equals(TaskReading.UNKNOWN_WAIT)) {
        unknown.merge(reading.waitsFor().instance() + "   " + name + ":" + task.header().line(), 1, Integer::sum);
      } else {
        specific++;
      }
    }
  }

  /** A task that some listing shows as blocked: hung, in D state, or in a listing of such tasks. */
  static boolean blocked(TaskSnapshot task) {
    return !task.frames().isEmpty()
        && (task.state() == TaskState.UNINTERRUPTIBLE
            || task.origin() == TaskSnapshot.Origin.HUNG_TASK
            || task.origin() == TaskSnapshot.Origin.SYSRQ_W
            || task.origin() == TaskSnapshot.Origin.PROC_STACK);
  }

  int blocked() {
    return blocked;
  }

  int specific() {
    return specific;
  }

  List<String> unknown() {
    List<String> lines = new ArrayList<>();
    unknown.forEach((what, count) -> lines.add(count + " " + what));
    return lines;
  }

  Map<String, Integer> kinds() {
    return kinds;
  }

  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Prints the coverage of the given directories. */
  public static void main(String[] args) throws IOException {
    WaitCoverage coverage = new WaitCoverage();
    for (String directory : args) {
      for (Path file : files(Path.of(directory))) {
        coverage.add(Reading.read(file), file.getFileName().toString());
      }
    }
    coverage.unknown().forEach(System.out::println);
    System.out.println(coverage.kinds());
    System.out.println(coverage.specific() + " of " + coverage.blocked());
  }
}
