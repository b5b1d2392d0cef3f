package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;

/**
 * Compares the dumps of a host: what each task was last seen doing, and whether it has been doing that for long. A
 * task that moved between two dumps, or is missing in a later listing of the same tasks, is not stuck.
 */
final class Snapshots {
  /** Two dumps so far apart show that a wait is no passing one (lock-model section 5). */
  private static final long APART_NANOS = 20_000_000_000L;
  /** Frames below the sleep that must agree for two stacks to be the same wait. */
  private static final int COMPARED = 6;

  /** Listings of the blocked tasks alone; sysrq-t has all tasks, so a missing one is lost text rather than a move. */
  private static final Set<Origin> LISTINGS = Set.of(Origin.PROC_STACK, Origin.SYSRQ_W);

  /** Where user space enters the kernel. */
  private static final NamePattern SYSCALL =
      NamePattern.of("entry_SYSCALL_64*", "do_syscall_64", "system_call_fastpath", "el0_svc*", "entry_INT80*", "ret_fast_syscall");

  private final List<NamePattern> schedulers;

  Snapshots(List<NamePattern> schedulers) {
    this.schedulers = schedulers;
  }

  /**
   * @param task last snapshot
   * @param lasting the wait is known to have lasted
   */
  record Seen(TaskSnapshot task, boolean lasting) {}

  /**
   * @param seen in order of first appearance
   * @param moved tasks that were seen in one wait and later in another or in none
   * @param complete true if some dump lists all blocked tasks
   */
  record Selection(List<Seen> seen, int moved, boolean complete) {}

  Selection select(List<TaskSnapshot> all) {
    Map<String, List<TaskSnapshot>> byTask = new LinkedHashMap<>();
    Map<Integer, Listing> listings = new TreeMap<>();
    boolean complete = false;
    int nameless = 0;
    for (TaskSnapshot task : all) {
      if (!usable(task) || booted(task, all)) {
        continue;
      }
      String key = task.pid() < 0 ? "#" + nameless++ : task.pid() + " " + baseName(task.comm());
      byTask.computeIfAbsent(key, k -> new ArrayList<>()).add(task);
      complete |= task.origin() == Origin.SYSRQ_W || task.origin() == Origin.SYSRQ_T;
      if (LISTINGS.contains(task.origin())) {
        listings.computeIfAbsent(task.dump(), d -> new Listing(task.origin())).add(key);
      }
    }
    List<Seen> seen = new ArrayList<>();
    int moved = 0;
    for (Map.Entry<String, List<TaskSnapshot>> entry : byTask.entrySet()) {
      TaskSnapshot last = latest(entry.getValue());
      if (gone(entry.getKey(), last, listings)) {
        moved++;
        continue;
      }
      String wait = wait(last);
      boolean changed = false;
      boolean lasting = false;
      for (TaskSnapshot other : entry.getValue()) {
        boolean same = wait(other).equals(wait);
        changed |= !same;
        lasting |= same && (other.blockedSeconds() > 0 || other.origin() == Origin.HUNG_TASK || apart(other, last));
      }
      moved += changed ? 1 : 0;
      seen.add(new Seen(last, lasting));
    }
    return new Selection(List.copyOf(seen), moved, complete);
  }

  /**
   * The kernel's own thread before it becomes init, in a log that goes on to user space: what it waited for while the
   * host booted is over.
   */
  private static boolean booted(TaskSnapshot task, List<TaskSnapshot> all) {
    return task.pid() <= 1
        && task.comm().startsWith("swapper")
        && all.stream().anyMatch(other -> other.dump() > task.dump() && inSyscall(other));
  }

  private static boolean inSyscall(TaskSnapshot task) {
    return task.frames().stream().anyMatch(f -> SYSCALL.matches(f.function()));
  }

  private static boolean usable(TaskSnapshot task) {
    return !task.frames().isEmpty()
        && !mixed(task)
        && task.origin() != Origin.SYSRQ_L
        && task.origin() != Origin.SPLAT
        && task.origin() != Origin.TRACE;
  }

