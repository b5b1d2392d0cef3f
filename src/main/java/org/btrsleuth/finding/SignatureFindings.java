package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Findings from signatures of known bugs: lock order reports, warnings, crashes, aborted transactions, and blocked tasks
 * that look like a known bug although the wait graph does not close.
 *
 * <p>A signature alone never makes a deadlock likely or certain: without a cycle in the graph it stays a possibility.
 */
public final class SignatureFindings {
  /** Part of the signature that must be there to name a bug at all. */
  private static final double NAMED = 0.7;
  /** Weight below which even a whole signature is too common to name a bug by. */
  private static final double NAMED_WEIGHT = 9;
  /** Part of the signature from which on a bug is likely. */
  private static final double STRONG = 0.85;
  /** Weight of a signature below which it is too common to be likely: about three rare functions. */
  private static final double WEIGHTY = 12;
  /** Share of the best score from which on another bug is a candidate that cannot be told apart. */
  private static final double RIVAL = 0.8;
  /** Share of the best score from which on another bug is worth mentioning. */
  private static final double RELATIVE = 0.5;

  /** Part of a signature from which on it is worth mentioning where nothing better is known. */
  private static final double ALIKE = 0.3;

  private static final double ALIKE_WEIGHT = 5;

  /** Stacks that somebody or something printed because a task was in trouble. */
  private static final Set<TaskSnapshot.Origin> TROUBLE =
      Set.of(TaskSnapshot.Origin.HUNG_TASK, TaskSnapshot.Origin.BARE);

  private static final String CAPTURE =
      "Capture all blocked tasks twice, 20 seconds apart: echo w > /proc/sysrq-trigger. It shows who holds what.";

  private static final int MOST_CANDIDATES = 3;
  private static final Set<String> DEADLOCKS = Set.of("hang-deadlock", "leaked-lock", "lost-wakeup");
  /** Running out of space, or something left at the end, has many causes; where it was noticed does not tell which. */
  private static final Set<String> VAGUE =
      Set.of("enospc-abort", "enospc-early", "enospc-warn", "rsv-leak", "rsv-over", "qgroup-leak");
  private static final Set<String> LOOPS = Set.of("livelock", "soft-lockup");
  private static final Set<String> LOCKUPS = Set.of("soft-lockup", "hard-lockup", "rcu-stall");
  private static final Set<String> ORDERS = Set.of("lockdep", "lockdep-false");

  private final Incident incident;
  private final Knowledge knowledge;
  private final SeenRecords records;
  private final List<BugMatch> ranked;

  private SignatureFindings(Incident incident, Knowledge knowledge, List<BugMatch> ranked) {
    this.incident = incident;
    this.knowledge = knowledge;
    this.records = SeenRecords.of(incident);
    this.ranked = ranked;
  }

  /**
   * Findings beside those of other analyses.
   *
   * @param others findings of the wait graph and the ledger; a bug that they name is not named again
   */
  public static List<Finding> of(Incident incident, Knowledge knowledge, List<Finding> others) {
    return of(incident, knowledge, new BugMatcher(knowledge).rank(incident), others);
  }

  /** @param ranked what {@link BugMatcher#rank} says of the incident */
  public static List<Finding> of(
      Incident incident, Knowledge knowledge, List<BugMatch> ranked, List<Finding> others) {
    return new SignatureFindings(incident, knowledge, ranked).run(others);
  }

  private List<Finding> run(List<Finding> others) {
    List<Finding> findings = new ArrayList<>();
    boolean named = others.stream().anyMatch(f -> knowledge.bugs().containsKey(f.pattern()));
    boolean sure =
        others.stream()
            .anyMatch(f -> knowledge.bugs().containsKey(f.pattern()) && f.confidence() != Confidence.POSSIBLE);
    boolean bug = false;
    if (!ranked.isEmpty() && nameable(ranked.get(0))) {
      Finding known = known(ranked.get(0));
      bug = true;
      // What the wait graph or the ledger says is worth more than a signature that only may fit.
      if (others.stream().noneMatch(f -> f.pattern().equals(known.pattern()))
          && !(sure && known.confidence() == Confidence.POSSIBLE)) {
        findings.add(known);
      }
    }
    boolean fixed = others.stream().anyMatch(f -> !f.fixes().isEmpty());
    boolean explained =
        others.stream().anyMatch(f -> f.severity() != Severity.INFO && f.confidence() != Confidence.POSSIBLE);
    boolean whole = ranked.stream().limit(1).anyMatch(m -> m.telling() && whole(m));
    if (!bug && !fixed && (!explained || whole)) {
      resemblance(findings);
    }
    // What the kernel itself reported is a finding even if no known bug explains it.
    if (!named) {
      // One that another analysis explains more closely is not told twice.
      boolean order = bug && warned(ranked.get(0).bug());
      new ReportFindings(incident, records, knowledge)
          .all(bug, order).stream()
              .filter(f -> others.stream().noneMatch(o -> o.evidence().containsAll(f.evidence())))
              .forEach(findings::add);
    }
    if (findings.isEmpty() && others.isEmpty()) {
      StacklessFindings.of(incident).ifPresent(findings::add);
    }
    return findings;
  }

