package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.log.LogRecord.BlockedOn;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.log.LogRecord.LocksHeld;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.Snapshots.Seen;

/** Holders that the kernel log names: owner hints of the hung-task detector and lists of held locks. */
final class NamedOwners {
  private NamedOwners() {}

  static List<KnownOwner> of(List<LogRecord> records, List<Seen> tasks) {
    Map<Integer, TaskSnapshot> byPid = new HashMap<>();
    tasks.forEach(s -> byPid.put(s.task().pid(), s.task()));
    List<KnownOwner> owners = new ArrayList<>();
    Map<Integer, LocksHeld> lists = new HashMap<>();
    Set<Integer> hinted = new HashSet<>();
    for (LogRecord record : records) {
      if (record instanceof BlockedOn on && byPid.containsKey(on.waiterPid()) && on.ownerPid() != on.waiterPid()) {
        if (hinted.add(on.waiterPid())) {
          owners.add(
              new KnownOwner(
                  on.waiterPid(), on.ownerPid(), on.ownerComm(), "",
                  "the kernel names " + on.ownerComm() + " (" + on.ownerPid() + ") as likely owner of the " + on.lockKind(),
                  List.of(on.at())));
        }
      } else if (record instanceof LocksHeld held) {
        // A later list replaces an earlier one of the same task.
        lists.put(held.pid(), held);
      }
    }
    List<LocksHeld> byTask = lists.values().stream().sorted(Comparator.comparingInt(LocksHeld::pid)).toList();
    Map<String, List<Holding>> byAddress = new HashMap<>();
    for (LocksHeld list : byTask) {
      for (HeldLock lock : list.locks()) {
        if (!lock.address().isEmpty()) {
          byAddress.computeIfAbsent(lock.address(), a -> new ArrayList<>()).add(new Holding(list, lock));
        }
      }
    }
    for (LocksHeld list : byTask) {
      TaskSnapshot waiter = byPid.get(list.pid());
      if (waiter != null && !hinted.contains(list.pid()) && !list.locks().isEmpty()) {
        HeldLock wanted = list.locks().get(list.locks().size() - 1);
        if (acquiring(waiter, wanted)) {
          holder(wanted, list.pid(), byAddress.getOrDefault(wanted.address(), List.of()), byPid).ifPresent(owners::add);
        }
      }
    }
    return owners;
  }

  /**
   * Lockdep lists a lock from before the task sleeps on it: the last one is only wanted if the function that takes it
   * stands directly under the lock's own functions.
   */
  private static boolean acquiring(TaskSnapshot task, HeldLock lock) {
    for (Frame frame : task.frames()) {
      String f = frame.function();
      if (!frame.reliable() || f.contains("schedule")) {
        continue;
      }
      if (f.contains("mutex_lock") || f.startsWith("rwsem_down") || f.startsWith("down_") || f.startsWith("__down")) {
        continue;
      }
      return f.equals(lock.function()) && frame != firstKept(task);
    }
    return false;
  }

  private static Frame firstKept(TaskSnapshot task) {
    for (Frame frame : task.frames()) {
      if (frame.reliable() && !frame.function().contains("schedule")) {
        return frame;
      }
    }
    return null;
  }

  /** A lock in the list of one task. */
  private record Holding(LocksHeld list, HeldLock lock) {}

  private static Optional<KnownOwner> holder(
      HeldLock wanted, int waiterPid, List<Holding> sameAddress, Map<Integer, TaskSnapshot> byPid) {
    for (Holding other : sameAddress) {
      LocksHeld list = other.list();
      HeldLock lock = other.lock();
      TaskSnapshot task = byPid.get(list.pid());
      if (list.pid() != waiterPid && (task == null || !acquiring(task, lock))) {
        return Optional.of(
            new KnownOwner(
                waiterPid, list.pid(), list.comm(), lock.lockClass(),
                "both lists of held locks show " + lock.lockClass() + " at " + lock.address(),
                List.of(wanted.at(), lock.at())));
      }
    }
    return Optional.empty();
  }
}