  /**
   * Whether the stack of another task runs on in this one, as when a console lost the lines between them: only work
   * queue threads, which are named kworker, run worker_thread.
   */
  private static boolean mixed(TaskSnapshot task) {
    return !task.comm().isEmpty()
        && !task.comm().startsWith("kworker")
        && task.frames().stream().anyMatch(f -> f.reliable() && f.function().equals("worker_thread"));
  }

  private static TaskSnapshot latest(List<TaskSnapshot> of) {
    TaskSnapshot last = of.get(0);
    for (TaskSnapshot task : of) {
      if (task.dump() >= last.dump()) {
        last = task;
      }
    }
    return last;
  }

  /** Whether a later listing of by and large the same tasks no longer has the task. */
  private static boolean gone(String key, TaskSnapshot last, Map<Integer, Listing> listings) {
    Listing own = listings.get(last.dump());
    if (own == null || last.pid() < 0) {
      return false;
    }
    for (Map.Entry<Integer, Listing> later : listings.entrySet()) {
      Listing other = later.getValue();
      if (later.getKey() > last.dump() && other.origin == own.origin && own.relists(other, key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean apart(TaskSnapshot a, TaskSnapshot b) {
    return a.timeNanos() >= 0 && b.timeNanos() >= 0 && Math.abs(a.timeNanos() - b.timeNanos()) >= APART_NANOS;
  }

  /** The wait of a stack in a form that does not depend on what printed it. */
  private String wait(TaskSnapshot task) {
    StringBuilder wait = new StringBuilder();
    int kept = 0;
    for (Frame frame : task.frames()) {
      if (!frame.reliable() || kept == 0 && scheduler(frame.function())) {
        continue;
      }
      wait.append(frame.function()).append(';');
      if (++kept == COMPARED) {
        break;
      }
    }
    return wait.toString();
  }

  private boolean scheduler(String function) {
    for (NamePattern pattern : schedulers) {
      if (pattern.matches(function)) {
        return true;
      }
    }
    return false;
  }

  /** Work queue threads show the queue behind their name in some listings and not in others. */
  static String baseName(String comm) {
    if (!comm.startsWith("kworker/")) {
      return comm.length() > 15 ? comm.substring(0, 15) : comm;
    }
    int end = comm.length();
    for (int i = comm.indexOf(':') + 1; i < comm.length(); i++) {
      char c = comm.charAt(i);
      if (c == '+' || c == '-') {
        end = i;
        break;
      }
    }
    return comm.substring(0, end);
  }

  /** The tasks of one dump. */
  private static final class Listing {
    final Origin origin;
    /** Where each task stands. */
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Map<Listing, Shared> shared = new IdentityHashMap<>();

    Listing(Origin origin) {
      this.origin = origin;
    }

    void add(String key) {
      places.putIfAbsent(key, places.size());
    }

    /** Whether {@code later} lists these tasks again, without {@code key} and not for want of its beginning. */
    boolean relists(Listing later, String key) {
      if (later.places.containsKey(key)) {
        return false;
      }
      Shared both = shared.computeIfAbsent(later, this::shared);
      int place = places.get(key);
      boolean begins = origin == Origin.PROC_STACK || place == 0 || both.first < place;
      return begins && both.tasks > 0 && 2 * both.tasks >= Math.min(places.size(), later.places.size());
    }

    private Shared shared(Listing later) {
      int first = Integer.MAX_VALUE;
      int tasks = 0;
      for (Map.Entry<String, Integer> task : places.entrySet()) {
        if (later.places.containsKey(task.getKey())) {
          first = Math.min(first, task.getValue());
          tasks++;
        }
      }
      return new Shared(first, tasks);
    }
  }

  /**
   * What two listings have in common.
   *
   * @param first place of the first common task in the earlier one
   */
  private record Shared(int first, int tasks) {}
}
