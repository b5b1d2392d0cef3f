package org.btrsleuth.log;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.log.LogRecord.ChainLink;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;

/** A lockdep report whose lines are still coming. */
final class LockdepDraft {
  /** Where in the report the lines are. */
  enum Part {
    HEAD,
    WANTED,
    HOLDING,
    OTHER,
    CHAIN,
    INFO,
    HELD_LIST,
    BACKTRACE
  }

  private static final int MAX_LINKS = 256;

  final Evidence at;
  final String kind;
  Part part = Part.HEAD;
  String comm = "";
  int pid = -1;
  TaskSnapshot task;

  /** Class of the lock that was named last. */
  String last = "";

  private HeldLock wanted;
  private final List<HeldLock> holding = new ArrayList<>();
  private final List<HeldLock> heldList = new ArrayList<>();
  private final List<ChainLink> chain = new ArrayList<>();
  private String linkClass = "";
  private TaskDraft link;

  LockdepDraft(Evidence at, String kind) {
    this.at = at;
    this.kind = kind;
  }

  void lock(HeldLock lock) {
    last = lock.lockClass();
    switch (part) {
      case WANTED -> wanted = lock;
      case HOLDING -> Locks.add(holding, lock);
      case HELD_LIST -> Locks.add(heldList, lock);
      default -> {
        // Locks named in explanations of the report add nothing.
      }
    }
  }

  void startLink(String lockClass, Evidence line, int dump) {
    endLink();
    part = Part.CHAIN;
    if (chain.size() < MAX_LINKS) {
      linkClass = lockClass;
      link = new TaskDraft(Origin.BARE, line, dump, -1);
    }
  }

  /** Draft of the link whose stack is being listed, null if none is. */
  TaskDraft link() {
    return part == Part.CHAIN ? link : null;
  }

  void endLink() {
    if (link != null) {
      chain.add(new ChainLink(link.header, linkClass, link.finish()));
      link = null;
    }
  }

  LogRecord.Lockdep finish() {
    endLink();
    List<HeldLock> held = heldList.isEmpty() ? holding : heldList;
    return new LogRecord.Lockdep(at, kind, comm, pid, wanted, List.copyOf(held), List.copyOf(chain), task);
  }
}
