package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Role;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.HangGraph;
import org.btrsleuth.waitgraph.Party;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Words for knots: the known bug that a deadlock is, or its mechanism and the bugs that look alike. */
final class DeadlockFindings {
  static final String UNKNOWN = "unknown-deadlock";
  private static final int RELATIVES = 3;

  private final Knowledge knowledge;
  private final HangGraph hang;
  private final List<BugRoles> bugs;
  /** Of the graph asked last; it is asked once for each bug and knot. */
  private HangGraph forestOf;
  private WaitGraph.Forest forest;

  /** @param bugs with at least one role played, best first */
  DeadlockFindings(Knowledge knowledge, HangGraph hang, List<BugRoles> bugs) {
    this.knowledge = knowledge;
    this.hang = hang;
    this.bugs = bugs;
  }

  /** The finding for a deadlock; {@code named} if a bug's hypothesis made the knot, else null. */
  Finding of(HangGraph graph, Knot knot, BugRoles named) {
    CycleText text = new CycleText(graph, knot, knowledge);
    BugRoles bug = named;
    List<BugRoles> rivals = new ArrayList<>();
    for (BugRoles candidate : bugs) {
      if (candidate == named
          || !candidate.complete()
          || candidate.kernel() == Membership.OUTSIDE
          || !agrees(candidate, graph, knot)) {
        continue;
      }
      if (bug == null) {
        bug = candidate;
      } else if (candidate.steps() >= bug.steps() && rivals.size() < RELATIVES) {
        rivals.add(candidate);
      }
    }
    FindingBuilder finding = new FindingBuilder();
    finding.severity = Severity.ERROR;
    finding.confidence = FindingBuilder.level(knot.confidence());
    finding.cycle.addAll(text.steps());
    finding.explanation.addAll(text.sentences());
    finding.certain.addAll(text.certain());
    finding.inferred.addAll(text.inferred());
    finding.evidence.addAll(text.evidence());
    finding.numbers.put("tasksInCycle", (long) text.tasks().size());
    victims(finding, graph, knot, text);
    if (bug == null) {
      // Without a known bug behind it, a cycle of which some part is a guess is no more than a suspicion.
      finding.severity = finding.confidence == Confidence.POSSIBLE ? Severity.WARNING : Severity.ERROR;
      unknown(finding, text, knot, graph);
    } else {
      known(finding, bug);
      rivals(finding, bug, rivals);
    }
    capture(finding, graph, text);
    return finding.build();
  }

  /** Other bugs that the same tasks play as well: that they deadlock is as sure as before, which bug it is is not. */
  private static void rivals(FindingBuilder finding, BugRoles roles, List<BugRoles> rivals) {
    if (rivals.isEmpty()) {
      return;
    }
    List<Bug> bugs = new ArrayList<>(List.of(roles.bug()));
    rivals.forEach(r -> bugs.add(r.bug()));
    finding.summary = BugText.either(bugs);
    if (finding.confidence == Confidence.CERTAIN) {
      finding.confidence = Confidence.LIKELY;
    }
    for (BugRoles rival : rivals) {
      finding.inferred.add("which bug it is: the same tasks play the roles of " + rival.bug().name());
      rival.bug().fixes().forEach(fix -> finding.fixes.add(new MatchedFix(fix, false)));
    }
    finding.nextSteps.add(BugText.apart(bugs));
  }

  private void known(FindingBuilder finding, BugRoles roles) {
    Bug bug = roles.bug();
    finding.pattern = bug.name();
    finding.title = bug.name().replace('-', ' ');
    finding.summary = BugText.says(bug);
    for (Fix fix : bug.fixes()) {
      finding.fixes.add(new MatchedFix(fix, true));
      if (!fix.commit().isEmpty() || !fix.fixedIn().isEmpty()) {
        finding.explanation.add(fixSentence(fix, bug));
      }
    }
    if (roles.kernel() == Membership.INSIDE && hang.kernel() != null) {
      finding.certain.add("kernel " + hang.kernel() + " is one that can have this defect");
    } else if (roles.kernel() == Membership.UNKNOWN && hang.kernel() != null) {
      finding.inferred.add(
          "some update of the " + hang.kernel().series() + " series has the fix; whether " + hang.kernel()
              + " is older, its release does not tell");
    } else if (roles.kernel() == Membership.UNKNOWN) {
      finding.inferred.add("the kernel version is unknown; the defect is known " + BugText.releases(bug));
    }
    finding.nextSteps.addAll(BugText.nextSteps(bug));
  }

  private void unknown(FindingBuilder finding, CycleText text, Knot knot, HangGraph graph) {
    finding.pattern = UNKNOWN;
    finding.mechanism.addAll(text.kinds());
    List<String> kinds = text.kinds().stream().map(knowledge::shown).toList();
    finding.title = "Tasks wait for each other over: " + String.join(", ", kinds);
    finding.summary =
        "These tasks wait for each other and none can go on. No known bug has this mechanism; the nearest relatives are"
            + " listed as fixes.";
    Set<String> commits = new HashSet<>();
    for (BugRoles relative : bugs) {
      if (finding.fixes.size() < RELATIVES && relative.kernel() != Membership.OUTSIDE && telling(relative)
          && related(relative, text, graph)) {
        for (Fix fix : relative.bug().fixes()) {
          if (commits.add(fix.commit() + fix.subject())) {
            finding.fixes.add(new MatchedFix(fix, false));
          }
        }
      }
    }
    if (finding.fixes.isEmpty()) {
      finding.summary = "These tasks wait for each other and none can go on. No known bug has this mechanism.";
    }
  }

