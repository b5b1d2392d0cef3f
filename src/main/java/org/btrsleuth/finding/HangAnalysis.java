package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Role;
import org.btrsleuth.waitgraph.HangGraph;
import org.btrsleuth.waitgraph.LockOrder;
import org.btrsleuth.waitgraph.LockOrderGraph;
import org.btrsleuth.waitgraph.Party;
import org.btrsleuth.waitgraph.TraceEvidence;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Knot;

/**
 * From the blocked tasks of an incident to verdicts: known deadlock, deadlock by its mechanism, wait chain that ends
 * outside of btrfs, or not enough evidence. A deadlock is always a knot of the wait graph; known bugs only name it.
 */
public final class HangAnalysis {
  /** Less sure cycles are not reported (lock-model section 5). */
  static final double POSSIBLE = 0.4;
  /** Bugs that may name a knot: those farther back in the ranking share a common function at most. */
  private static final int CANDIDATES = 40;
  /** Kinds of bugs that can be a hang; a lock order report foretells one. What miscounts space never explains a knot. */
  private static final Set<String> HANGS =
      Set.of("hang-deadlock", "leaked-lock", "lost-wakeup", "livelock", "hang-slow", "lockdep");
  /** Bugs whose missing holds are tried as hypotheses; each costs a graph. */
  private static final int HYPOTHESES = 8;

  /**
   * The graph as reports draw it, and the findings, most severe and most confident first.
   *
   * @param implied releases that the stacks can be from, by their functions and form
   */
  public record Result(WaitGraph graph, KernelRange implied, List<Finding> findings) {
    public Result {
      findings = List.copyOf(findings);
    }
  }

  private final Incident incident;
  private final Knowledge knowledge;
  private final HangGraph hang;

  private HangAnalysis(Incident incident, Knowledge knowledge, HangGraph hang) {
    this.incident = incident;
    this.knowledge = knowledge;
    this.hang = hang;
  }

  public static Result analyse(Incident incident, Knowledge knowledge, TraceEvidence trace) {
    return analyse(
        incident, knowledge, HangGraph.of(incident, knowledge, trace), new BugMatcher(knowledge).rank(incident));
  }

  /**
   * @param hang the graph of the incident's tasks
   * @param ranked what {@link BugMatcher#rank} says of the incident
   */
  public static Result analyse(Incident incident, Knowledge knowledge, HangGraph hang, List<BugMatch> ranked) {
    Result result = new HangAnalysis(incident, knowledge, hang).run(ranked);
    List<LockOrder> orders = LockOrder.of(incident.records(), knowledge);
    return new Result(LockOrderGraph.add(result.graph(), orders, knowledge), result.implied(), result.findings());
  }

  private Result run(List<BugMatch> ranked) {
    Map<Bug, Integer> ranks = new IdentityHashMap<>();
    ranked.forEach(m -> ranks.putIfAbsent(m.bug(), ranks.size()));
    StepIndex index = new StepIndex(knowledge, new PatternWeights(knowledge));
    List<BitSet[]> matching = hang.parties().stream().map(p -> index.matching(p.first().frames())).toList();
    List<BugRoles> bugs = new ArrayList<>();
    for (BugMatch match : ranked.subList(0, Math.min(CANDIDATES, ranked.size()))) {
      Bug bug = match.bug();
      if (!HANGS.contains(bug.kind())) {
        continue;
      }
      Membership kernel = KernelFit.membership(bug, hang.kernel(), match.version());
      BugRoles roles = BugRoles.of(bug, kernel, hang.parties(), matching, index);
      if (!roles.players().isEmpty()) {
        bugs.add(roles);
      }
    }
    for (Bug bug : knowledge.bugs().values()) {
      // Of these the capture shows nobody but victims; the role that is missing may be the holder that they lack.
      if (!ranks.containsKey(bug) && HANGS.contains(bug.kind()) && bug.roles().stream().anyMatch(Role::optional)) {
        Membership kernel = KernelFit.membership(bug, hang.kernel(), KernelFit.version(bug, hang.kernel(), hang.implied()));
        BugRoles roles = BugRoles.of(bug, kernel, hang.parties(), matching, index);
        if (!roles.players().isEmpty() && roles.missing().size() == 1) {
          bugs.add(roles);
        }
      }
    }
    bugs.sort(
        Comparator.comparing((BugRoles b) -> b.kernel() == Membership.OUTSIDE)
            .thenComparing(b -> ranks.getOrDefault(b.bug(), Integer.MAX_VALUE))
            .thenComparing(b -> b.bug().name()));

    Map<String, Finding> findings = new LinkedHashMap<>();
    WaitGraph drawn = hang.graph();
    DeadlockFindings deadlocks = new DeadlockFindings(knowledge, hang, bugs);
    Set<Integer> explained = new HashSet<>();
    for (Knot knot : hang.graph().knots()) {
      if (!knot.resolvable() && knot.confidence() >= POSSIBLE) {
        Finding finding = deadlocks.of(hang, knot, null);
        findings.merge(finding.pattern(), finding, HangAnalysis::surer);
        explained.addAll(knot.nodes());
      }
    }
    int tried = 0;
    for (BugRoles bug : bugs) {
      if (findings.containsKey(bug.bug().name())
          || !bug.complete()
          || bug.kernel() == Membership.OUTSIDE
          || bug.claims().isEmpty()
          || tried++ >= HYPOTHESES) {
        continue;
      }
      HangGraph assumed = hang.assuming(bug.claims(), knowledge);
      for (Knot knot : assumed.graph().knots()) {
        if (!knot.resolvable() && knot.confidence() >= POSSIBLE && deadlocks.agrees(bug, assumed, knot)) {
          Finding finding = deadlocks.of(assumed, knot, bug);
          findings.merge(finding.pattern(), finding, HangAnalysis::surer);
          explained.addAll(knot.nodes());
          drawn = drawn == hang.graph() ? assumed.graph() : drawn;
        }
      }
    }
    if (findings.isEmpty() && (!hang.parties().isEmpty() || hang.moved() > 0)) {
      for (Finding finding : new BlockedFindings(incident, knowledge, hang, bugs).all()) {
        findings.putIfAbsent(finding.pattern(), finding);
      }
    }
    if (hang.parties().isEmpty()) {
      HeldLockFindings.of(hang.lists(), knowledge).ifPresent(f -> findings.put(f.pattern(), f));
    }
    List<Finding> sorted = new ArrayList<>(findings.values());
    sorted.sort(
        Comparator.comparing(Finding::severity).thenComparing(Finding::confidence).thenComparing(Finding::pattern));
    return new Result(drawn, hang.implied(), sorted);
  }

  private static Finding surer(Finding a, Finding b) {
    return b.confidence().compareTo(a.confidence()) < 0 ? b : a;
  }
}
