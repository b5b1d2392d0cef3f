package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.FrameRule;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.knowledge.ResourceKind;
import org.btrsleuth.knowledge.Service;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.TaskReading.Activity;
import org.btrsleuth.waitgraph.TaskReading.Hold;
import org.btrsleuth.waitgraph.TaskReading.Wait;

/**
 * Reads stacks with the rules of a {@link Knowledge}: what a task waits for, what it will wait for next, what it holds,
 * which service it is. Stateless between calls and thread-safe.
 *
 * <p>Scheduler frames on top are skipped. The innermost frame that a wait rule knows decides; what rules know of frames
 * farther out are intents. A stack that starts with a mutex or semaphore is different: there only the function directly
 * below says which lock it is, since frames farther out speak of waits that they would do themselves. A frame that the
 * unwinder could not vouch for is no evidence.
 */
public final class StackClassifier {
  /** Frames looked at for the present wait: what stands farther out is the reason for it, not the wait. */
  private static final int DEPTH = 8;

  /** Percent around the bound of an offset rule within which the offset decides nothing. */
  private static final int OFFSET_MARGIN = 15;

  /** Primitives that only the next frame can name; page bits are also named by functions of their own. */
  private static final Set<String> ADJACENT = Set.of("mutex", "rwsem", "semaphore");

  /** Functions of reports, and of the reader of {@code /proc/PID/stack}: a task seen in them was running. */
  private static final NamePattern REPORTING =
      NamePattern.of(
          "dump_stack*", "show_stack", "print_circular_bug*", "lock_acquire", "__lock_acquire", "validate_chain",
          "check_noncircular", "check_prev_add", "check_prevs_add", "__warn", "report_bug", "asm_exc_*", "proc_pid_stack",
          "___might_sleep", "__might_resched");

  private static final String PAGE_FAULT = "asm_exc_page_fault";

  private static final NamePattern SERVED_FAULT = NamePattern.of("handle_mm_fault", "__handle_mm_fault");

  private final FrameRules rules;
  private final Knowledge knowledge;

  private final KernelRange implied;

  public StackClassifier(Knowledge knowledge) {
    this(knowledge, KernelRange.ALWAYS);
  }

  /** @param implied releases that the stacks can be from, for those whose kernel is not known */
  StackClassifier(Knowledge knowledge, KernelRange implied) {
    this.knowledge = knowledge;
    this.implied = implied;
    this.rules = new FrameRules(knowledge);
  }

  /**
   * Reads the stack of {@code task}.
   *
   * @param kernel null if unknown: then rules of all eras count, and what depends on the era is not certain
   */
  public TaskReading classify(TaskSnapshot task, KernelVersion kernel) {
    CleanStack stack = new CleanStack(task, rules);
    List<String> services = services(task, stack);
    Set<String> notHeld = new LinkedHashSet<>();
    List<Hold> holds = holds(stack, kernel, notHeld);
    if (stack.size() == 0) {
      return new TaskReading(task, Activity.UNKNOWN, null, List.of(), holds, notHeld, services);
    }
    if (running(task, stack)) {
      return new TaskReading(task, Activity.RUNNING, null, List.of(), holds, notHeld, services);
    }
    List<Wait> waits = waits(stack, kernel);
    Wait wait = waits.get(0);
    ResourceKind kind = knowledge.kinds().get(wait.kind());
    if (kind != null && kind.trait() == ResourceKind.Trait.IDLE) {
      return new TaskReading(task, Activity.IDLE, null, List.of(), holds, notHeld, services);
    }
    if (!wait.known() && task.origin() == TaskSnapshot.Origin.BARE && task.state() == TaskState.UNKNOWN
        && stack.firstKept() == 0 && stack.primitives().isEmpty()) {
      // A call path without name, state or scheduler: who allocated something, what somebody quotes from the sources.
      return new TaskReading(task, Activity.UNKNOWN, null, List.of(), holds, notHeld, services);
    }
    return new TaskReading(task, Activity.WAITING, wait, waits.subList(1, waits.size()), holds, notHeld, services);
  }

