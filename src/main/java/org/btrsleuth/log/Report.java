package org.btrsleuth.log;

import org.antlr.v4.runtime.Token;
import org.btrsleuth.grammar.KernelLogParser.RipContext;
import org.btrsleuth.grammar.KernelLogParser.TaskContext;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;

/**
 * What one printing context (a task or CPU, where printk names it) is in the middle of saying: a task's stack, a splat,
 * a lockdep report, a list of held locks.
 */
final class Report {
  private final Collector out;
  private final LockReports locks;
  private TaskDraft task;
  private SplatDraft splat;

  /** Which sysrq dump is running, null if none. */
  private Origin dump;

  private boolean nmi;
  private boolean afterInterrupt;
  private boolean ignoreFrames;
  private int expectedOwner = -1;

  Report(Collector out) {
    this.out = out;
    locks = new LockReports(out);
  }

  // ---- tasks ----

  /** The line may stand in the middle of a stack that another CPU is printing: the next header ends that one. */
  void sysrq(Origin origin) {
    if (task == null || !task.hasFrames() || task.bottom) {
      endAll();
    }
    out.endDump();
    dump = origin;
  }

  boolean inDump() {
    return dump == Origin.SYSRQ_T || dump == Origin.SYSRQ_W;
  }

  void hungTask(LogLine line, String text) {
    endAll();
    Phrases.Task name = Phrases.task(Phrases.between(text, "INFO: task ", " blocked "), ':');
    start(Origin.HUNG_TASK, line, name.pid(), true);
    task.name(name.comm());
    task.pid = name.pid();
    task.state = TaskState.UNINTERRUPTIBLE;
    task.blockedSeconds = Numbers.after(text.substring(text.lastIndexOf("for more than ")), "for more than ", -1);
  }

  void hungOwner(LogLine line, String text) {
    endAll();
    String waiter = Phrases.between(text, "INFO: task ", " blocked on ");
    waiter = waiter.endsWith(" is") ? waiter.substring(0, waiter.length() - 3) : waiter;
    String kind = Phrases.between(text, " blocked on ", " likely ").strip();
    kind = kind.startsWith("an ") ? kind.substring(3) : kind.startsWith("a ") ? kind.substring(2) : kind;
    String by = text.contains("owned by task ") ? "owned by task " : "held by task ";
    String owner = Phrases.between(text, by, "\n").strip();
    owner = owner.endsWith(".") ? owner.substring(0, owner.length() - 1) : owner;
    Phrases.Task from = Phrases.task(withoutRole(waiter), ':');
    Phrases.Task to = Phrases.task(withoutRole(owner), ':');
    expectedOwner = to.pid();
    out.add(new LogRecord.BlockedOn(out.evidence(line), from.comm(), from.pid(), kind, to.comm(), to.pid()));
  }

  /** rw-semaphores add {@code <reader>} or {@code <writer>} to both sides. */
  private static String withoutRole(String text) {
    int role = text.lastIndexOf(" <");
    return role > 0 && text.endsWith(">") ? text.substring(0, role) : text;
  }

  void taskHeader(LogLine line, TaskContext context) {
    String comm;
    char state;
    int pid;
    if (context.old != null) {
      OldTask old = OldTask.parse(context.old.getText());
      comm = old.comm();
      state = old.state();
      pid = old.pid();
    } else {
      String text = context.name.getText();
      int at = text.lastIndexOf("state:");
      comm = text.substring("task:".length(), at).strip();
      state = text.charAt(text.length() - 1);
      pid = context.pid == null ? -1 : (int) Numbers.after(context.pid.getText(), "pid:", -1);
    }
    boolean announced = task != null && task.origin == Origin.HUNG_TASK && !task.hasFrames() && !task.closed
        && (pid < 0 || pid == task.pid);
    if (!announced) {
      endAll();
      boolean owner = pid >= 0 && pid == expectedOwner;
      Origin origin = owner ? Origin.HUNG_TASK : dump != null ? dump : state == 'D' ? Origin.SYSRQ_W : Origin.SYSRQ_T;
      start(origin, line, pid, !owner);
      task.name(comm);
      task.pid = pid;
    }
    expectedOwner = -1;
    task.state = TaskState.of(state);
    task.lastLine = line.lastLine;
  }

  void workqueue(LogLine line, String text) {
    if (task != null && !task.hasFrames()) {
      task.work(text.substring("Workqueue:".length()));
      task.lastLine = line.lastLine;
    }
  }

