package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.ResourceKind;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.log.LogRecord.LocksHeld;

/**
 * What lists of held locks say without stacks. lockdep lists a lock from before a task sleeps on it, as the last of the
 * task; two tasks with one address in their lists cannot both have it unless it is a lock for readers, too.
 */
public final class LockLists {
  private final Map<Integer, LocksHeld> lists = new TreeMap<>();
  private final List<Wait> waits = new ArrayList<>();

  /**
   * A task that waits for a lock which another task has.
   *
   * @param wanted the last lock of {@code waiter}
   * @param held the same lock in the list of {@code holder}, which took others after it
   */
  public record Wait(LocksHeld waiter, HeldLock wanted, LocksHeld holder, HeldLock held) {}

  LockLists(List<LogRecord> records, Knowledge knowledge) {
    for (LogRecord record : records) {
      if (record instanceof LocksHeld held && !held.locks().isEmpty()) {
        if (lists.containsKey(held.pid())) {
          lists.clear(); // a second listing of all tasks: the first is out of date
        }
        lists.put(held.pid(), held);
      }
    }
    Map<String, List<LocksHeld>> having = new HashMap<>();
    for (LocksHeld list : lists.values()) {
      for (HeldLock lock : list.locks().subList(0, list.locks().size() - 1)) {
        if (!lock.address().isEmpty()) {
          having.computeIfAbsent(lock.address(), a -> new ArrayList<>()).add(list);
        }
      }
    }
    for (LocksHeld list : lists.values()) {
      HeldLock last = list.locks().get(list.locks().size() - 1);
      List<LocksHeld> holders =
          having.getOrDefault(last.address(), List.of()).stream().filter(h -> h.pid() != list.pid()).toList();
      // Had it several, readers have it, and whether one of them is in the way is not said.
      if (holders.size() == 1 && exclusive(last, knowledge)) {
        LocksHeld holder = holders.get(0);
        HeldLock held =
            holder.locks().stream().filter(l -> l.address().equals(last.address())).findFirst().orElseThrow();
        waits.add(new Wait(list, last, holder, held));
      }
    }
  }

  /** Lists by pid; one a task. */
  public List<LocksHeld> lists() {
    return List.copyOf(lists.values());
  }

  /** Waits that follow from the lists alone, by pid of the waiter. */
  public List<Wait> waits() {
    return List.copyOf(waits);
  }

  /**
   * Whether one task alone can have the lock: its class was taken by tasks, and never for reading. Of the letters in
   * braces the first and third speak of writers, the second and fourth of readers, and a dot there means never by a task
   * (Documentation/locking/lockdep-design.rst). Marks of reclaim, RCU and work queues are no locks.
   */
  private static boolean exclusive(HeldLock lock, Knowledge knowledge) {
    ResourceKind kind = knowledge.kinds().get(knowledge.kindOfLock(lock.lockClass()));
    if (kind != null && (kind.trait() == ResourceKind.Trait.SINK || kind.name().equals("work_item"))) {
      return false;
    }
    String line = lock.at().text();
    int brace = line.indexOf("){");
    String usage = brace < 0 ? "" : line.substring(brace + 2);
    return usage.length() >= 4 && usage.charAt(0) != '.' && usage.charAt(1) == '.' && usage.charAt(3) == '.';
  }
}