  private static boolean running(TaskSnapshot task, CleanStack stack) {
    if (task.origin() == TaskSnapshot.Origin.SPLAT || task.origin() == TaskSnapshot.Origin.SYSRQ_L) {
      return true;
    }
    if (task.state() == TaskState.RUNNING || task.state() == TaskState.DEAD || task.state() == TaskState.ZOMBIE) {
      return true;
    }
    for (int i = 0; i < Math.min(DEPTH, stack.size()); i++) {
      String function = stack.frame(i).function();
      // A page fault that is being served sleeps like any call; one that is not was fatal.
      if (REPORTING.matches(function) && !(function.equals(PAGE_FAULT) && stack.nearerMatches(i, SERVED_FAULT))) {
        return true;
      }
    }
    return false;
  }

  // ---- waits ----

  /** The present wait, never missing, then the intents. */
  private List<Wait> waits(CleanStack stack, KernelVersion kernel) {
    List<Wait> found = new ArrayList<>();
    int next = stack.firstKept();
    if (!stack.primitives().isEmpty()) {
      Wait named = behindPrimitive(stack, kernel);
      if (named != null) {
        found.add(named);
        next = stack.firstBelowPrimitives() + 1;
      } else if (ADJACENT.contains(stack.primitives().get(0))) {
        found.add(unnamed(stack));
        next = stack.firstBelowPrimitives() + 1;
      }
    }
    Set<String> kinds = found.stream().map(Wait::kind).collect(Collectors.toCollection(LinkedHashSet::new));
    for (int i = next; i < stack.size(); i++) {
      Wait wait = at(stack, i, kernel, false);
      if (wait == null && i == 0 && stack.primitives().isEmpty()) {
        wait = hiddenPrimitive(stack, kernel);
      }
      if (wait == null) {
        continue;
      }
      if (found.isEmpty() && i >= stack.firstKept() + DEPTH) {
        break;
      }
      if (kinds.add(wait.kind())) {
        found.add(wait);
      }
    }
    if (found.isEmpty()) {
      found.add(pageBitOrUnknown(stack));
    }
    return found;
  }

  /**
   * {@code /proc/PID/stack} leaves out the functions of mutexes and semaphores (kernel/sched text): the caller of the
   * lock is then the innermost frame.
   */
  private Wait hiddenPrimitive(CleanStack stack, KernelVersion kernel) {
    FrameRule best = null;
    for (FrameRule rule : stack.entry(0).waits()) {
      boolean lock = rule.behind().stream().anyMatch(ADJACENT::contains);
      if (lock
          && rule.kernels().of(kernel, implied) != Membership.OUTSIDE
          && conditions(rule, stack, 0)
          && (best == null || better(rule, best))) {
        best = rule;
      }
    }
    if (best == null) {
      return null;
    }
    return new Wait(
        best.kinds().get(0),
        best.kinds().subList(1, best.kinds().size()),
        best.instance(),
        best,
        stack.origin(0),
        false,
        because(best, stack.frame(0)) + "; the listing leaves out the functions of the lock itself");
  }

  private Wait behindPrimitive(CleanStack stack, KernelVersion kernel) {
    int i = stack.firstBelowPrimitives();
    return i < stack.size() ? at(stack, i, kernel, true) : null;
  }

  /** Rules of frame {@code i} whose conditions hold: those for a frame below a primitive, or the others. */
  private Wait at(CleanStack stack, int i, KernelVersion kernel, boolean behind) {
    FrameRule best = null;
    boolean bestOutside = false;
    for (FrameRule rule : stack.entry(i).waits()) {
      if (rule.behind().isEmpty() == behind
          || (behind && rule.behind().stream().noneMatch(stack.primitives()::contains))
          || !conditions(rule, stack, i)) {
        continue;
      }
      // Function names speak for themselves, and distributions backport them: a rule of another era is better than
      // none, but never better than one of the right era.
      boolean outside = rule.kernels().of(kernel, implied) == Membership.OUTSIDE;
      if (best == null || (bestOutside && !outside) || (bestOutside == outside && better(rule, best))) {
        best = rule;
        bestOutside = outside;
      }
    }
    if (best == null) {
      return null;
    }
    boolean certain = stack.reliable() && !bestOutside && !best.probable() && best.kinds().size() == 1;
    return new Wait(
        best.kinds().get(0),
        best.kinds().subList(1, best.kinds().size()),
        best.instance(),
        best,
        stack.origin(i),
        certain,
        because(best, stack.frame(i)));
  }

