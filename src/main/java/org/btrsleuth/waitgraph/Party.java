package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Tasks with the same stack, folded, and what the rules read from that stack.
 *
 * @param id index of the party, in order of first appearance
 * @param tasks at least one; all have the frames of the first
 * @param waits what the tasks wait for now; the first entry decides, the others are what it is needed for, outwards
 * @param holds what the tasks hold meanwhile
 * @param notHeld kinds that their frames would hold in another kernel or at another point, and do not hold here
 * @param services names of the services that the tasks are
 * @param fileSystem "btrfs", another file system's name, "" if no frame tells
 * @param running true if the tasks run rather than wait: what they hold will be released
 * @param lasting true if the wait is known to have lasted: a hung-task report, or two dumps 20 s or more apart
 */
public record Party(
    int id,
    List<TaskSnapshot> tasks,
    List<Claim> waits,
    List<Claim> holds,
    Set<String> notHeld,
    List<String> services,
    String fileSystem,
    boolean running,
    boolean lasting) {

  public Party {
    tasks = List.copyOf(tasks);
    waits = List.copyOf(waits);
    holds = List.copyOf(holds);
    notHeld = Set.copyOf(notHeld);
    services = List.copyOf(services);
  }

  /**
   * What a frame says of its task.
   *
   * @param kind resource kind
   * @param instance which one in words, "" if unknown
   * @param frame index of the frame in the stack
   * @param weight 1 for a frame that the unwinder vouches for, 0.5 for one it does not; less than 1 also for a hold of
   *     which nothing tells whether this version of the function has it
   * @param proven false if the rule is only likely, or may not apply to this kernel
   * @param because reason in words with its source
   * @param alternatives other kinds that the same frames may mean
   */
  public record Claim(
      String kind,
      String instance,
      int frame,
      double weight,
      boolean proven,
      String because,
      List<String> alternatives) {
    public Claim {
      alternatives = List.copyOf(alternatives);
    }

    public Claim(String kind, String instance, int frame, double weight, boolean proven, String because) {
      this(kind, instance, frame, weight, proven, because, List.of());
    }
  }

  public TaskSnapshot first() {
    return tasks.get(0);
  }

  /** The wait that the tasks sleep in, null if they sleep in none that is known. */
  public Claim waitsFor() {
    return running || waits.isEmpty() ? null : waits.get(0);
  }

  public boolean is(String service) {
    return services.contains(service);
  }

  /** The hold on that kind through the innermost frame, null if there is none. */
  public Claim hold(String kind) {
    for (Claim hold : holds) {
      if (hold.kind().equals(kind)) {
        return hold;
      }
    }
    return null;
  }

  /** The party if it held {@code more}, too; what rules say it does not hold is left out. */
  Party holding(List<Claim> more) {
    List<Claim> all = new ArrayList<>(holds);
    more.stream().filter(claim -> !notHeld.contains(claim.kind())).forEach(all::add);
    return new Party(id, tasks, waits, all, notHeld, services, fileSystem, running, lasting);
  }

  Party waitingFor(List<Claim> others) {
    return new Party(id, tasks, others, holds, notHeld, services, fileSystem, running, lasting);
  }

  /** Whether the tasks wait for that kind, or wait for something else on behalf of it. */
  public boolean needs(String kind) {
    return !running && waits.stream().anyMatch(w -> w.kind().equals(kind));
  }

  /** Lines that show the party: the header of its first task and the frame of {@code claim}. */
  public List<Evidence> evidence(Claim claim) {
    TaskSnapshot task = first();
    if (claim == null || claim.frame() < 0 || claim.frame() >= task.frames().size()) {
      return List.of(task.header());
    }
    Frame frame = task.frames().get(claim.frame());
    Evidence line = new Evidence(task.header().path(), frame.line(), frame.place());
    return line.line() == task.header().line() ? List.of(task.header()) : List.of(task.header(), line);
  }

  /** Whether a frame with that function stands in the stack. */
  public boolean in(String function) {
    return first().frames().stream().anyMatch(f -> f.function().equals(function));
  }
}