  /** {@code CPU: 0 PID: 34 Comm: sh Not tainted 5.4.0 #1}. */
  void cpu(LogLine line, String text) {
    ignoreFrames = false;
    locks.backtrace();
    locks.endHeld();
    boolean old = text.startsWith("Pid: ");
    int pid = (int) Numbers.after(text, old ? "Pid: " : "PID: ", -1);
    String rest = Phrases.between(text, old ? "comm: " : "Comm: ", "\n");
    int taint = rest.indexOf(" Not tainted");
    taint = taint < 0 ? rest.indexOf(" Tainted:") : taint;
    String comm = (taint < 0 ? rest : rest.substring(0, taint)).strip();
    int kdump = comm.indexOf(" Kdump: ");
    comm = kdump < 0 ? comm : comm.substring(0, kdump);
    version(line, taint < 0 ? "" : rest.substring(taint));
    if (splat == null && task != null && task.pid == pid && task.origin != Origin.SPLAT) {
      return;
    }
    if (task != null && (task.hasFrames() || task.origin != Origin.SPLAT)) {
      endTask();
    }
    if (task == null) {
      start(nmi ? Origin.SYSRQ_L : Origin.SPLAT, line, pid, nmi);
    }
    if (splat != null) {
      splat.inTask = true;
    }
    task.name(comm);
    task.pid = pid;
    task.state = TaskState.RUNNING;
    task.lastLine = line.lastLine;
  }

  void nmiBacktrace(String text) {
    endTask();
    nmi = !text.contains(" skipped");
  }

  void version(LogLine line, String text) {
    String release = Phrases.release(text);
    if (!release.isEmpty()) {
      out.kernel(release, out.evidence(line), KernelHint.Kind.REPORT);
    }
  }

  // ---- stacks ----

  void callTrace(LogLine line, String text) {
    ignoreFrames = false;
    locks.backtrace();
    if (task != null && task.inTrace && task.hasFrames() && !afterInterrupt) {
      endTask();
    }
    if (splat != null) {
      splat.inTask = true;
    }
    if (task == null && (splat != null && splat.hasKind() || locks.open())) {
      start(Origin.SPLAT, line, -1, false);
      task.state = TaskState.RUNNING;
    }
    if (task != null) {
      task.inTrace = true;
    }
  }

  void marker(String text) {
    afterInterrupt = text.equals("</IRQ>") || text.equals("<EOI>") || text.equals("</NMI>") || text.startsWith("</#")
        || text.equals("</SOFTIRQ>");
    if (text.equals("</TASK>") && task != null) {
      task.closed = true;
    }
  }

  /** Stacks of who allocated, freed or locked something: true long ago, no state of any task. */
  void ignoreFrames() {
    ignoreFrames = true;
  }

  /** Those stacks stand directly below their title: any other line ends them. */
  void heedFrames() {
    ignoreFrames = false;
  }

  /** Whether a frame without prefix belongs here. */
  boolean wantsFrame(Frame frame) {
    boolean headlineJustBefore = splat != null && splat.hasKind() && task == null;
    return headlineJustBefore || ignoreFrames || locks.explaining()
        || task != null && !task.refuses(frame);
  }

  void frame(LogLine line, Frame frame) {
    if (ignoreFrames) {
      return;
    }
    if (locks.explaining()) {
      locks.frame(frame);
      return;
    }
    if (task != null && task.refuses(frame)) {
      endTask();
      endSplat();
    }
    if (task == null) {
      start(splat != null || locks.open() ? Origin.SPLAT : Origin.BARE, line, -1, false);
    }
    task.add(frame);
    out.dumpLasts(task.origin, line.nanos);
    afterInterrupt = false;
  }

  void rip(LogLine line, RipContext context, Frames frames) {
    Token symbol = context.symbol;
    if (symbol == null || symbol.getText().indexOf('+') < 0) {
      return;
    }
    Frame frame = frames.of(symbol, line.line);
    if (splat != null) {
      splat.function(frame.symbol());
    }
    if (task == null && splat == null && !locks.open()) {
      // Registers without a headline: mails often quote a crash from here on. Their task was running.
      start(Origin.SPLAT, line, -1, false);
      task.state = TaskState.RUNNING;
    }
    boolean interrupted = task != null && task.hasFrames() && afterInterrupt;
    boolean innermost = task != null && !task.inTrace && !task.hasFrames() && task.state == TaskState.RUNNING;
    if ((interrupted || innermost) && !task.closed) {
      task.add(frame);
      afterInterrupt = false;
    }
  }