  private boolean better(FrameRule rule, FrameRule than) {
    if (rule.probable() != than.probable()) {
      return than.probable();
    }
    if ((rule.under() == null) != (than.under() == null)) {
      // The one that looks at the callers, too, knows more of what is waited for.
      return rule.under() != null;
    }
    return rules.rank(rule) < rules.rank(than);
  }

  private static boolean conditions(FrameRule rule, CleanStack stack, int i) {
    if (rule.whileCalling() != null && !stack.nearerMatches(i, rule.whileCalling())) {
      return false;
    }
    if (rule.unlessCalling() != null && stack.nearerMatches(i, rule.unlessCalling())) {
      return false;
    }
    if (rule.under() != null && !stack.fartherMatches(i, rule.under())) {
      return false;
    }
    return !rule.asleep() || i == stack.firstKept();
  }

  /** A mutex or semaphore that no rule names: its kind is certain, which one it is only its caller says. */
  private static Wait unnamed(CleanStack stack) {
    String primitive = stack.primitives().get(0);
    String kind = primitive.equals("mutex") ? "mutex" : "rwsem";
    int i = Math.min(stack.firstBelowPrimitives(), stack.size() - 1);
    String caller = stack.frame(i).function();
    return new Wait(
        kind,
        List.of(),
        "taken in " + caller,
        null,
        stack.origin(i),
        stack.reliable(),
        "sleeps in a " + primitive + " that " + caller + " takes");
  }

  private static Wait pageBitOrUnknown(CleanStack stack) {
    int top = Math.min(stack.firstKept(), stack.size() - 1);
    if (stack.primitives().contains("page_bit")) {
      return new Wait(
          "page_lock",
          List.of("page_writeback"),
          "",
          null,
          stack.origin(top),
          false,
          "sleeps for a bit of a page; the caller does not say whether for its lock or its writeback");
    }
    List<String> names = new ArrayList<>();
    for (int i = top; i < Math.min(top + 3, stack.size()); i++) {
      names.add(stack.frame(i).function());
    }
    String shown = String.join(" < ", names);
    return new Wait(
        TaskReading.UNKNOWN_WAIT, List.of(), shown, null, stack.origin(top), false, "no rule knows " + shown);
  }

  // ---- holds ----

  /** @param notHeld gets the kinds that rules know of in these frames and rule out for this kernel */
  private List<Hold> holds(CleanStack stack, KernelVersion kernel, Set<String> notHeld) {
    List<Hold> holds = new ArrayList<>();
    // Kinds proven not to be held by this frame or one farther out, and those for which that is only possible.
    Set<String> ruledOut = new LinkedHashSet<>();
    Set<String> doubtful = new LinkedHashSet<>();
    for (int i = 0; i < stack.size(); i++) {
      for (FrameRule rule : stack.entry(i).unhelds()) {
        if (conditions(rule, stack, i)) {
          switch (applies(rule, stack.frame(i), kernel)) {
            case INSIDE -> ruledOut.addAll(rule.kinds());
            case UNKNOWN -> doubtful.addAll(rule.kinds());
            case OUTSIDE -> { }
          }
        }
      }
      for (FrameRule rule : stack.entry(i).holds()) {
        if (conditions(rule, stack, i)) {
          Membership membership = applies(rule, stack.frame(i), kernel);
          if (membership == Membership.OUTSIDE) {
            notHeld.addAll(rule.kinds());
          } else {
            addHolds(rule, stack, i, membership, ruledOut, doubtful, holds);
          }
        }
      }
    }
    notHeld.addAll(ruledOut);
    holds.forEach(hold -> notHeld.remove(hold.kind()));
    return holds;
  }