  private boolean nameable(BugMatch match) {
    return match.telling()
        && whole(match)
        && match.version() != BugMatch.Version.UNLIKELY
        && lasts(match);
  }

  /** False where the bug is nothing but time and nothing in the capture says that it took long. */
  private boolean lasts(BugMatch match) {
    boolean reported = lockup() || logged(match);
    return switch (match.bug().kind()) {
      case "livelock", "soft-lockup" -> reported;
      case "hang-slow" -> reported || hung();
      default -> true;
    };
  }

  /** Whether a part of the match is something that the kernel printed about it, not only where tasks stand. */
  private static boolean logged(BugMatch match) {
    return match.elements().stream().anyMatch(e -> e.stack() < 0 && e.share() > 0);
  }

  private static boolean whole(BugMatch match) {
    return match.coverage() >= NAMED && match.matched() >= NAMED_WEIGHT;
  }

  /** Whether somebody or something found a task to be stuck. */
  private boolean hung() {
    return incident.tasks().stream().anyMatch(t -> t.blockedSeconds() > 0 || TROUBLE.contains(t.origin()));
  }

  private boolean lockup() {
    return records.splats().stream().anyMatch(splat -> LOCKUPS.contains(splat.kind()));
  }

  private Finding known(BugMatch best) {
    Bug bug = best.bug();
    List<BugMatch> rivals = rivals(best);
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = bug.name();
    finding.mechanism.add(bug.name());
    finding.severity = severity(bug);
    finding.confidence = confidence(best, rivals);
    finding.title = heading(bug) + bug.title();
    List<Bug> equals = new ArrayList<>(List.of(bug));
    rivals.forEach(r -> equals.add(r.bug()));
    finding.summary =
        (rivals.isEmpty() ? BugText.says(bug) : BugText.either(equals))
            + (bug.symptom().isEmpty() || !rivals.isEmpty() ? "" : " Seen as: " + bug.symptom() + ".");
    for (BugMatch.Element element : best.elements()) {
      int percent = (int) Math.round(100 * element.share());
      String where = element.evidence().isEmpty() ? "" : " (" + element.evidence().get(0).location() + ")";
      String shown = element.what() + ": " + percent + " % of its signature stands in the capture" + where;
      finding.explanation.add(BugText.sentence(shown));
      if (percent >= 95) {
        finding.certain.add(shown);
      } else {
        finding.inferred.add(shown);
      }
      finding.evidence.addAll(element.evidence());
    }
    if (warned(bug)) {
      LockOrderText.add(finding, incident, knowledge, bug);
    }
    version(best, finding);
    for (BugMatch rival : rivals) {
      finding.inferred.add(
          "the capture does not tell it from " + rival.bug().name() + ": " + rival.bug().says());
    }
    List<Bug> shown = new ArrayList<>(equals);
    candidates(1).stream().map(BugMatch::bug).filter(b -> !equals.contains(b)).forEach(shown::add);
    finding.fixes.addAll(BugText.fixes(shown, 1));
    if (!rivals.isEmpty()) {
      finding.nextSteps.add(BugText.apart(equals));
    }
    nextSteps(bug, finding);
    finding.numbers.put("signaturePercent", Math.round(100 * best.coverage()));
    return finding.build();
  }

  /** Too little for a name: says what the blocked tasks have in common with known bugs, and no more. */
  private void resemblance(List<Finding> findings) {
    boolean reported = records.lockdep() || !records.splats().isEmpty() || !records.aborts().isEmpty();
    // One look at tasks that wait is no trouble: every healthy host has some.
    boolean trouble = hung() || reported;
    List<BugMatch> alike =
        ranked.stream()
            .filter(m -> trouble ? m.coverage() >= ALIKE && m.matched() >= ALIKE_WEIGHT : m.telling() && whole(m))
            .limit(MOST_CANDIDATES)
            .toList();
    if (alike.isEmpty()) {
      return;
    }
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = "resembles-known-bugs";
    finding.severity = Severity.INFO;
    finding.confidence = Confidence.POSSIBLE;
    boolean common = alike.stream().allMatch(m -> m.coverage() >= STRONG && !m.telling());
    finding.title = "Some of this looks like known bugs; it is too little to name one";
    finding.summary =
        (common
                ? "What these bugs show is in the capture, but kernels without them show it as well, as when space really runs"
                    + " out or work takes long."
                : "A part of what these bugs show is in the capture, the rest is missing.")
            + " They are where to look first, not a verdict.";
    for (BugMatch match : alike) {
      finding.mechanism.add(match.bug().name());
      finding.inferred.add((match.coverage() >= STRONG ? "like " : "in part like ") + match.bug().name() + ": " + match.bug().says());
      match.elements().forEach(element -> finding.evidence.addAll(element.evidence()));
    }
    List<Bug> bugs = alike.stream().map(BugMatch::bug).toList();
    finding.fixes.addAll(BugText.fixes(bugs, 0));
    finding.nextSteps.add(BugText.apart(bugs));
    if (bugs.stream().anyMatch(bug -> DEADLOCKS.contains(bug.kind()))) {
      finding.nextSteps.add(CAPTURE);
    }
    findings.add(finding.build());
  }

