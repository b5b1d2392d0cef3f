package org.btrsleuth.log;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.grammar.KernelLogParser.LockContext;
import org.btrsleuth.log.LockdepDraft.Part;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;

/** What lockdep says within one {@link Report}: its reports with their chains, and lists of held locks. */
final class LockReports {
  private final Collector out;
  private LockdepDraft lockdep;
  private Held held;

  private static final class Held {
    final Evidence at;
    final Phrases.Task holder;
    final List<HeldLock> locks = new ArrayList<>();

    Held(Evidence at, Phrases.Task holder) {
      this.at = at;
      this.holder = holder;
    }
  }

  LockReports(Collector out) {
    this.out = out;
  }

  void start(LogLine line, String kind) {
    end();
    lockdep = new LockdepDraft(out.evidence(line), kind);
  }

  boolean open() {
    return lockdep != null;
  }

  /** Whether a report is open whose own text is not over: explanations, chains and lists, before its backtrace. */
  boolean explaining() {
    return lockdep != null && lockdep.part != Part.BACKTRACE;
  }

  /** Whether the line after the headline is expected, which names the kernel. */
  boolean atHead() {
    return lockdep != null && lockdep.part == Part.HEAD;
  }

  /** {@code btrfs/8631 is trying to acquire lock:}. */
  void acquiring(LogLine line, String text) {
    if (lockdep == null || lockdep.pid >= 0) {
      start(line, "other");
    }
    Phrases.Task name = Phrases.task(reporter(text), '/');
    lockdep.comm = name.comm();
    lockdep.pid = name.pid();
    lockdep.part = Part.WANTED;
  }

  /**
   * Name and pid of {@code btrfs/8631 is trying to acquire lock:}, {@code btrfs/8631 [HC0[0]:SC0[0]:HE1:SE1] takes:} and
   * {@code kswapd0/42 just changed the state of lock:}.
   */
  private static String reporter(String text) {
    int end = text.length();
    for (String verb : List.of(" [HC", "is trying to ", "just changed ")) {
      int at = text.indexOf(verb);
      end = at > 0 ? Math.min(end, at) : end;
    }
    return text.substring(0, end);
  }

  /** A sentence that announces the other lock of a report about interrupts or memory reclaim. */
  void otherLock() {
    if (explaining()) {
      lockdep.endLink();
      lockdep.part = Part.OTHER;
    }
  }

  /** {@code -> (&found->groups_sem){++++..} ops: 2024 {}: where it was acquired comes later. */
  void dependency(String text) {
    if (explaining()) {
      lockdep.endLink();
      lockdep.part = Part.INFO;
      lockdep.last = Locks.className(text.substring(text.indexOf('('), text.indexOf(" ops: ")));
    }
  }

  /** {@code {IN-SOFTIRQ-W} state was registered at:}, {@code ... acquired at:}: the stack of the lock named last. */
  void registered(LogLine line) {
    if (explaining() && !lockdep.last.isEmpty()) {
      lockdep.startLink(lockdep.last, out.evidence(line), out.dumpOf(Origin.SPLAT, -1, line.nanos, false));
    }
  }

  void alreadyHolding() {
    if (lockdep != null) {
      lockdep.part = Part.HOLDING;
    }
  }

  /** A link of a chain: only reports of circular dependencies print them, so one begins if its head was cut off. */
  void chain(LogLine line, String lockClass) {
    if (lockdep == null) {
      start(line, "circular");
    }
    if (explaining()) {
      int dump = out.dumpOf(Origin.SPLAT, -1, line.nanos, false);
      lockdep.startLink(Locks.className(lockClass), out.evidence(line), dump);
    }
  }

  /** A sentence of the report that ends the chain above it. */
  void note() {
    if (explaining()) {
      lockdep.endLink();
      lockdep.part = Part.INFO;
    }
  }

  /** The task that made the report: what follows is its stack. */
  void backtrace() {
    if (explaining()) {
      lockdep.endLink();
      lockdep.part = Part.BACKTRACE;
    }
  }

  /** {@code 3 locks held by btrfs/123:}. */
  void heldBy(LogLine line, String text) {
    endHeld();
    if (explaining()) {
      lockdep.endLink();
      lockdep.part = Part.HELD_LIST;
      return;
    }
    String holder = Phrases.between(text, " held by ", "\n");
    while (holder.endsWith(":") || holder.endsWith(".")) {
      holder = holder.substring(0, holder.length() - 1);
    }
    if (!text.startsWith("no ")) {
      held = new Held(out.evidence(line), Phrases.task(holder, '/'));
    }
  }

  /** False if the line is no lock but words of a raw stack. */
  boolean lock(LogLine line, LockContext context) {
    if (context.lockClass == null) {
      return false;
    }
    HeldLock lock = Locks.lock(out.evidence(line), context);
    if (explaining()) {
      if (lockdep.part == Part.OTHER) {
        lockdep.startLink(lock.lockClass(), lock.at(), out.dumpOf(Origin.SPLAT, -1, line.nanos, false));
        lockdep.endLink();
        lockdep.part = Part.INFO;
      }
      lockdep.lock(lock);
    } else if (held != null) {
      Locks.add(held.locks, lock);
    }
    return true;
  }

  /** A frame of the report's explanations: of a chain's link, or of a place that lockdep remembers (dropped). */
  void frame(Frame frame) {
    TaskDraft link = lockdep.link();
    if (link != null && !link.refuses(frame)) {
      link.add(frame);
    }
  }

  /** The stack of the task that made the report. */
  void task(TaskSnapshot task) {
    if (lockdep != null && lockdep.task == null) {
      lockdep.task = task;
    }
  }

  /** A line that says nothing about locks ends a list of held ones. */
  void endHeld() {
    if (held != null) {
      out.add(new LogRecord.LocksHeld(held.at, held.holder.comm(), held.holder.pid(), List.copyOf(held.locks)));
      held = null;
    }
  }

  void end() {
    endHeld();
    if (lockdep != null) {
      out.add(lockdep.finish());
      lockdep = null;
    }
  }
}