  private void addHolds(
      FrameRule rule,
      CleanStack stack,
      int i,
      Membership membership,
      Set<String> ruledOut,
      Set<String> doubtful,
      List<Hold> holds) {
    for (String kind : rule.kinds()) {
      if (ruledOut.contains(kind)) {
        continue;
      }
      boolean certain =
          stack.reliable()
              && !rule.probable()
              && !doubtful.contains(kind)
              && (membership == Membership.INSIDE || everyEra(kind, stack, i));
      // A version of the function that does not hold it any more looks the same from here.
      boolean undecided =
          membership != Membership.INSIDE && (doubtful.contains(kind) || rule.offset() != null);
      Hold known = holds.stream().filter(h -> h.kind().equals(kind)).findFirst().orElse(null);
      if (known == null) {
        holds.add(
            new Hold(kind, rule.instance(), rule, stack.origin(i), certain, undecided, because(rule, stack.frame(i))));
      } else if (certain && !known.certain()) {
        holds.set(
            holds.indexOf(known),
            new Hold(kind, rule.instance(), rule, stack.origin(i), true, false, because(rule, stack.frame(i))));
      }
    }
  }

  /** Whether rules of the oldest and of the newest kernels alike say that frame {@code i} holds {@code kind}. */
  private static boolean everyEra(String kind, CleanStack stack, int i) {
    boolean oldest = false;
    boolean newest = false;
    for (FrameRule rule : stack.entry(i).holds()) {
      if (rule.kinds().contains(kind) && rule.offset() == null && conditions(rule, stack, i)) {
        KernelRange kernels = rule.kernels();
        oldest |= kernels.from() == null || kernels.from().major() <= 3;
        newest |= kernels.to() == null;
      }
    }
    return oldest && newest;
  }

  /**
   * Whether a rule counts for this kernel and frame. The place of the return address can tell a fix that was
   * backported to an old kernel; it cannot undo one in a new kernel.
   */
  private Membership applies(FrameRule rule, Frame frame, KernelVersion kernel) {
    Membership kernels = rule.kernels().of(kernel, implied);
    if (rule.offset() == null) {
      return kernels;
    }
    boolean fix = rule.type() == FrameRule.Type.UNHELD;
    boolean sized = frame.size() > 0;
    if (frame.offset() < 0 || !sized && rule.offset().bytes() < 0) {
      return kernels == Membership.INSIDE && !fix ? Membership.UNKNOWN : kernels;
    }
    int place = sized ? 100 * frame.offset() / frame.size() : frame.offset();
    int bound = sized ? rule.offset().percent() : rule.offset().bytes();
    int margin = sized ? OFFSET_MARGIN : bound * OFFSET_MARGIN / 100;
    boolean yes = rule.offset().above() ? place >= bound : place <= bound;
    boolean no = rule.offset().above() ? place < bound - margin : place > bound + margin;
    if (yes) {
      return fix || kernels != Membership.OUTSIDE ? Membership.INSIDE : Membership.OUTSIDE;
    }
    if (no) {
      return fix && kernels == Membership.INSIDE ? Membership.INSIDE : Membership.OUTSIDE;
    }
    return kernels == Membership.INSIDE && !fix ? Membership.UNKNOWN : kernels;
  }

  // ---- services ----

  private List<String> services(TaskSnapshot task, CleanStack stack) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < stack.size(); i++) {
      for (Service service : stack.entry(i).services()) {
        if (conditions(service.rule(), stack, i)) {
          names.add(service.name());
        }
      }
    }
    // A stack cut off at its outer end still has the work function in its header.
    if (!task.workFunction().isEmpty()) {
      for (Service service : rules.of(task.workFunction()).services()) {
        names.add(service.name());
      }
    }
    return List.copyOf(names);
  }

  private static String because(FrameRule rule, Frame frame) {
    StringBuilder because = new StringBuilder(frame.function());
    if (!rule.because().isEmpty()) {
      because.append(": ").append(rule.because());
    }
    StringBuilder origin = new StringBuilder();
    if (!rule.kernels().always()) {
      origin.append("kernels ").append(rule.kernels());
    }
    if (!rule.source().isEmpty()) {
      origin.append(origin.isEmpty() ? "" : ", ").append(rule.source());
    }
    return origin.isEmpty() ? because.toString() : because.append(" [").append(origin).append(']').toString();
  }
}