  private static String fixSentence(Fix fix, Bug bug) {
    String in = fix.fixedIn().isEmpty() ? "" : ", in " + fix.fixedIn();
    String backports = bug.backports().isEmpty() ? "" : "; also in stable " + String.join(", ", bug.backports());
    return "Upstream fix: " + BugText.name(fix) + in + backports + ".";
  }

  /** Whether one of the roles played is one that only the bug has. */
  private static boolean telling(BugRoles bug) {
    return bug.bug().roles().stream().anyMatch(r -> !r.common() && !r.optional() && bug.players().containsKey(r.name()));
  }

  /** Whether the parties that play the bug's roles are the knot or stand behind it, and the cycle is the bug's. */
  boolean agrees(BugRoles bug, HangGraph graph, Knot knot) {
    Set<Integer> members = new HashSet<>(knot.nodes());
    CycleText text = new CycleText(graph, knot, knowledge);
    Set<Integer> behind = behind(graph, knot);
    boolean inCycle = false;
    for (Role role : bug.bug().roles()) {
      List<Party> players = bug.players().getOrDefault(role.name(), List.of());
      if (role.optional() || players.isEmpty()) {
        continue;
      }
      if (players.stream().noneMatch(p -> members.contains(p.id()) || behind.contains(p.id()))) {
        return false;
      }
      inCycle |= players.stream().anyMatch(p -> text.tasks().contains(p.id()));
    }
    return inCycle && telling(bug) && coversCycle(bug, text, graph);
  }

  /** The cycle's tasks that hold something must play a role, else it is another deadlock with some of the same tasks. */
  private boolean coversCycle(BugRoles bug, CycleText text, HangGraph graph) {
    Set<Integer> players = new HashSet<>();
    bug.players().values().forEach(l -> l.forEach(p -> players.add(p.id())));
    int covered = 0;
    for (int task : text.tasks()) {
      covered += players.contains(task) ? 1 : 0;
    }
    return 2 * covered >= text.tasks().size();
  }

  private boolean related(BugRoles relative, CycleText text, HangGraph graph) {
    for (List<Party> players : relative.players().values()) {
      if (players.stream().anyMatch(p -> text.tasks().contains(p.id()))) {
        return true;
      }
    }
    return false;
  }

  private Set<Integer> behind(HangGraph graph, Knot knot) {
    if (graph != forestOf) {
      forestOf = graph;
      forest = graph.graph().forest();
    }
    return new HashSet<>(forest.behind().getOrDefault(knot.nodes().get(0), List.of()));
  }

  /** Everybody in or behind the knot who is not a step of the cycle. */
  private void victims(FindingBuilder finding, HangGraph graph, Knot knot, CycleText text) {
    Set<Integer> nodes = new LinkedHashSet<>(knot.nodes());
    nodes.addAll(behind(graph, knot));
    for (int id : nodes.stream().sorted().toList()) {
      Node node = graph.graph().nodes().get(id);
      if (node.nodeKind() == NodeKind.TASK && id < graph.parties().size()) {
        Party party = graph.parties().get(id);
        int from = text.tasks().contains(id) ? 1 : 0;
        for (TaskSnapshot task : party.tasks().subList(from, party.tasks().size())) {
          finding.victims.add(victim(party, task));
        }
      }
    }
    finding.numbers.put("victims", (long) finding.victims.size());
  }

  static Victim victim(Party party, TaskSnapshot task) {
    Claim wait = party.waitsFor();
    ResourceRef what =
        wait == null
            ? new ResourceRef("unknown", "", false, "no rule knows this wait")
            : new ResourceRef(wait.kind(), wait.instance(), wait.proven(), wait.because());
    return new Victim(CycleText.ref(task), what, task.header());
  }

  /** What a further capture could prove that is inferred here. */
  private void capture(FindingBuilder finding, HangGraph graph, CycleText text) {
    boolean pages = text.kinds().contains("page_lock") || text.kinds().contains("extent_range");
    boolean unsure = !finding.inferred.isEmpty();
    if (unsure && pages) {
      finding.nextSteps.add(
          "To name inode and page, record the events btrfs:__extent_writepage (6.12 and newer: btrfs:extent_writepage),"
              + " btrfs:btrfs_work_queued and btrfs:btrfs_work_sched until it hangs again");
    }
    if (text.kinds().contains("tree_lock") && unsure) {
      finding.nextSteps.add("To name the tree blocks, record btrfs:btrfs_tree_lock and btrfs:btrfs_tree_unlock (5.2 and newer)");
    }
    if (!graph.complete()) {
      finding.nextSteps.add(
          "Take all blocked tasks twice, 30 seconds apart: echo w > /proc/sysrq-trigger; dmesg (this capture may miss tasks)");
    }
    if (finding.confidence != Confidence.CERTAIN) {
      finding.nextSteps.add("A kernel with CONFIG_LOCKDEP lists the holders: echo d > /proc/sysrq-trigger");
    }
  }
}