  // ---- splats ----

  void cutHere(LogLine line) {
    boolean assertionJustBefore = splat != null && splat.kind().equals("assertion") && !splat.inTask;
    if (!assertionJustBefore) {
      endAll();
      splat = new SplatDraft(out.evidence(line));
    }
  }

  void headline(LogLine line, String kind, String text) {
    if (splat != null && splat.repeats(kind, text)) {
      splat.function(Phrases.function(text));
      return;
    }
    boolean continues = splat != null && splat.hasKind() && !splat.inTask
        && (kind.equals("oops") || kind.equals("bug") || kind.equals("panic"));
    if (continues) {
      splat.more(text);
      return;
    }
    if (kind.equals("panic") && splat != null) {
      return;
    }
    SplatDraft waiting = splat != null && !splat.hasKind() ? splat : null;
    if (waiting == null) {
      endAll();
      splat = new SplatDraft(out.evidence(line));
    }
    splat.headline(kind, text, out.evidence(line));
    nmi = false;
  }

  /** {@code WARNING: fs/btrfs/inode.c:1 at func+0x1/0x2, CPU#0: comm/123}, from 6.19. */
  void warningTask(LogLine line, String text) {
    int cpu = text.indexOf(", CPU#");
    if (cpu > 0 && splat != null) {
      Phrases.Task name = Phrases.task(Phrases.between(text.substring(cpu), ": ", "\n"), '/');
      if (name.pid() >= 0) {
        start(Origin.SPLAT, line, name.pid(), false);
        task.name(name.comm());
        task.pid = name.pid();
        task.state = TaskState.RUNNING;
      }
    }
  }

  /** {@code write to 0xffff.. of 8 bytes by task 123 on cpu 1:} of a KCSAN report. */
  void access(LogLine line, String text) {
    int pid = (int) Numbers.after(text, "by task ", -1);
    if (splat != null) {
      splat.message(text);
      splat.inTask = true;
    }
    start(Origin.SPLAT, line, pid, false);
    task.pid = pid;
    task.named = true;
    task.state = TaskState.RUNNING;
  }

  void message(String text) {
    if (inSplat()) {
      splat.message(text);
    }
  }

  void endTrace() {
    if (!locks.open()) {
      endTask();
      endSplat();
    }
  }

  /** Whether lines between a headline and its registers are expected. */
  boolean inSplat() {
    return splat != null && !splat.inTask && !splat.complete;
  }

  /** Whether a report has begun whose stack is still to come: what stands between belongs to it. */
  boolean expectsMore() {
    return splat != null || locks.open() || task != null && !task.hasFrames();
  }

  /** Module lists, registers and blank lines end the messages of a splat. */
  void endMessages() {
    if (splat != null && splat.hasKind()) {
      splat.complete = true;
    }
  }

  // ---- locks ----

  LockReports locks() {
    return locks;
  }

  void lockdep(LogLine line, String kind) {
    endAll();
    locks.start(line, kind);
  }

  // ---- ends ----

  private void start(Origin origin, LogLine line, int pid, boolean repeats) {
    endTask();
    task = new TaskDraft(origin, out.evidence(line), out.dumpOf(origin, pid, line.nanos, repeats), line.nanos);
    task.lastLine = line.lastLine;
    afterInterrupt = false;
  }

  /** Human text: what comes after it is another stack. */
  void interrupted() {
    if (task != null && task.hasFrames() || locks.open()) {
      endAll();
    }
    locks.endHeld();
  }

  void endTask() {
    if (task == null) {
      return;
    }
    TaskSnapshot done = task.finish();
    boolean worth = task.hasFrames() || task.origin != Origin.SPLAT && task.origin != Origin.SYSRQ_L;
    if (worth) {
      out.add(done);
    }
    if (splat != null && splat.task == null && (task.origin == Origin.SPLAT || task.origin == Origin.SYSRQ_L)) {
      splat.task = done;
    } else if (task.origin == Origin.SPLAT) {
      locks.task(done);
    }
    task = null;
    nmi = false;
  }

  private void endSplat() {
    if (splat != null && splat.hasKind()) {
      out.add(splat.finish());
    }
    splat = null;
  }

  void endAll() {
    endTask();
    endSplat();
    locks.end();
    ignoreFrames = false;
  }
}