  /** Bugs that fit about as well and have another fix. */
  private List<BugMatch> rivals(BugMatch best) {
    List<BugMatch> rivals = new ArrayList<>();
    for (BugMatch other : ranked.subList(1, ranked.size())) {
      if (other.score() >= RIVAL * best.score() && rivals.size() < MOST_CANDIDATES) {
        rivals.add(other);
      }
    }
    return rivals;
  }

  /** The best matches from {@code first} on that are worth mentioning. */
  private List<BugMatch> candidates(int first) {
    return ranked.stream()
        .skip(first)
        .filter(m -> m.score() >= RELATIVE * ranked.get(0).score() && m.coverage() >= RELATIVE)
        .limit(MOST_CANDIDATES)
        .toList();
  }

  private Confidence confidence(BugMatch best, List<BugMatch> rivals) {
    boolean strong =
        best.coverage() >= STRONG
            && best.matched() >= WEIGHTY
            && best.version() != BugMatch.Version.UNLIKELY
            && rivals.isEmpty();
    if (!strong || VAGUE.contains(best.bug().kind()) || (DEADLOCKS.contains(best.bug().kind()) && !records.lockdep())) {
      return Confidence.POSSIBLE;
    }
    // A loop is proven by a lockup report or by looking twice, not by one look at a task that is at work.
    if (LOOPS.contains(best.bug().kind()) && !lockup()) {
      return Confidence.POSSIBLE;
    }
    boolean whole = best.coverage() >= 0.97 && best.matched() >= 2 * WEIGHTY;
    return whole && best.version() == BugMatch.Version.POSSIBLE && !DEADLOCKS.contains(best.bug().kind())
        ? Confidence.CERTAIN
        : Confidence.LIKELY;
  }

  private Severity severity(Bug bug) {
    return switch (bug.kind()) {
      case "lockdep-false" -> Severity.INFO;
      case "lockdep", "hang-slow", "warn", "sleeping-atomic", "dump", "memory-leak" -> Severity.WARNING;
      default -> Severity.ERROR;
    };
  }

  /** Whether lockdep warned of the bug, before it could stop anything. */
  private boolean warned(Bug bug) {
    return records.lockdep() && (ORDERS.contains(bug.kind()) || DEADLOCKS.contains(bug.kind()));
  }

  private String heading(Bug bug) {
    if (warned(bug)) {
      return bug.kind().equals("lockdep-false") ? "False lock order report: " : "Lock order report: ";
    }
    return switch (bug.kind()) {
      case "hang-deadlock" -> "Looks like a known deadlock: ";
      case "leaked-lock" -> "Looks like a lock that was never released: ";
      case "lost-wakeup" -> "Looks like a lost wake-up: ";
      case "livelock", "soft-lockup" -> "Loop without end: ";
      case "hang-slow" -> "Long wait: ";
      case "enospc-abort", "abort-other" -> "Aborted transaction: ";
      case "qgroup-leak" -> "Leaked quota reservation: ";
      case "rsv-leak" -> "Leaked reservation: ";
      default -> "Known bug: ";
    };
  }

  private void version(BugMatch match, FindingBuilder finding) {
    Bug bug = match.bug();
    String fixed = bug.fixes().isEmpty() ? "" : bug.fixes().get(0).fixedIn();
    if (incident.kernel() == null) {
      finding.inferred.add("the kernel is not known" + (fixed.isEmpty() ? "" : "; releases before " + fixed + " have the bug"));
    } else if (match.version() == BugMatch.Version.UNLIKELY) {
      finding.inferred.add(
          "kernel " + incident.kernel() + " should not have this bug"
              + (fixed.isEmpty() ? "" : ", which is fixed in " + fixed)
              + (bug.kernels().from() == null ? "" : " and came with " + bug.kernels().from()));
    } else if (!fixed.isEmpty()) {
      finding.inferred.add("kernel " + incident.kernel() + " may have this bug, which is fixed in " + fixed);
    }
    if (incident.kernelAt() != null) {
      finding.evidence.add(incident.kernelAt());
    }
  }

  private static void nextSteps(Bug bug, FindingBuilder finding) {
    finding.nextSteps.addAll(BugText.nextSteps(bug));
    if (DEADLOCKS.contains(bug.kind())) {
      finding.nextSteps.add(CAPTURE);
    }
  }
}
