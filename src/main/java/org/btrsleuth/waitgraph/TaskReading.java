package org.btrsleuth.waitgraph;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.btrsleuth.knowledge.FrameRule;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * What the stack of one task says.
 *
 * @param waitsFor what it waits for now; null unless {@code activity} is {@link Activity#WAITING}
 * @param intents what it will wait for, or wait for again, once that wait has ended; nearest first
 * @param holds what it holds meanwhile, innermost frame first
 * @param notHeld kinds that its frames would hold in another kernel, or before or after this point: not held here
 * @param services names of the services that the task embodies
 */
public record TaskReading(
    TaskSnapshot task, Activity activity, Wait waitsFor, List<Wait> intents, List<Hold> holds,
    Set<String> notHeld, List<String> services) {

  /** Kind of a wait that no rule knows; its instance names the top frames. */
  public static final String UNKNOWN_WAIT = "unknown_wait";

  public TaskReading {
    intents = List.copyOf(intents);
    holds = List.copyOf(holds);
    notHeld = Collections.unmodifiableSet(new LinkedHashSet<>(notHeld));
    services = List.copyOf(services);
  }

  /** What the task is doing. */
  public enum Activity {
    /** It sleeps for something. */
    WAITING,
    /** It runs, or was caught running by the report that its stack belongs to. */
    RUNNING,
    /** It has nothing to do. */
    IDLE,
    /** There is no usable stack. */
    UNKNOWN
  }

  /**
   * @param kind resource kind, or {@link #UNKNOWN_WAIT}
   * @param alternatives other kinds that the same frames may mean, best first
   * @param instance which resource, in words; "" if nothing is known
   * @param rule null if no rule decided: an unnamed mutex or semaphore, or an unknown wait
   * @param frame index into the task's frames of the frame that decided
   * @param certain true if the frames prove it
   * @param because the reason in words
   */
  public record Wait(
      String kind,
      List<String> alternatives,
      String instance,
      FrameRule rule,
      int frame,
      boolean certain,
      String because) {
    public Wait {
      alternatives = List.copyOf(alternatives);
    }

    public boolean known() {
      return !kind.equals(UNKNOWN_WAIT);
    }
  }

  /**
   * @param frame index into the task's frames of the frame that implies the hold
   * @param certain true if frame and kernel prove it
   * @param undecided true if neither kernel nor frame tells whether this is the version of the function that holds it
   */
  public record Hold(
      String kind, String instance, FrameRule rule, int frame, boolean certain, boolean undecided, String because) {}

  public boolean holds(String kind) {
    return holds.stream().anyMatch(hold -> hold.kind().equals(kind));
  }

  public boolean is(String service) {
    return services.contains(service);
  }
}
