package org.btrsleuth.log;

import org.btrsleuth.grammar.KernelLogLexer;
import org.btrsleuth.stack.TaskSnapshot.Origin;

/** What a line that one phrase tells completely does to the report it stands in. */
final class Phrase {
  private Phrase() {}

  /** False if the line means nothing here. */
  static boolean accept(int type, LogLine line, Report report, Collector out) {
    String text = line.message;
    if (type != KernelLogLexer.LOCKS_HELD) {
      report.locks().endHeld();
    }
    report.heedFrames();
    switch (type) {
      case KernelLogLexer.SYSRQ_BLOCKED -> report.sysrq(Origin.SYSRQ_W);
      case KernelLogLexer.SYSRQ_STATE -> report.sysrq(Origin.SYSRQ_T);
      case KernelLogLexer.SYSRQ_CPUS -> report.sysrq(Origin.SYSRQ_L);
      case KernelLogLexer.HUNG_TASK -> report.hungTask(line, text);
      case KernelLogLexer.HUNG_OWNER -> report.hungOwner(line, text);
      case KernelLogLexer.TAINT -> report.version(line, text);
      case KernelLogLexer.CPU_COMM, KernelLogLexer.PID_COMM -> report.cpu(line, text);
      case KernelLogLexer.WORKQUEUE -> report.workqueue(line, text);
      case KernelLogLexer.NMI_BACKTRACE -> report.nmiBacktrace(text);
      case KernelLogLexer.CALL_TRACE -> report.callTrace(line, text);
      case KernelLogLexer.MARKER -> report.marker(text);
      case KernelLogLexer.CUT_HERE -> report.cutHere(line);
      case KernelLogLexer.END_TRACE -> report.endTrace();
      case KernelLogLexer.WARNING_AT -> {
        report.headline(line, "warning", text);
        report.warningTask(line, text);
      }
      case KernelLogLexer.KERNEL_BUG -> report.headline(line, "bug", text);
      case KernelLogLexer.KASAN -> report.headline(line, "kasan", text);
      case KernelLogLexer.KCSAN -> report.headline(line, "kcsan", text);
      case KernelLogLexer.UBSAN -> report.headline(line, "ubsan", text);
      case KernelLogLexer.SLEEPING -> report.headline(line, "sleeping-in-atomic", text);
      case KernelLogLexer.SOFT_LOCKUP -> report.headline(line, "soft-lockup", text);
      case KernelLogLexer.HARD_LOCKUP -> report.headline(line, "hard-lockup", text);
      case KernelLogLexer.RCU_STALL -> report.headline(line, "rcu-stall", text);
      case KernelLogLexer.SYSFS_WARN -> report.headline(line, "warning", text);
      case KernelLogLexer.OTHER_BUG -> report.headline(line, "bug", text);
      case KernelLogLexer.ASSERTION -> report.headline(line, "assertion", text);
      case KernelLogLexer.OOPS -> report.headline(line, text.startsWith("Kernel panic") ? "panic" : "oops", text);
      case KernelLogLexer.STACK_TITLE -> report.ignoreFrames();
      case KernelLogLexer.ACCESS -> report.access(line, text);
      case KernelLogLexer.LOCKDEP_CIRCULAR -> report.lockdep(line, "circular");
      case KernelLogLexer.LOCKDEP_RECURSIVE -> report.lockdep(line, "recursive");
      case KernelLogLexer.LOCKDEP_IRQ -> report.lockdep(line, "irq");
      case KernelLogLexer.LOCKDEP_OTHER -> report.lockdep(line, "other");
      case KernelLogLexer.ACQUIRING -> report.locks().acquiring(line, text);
      case KernelLogLexer.ALREADY_HOLDING -> report.locks().alreadyHolding();
      case KernelLogLexer.CHAIN_NOTE, KernelLogLexer.LOCK_USED -> report.locks().note();
      case KernelLogLexer.LOCK_TITLE -> report.locks().otherLock();
      case KernelLogLexer.LOCK_STATE -> report.locks().registered(line);
      case KernelLogLexer.LOCK_DEPENDENCY -> report.locks().dependency(text);
      case KernelLogLexer.LOCK_ACQUIRED -> report.locks().registered(line);
      case KernelLogLexer.LOCKS_ALL -> report.endAll();
      case KernelLogLexer.LOCKS_HELD -> report.locks().heldBy(line, text);
      case KernelLogLexer.STORAGE -> out.add(new LogRecord.StorageMessage(out.evidence(line), text));
      case KernelLogLexer.LINUX_VERSION -> version(line, KernelHint.Kind.BOOT, out);
      case KernelLogLexer.UNAME -> version(line, KernelHint.Kind.UNAME, out);
      case KernelLogLexer.REGISTERS -> report.endMessages();
      case KernelLogLexer.NOISE -> {
        if (text.startsWith("Modules linked in")) {
          report.endMessages();
        }
      }
      default -> {
        // Scheduler tables, drivers: part of the log, no use to anybody here.
      }
    }
    return true;
  }

  private static void version(LogLine line, KernelHint.Kind kind, Collector out) {
    String release = Phrases.release(line.message);
    if (!release.isEmpty()) {
      out.kernel(release, out.evidence(line), kind);
    }
  }
}
