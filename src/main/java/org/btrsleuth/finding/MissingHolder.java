package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.knowledge.FramePath;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Progress;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.knowledge.Role;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.HangGraph;
import org.btrsleuth.waitgraph.Party;
import org.btrsleuth.waitgraph.PartyNames;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/**
 * A known deadlock of which the capture has the waiting parties but not the holder, as when the hung-task detector
 * stopped after ten reports. It stays a possibility: the holder is named as missing, never invented.
 */
final class MissingHolder {
  /** One waiting party alone is too common to name a bug by. */
  private static final int ROLES = 2;

  private final Knowledge knowledge;
  private final HangGraph hang;
  private final List<BugRoles> bugs;
  /** By party, the resource that it waits for. */
  private final Map<Integer, Integer> awaited = new HashMap<>();
  /** Resources with a possible holder. */
  private final Set<Integer> held = new HashSet<>();

  MissingHolder(Knowledge knowledge, HangGraph hang, List<BugRoles> bugs) {
    this.knowledge = knowledge;
    this.hang = hang;
    this.bugs = bugs;
    for (Edge e : hang.graph().edges()) {
      if (e.kind() == EdgeKind.WAITS_FOR) {
        awaited.putIfAbsent(e.from(), e.to());
      } else if (e.kind() == EdgeKind.HELD_BY || hang.graph().nodes().get(e.to()).nodeKind() == NodeKind.RESOURCE) {
        held.add(e.from());
      }
    }
  }

  Optional<Finding> find() {
    List<BugRoles> fitting = bugs.stream().filter(b -> lacksHolder(b) != null).toList();
    if (fitting.isEmpty()) {
      return Optional.empty();
    }
    BugRoles best = fitting.get(0);
    Party waiter = lacksHolder(best);
    Claim wait = waiter.waitsFor();
    Role missing = best.missing().get(0);
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = best.bug().name();
    finding.severity = Severity.ERROR;
    finding.confidence = Confidence.POSSIBLE;
    String shown = knowledge.shown(wait.kind());
    finding.title = "Possibly: " + best.bug().title() + " (the holder of the " + shown + " is missing in this capture)";
    finding.summary =
        "Tasks have been waiting for: " + shown + ". Who holds that is not in this capture. They wait where the victims of"
            + " this known deadlock wait, on a kernel that has it. " + BugText.says(best.bug());
    finding.explanation.add(
        "The holder is missing: no task of this capture is seen to hold the " + shown + " that "
            + PartyNames.of(waiter) + " waits for.");
    finding.explanation.add("Expected in its place: " + title(missing) + ".");
    finding.fixes.addAll(BugText.fixes(fitting.stream().map(BugRoles::bug).toList(), 0));
    Set<Integer> told = new HashSet<>();
    for (List<Party> players : best.players().values()) {
      for (Party party : players) {
        if (!told.add(party.id())) {
          continue; // it plays another role, too
        }
        for (TaskSnapshot task : party.tasks()) {
          finding.victims.add(DeadlockFindings.victim(party, task));
        }
        finding.evidence.addAll(party.evidence(party.waitsFor()));
        finding.certain.add(
            PartyNames.of(party) + " waits for the " + knowledge.shown(party.waitsFor().kind())
                + ": " + party.waitsFor().because());
      }
    }
    finding.inferred.add("who holds the " + shown + ": the stack of the holder is not in the capture");
    finding.numbers.put("victims", (long) finding.victims.size());
    finding.nextSteps.add(
        "Find the holder: echo w > /proc/sysrq-trigger; dmesg, and look for " + title(missing)
            + "; raise kernel.hung_task_warnings (-1 for no limit), as the detector stops after ten reports");
    finding.nextSteps.addAll(BugText.nextSteps(best.bug()));
    return Optional.of(finding.build());
  }

  private static String title(Role role) {
    List<FramePath> paths = new ArrayList<>(role.runs());
    role.waits().stream().filter(w -> w.path() != null).forEach(w -> paths.add(w.path()));
    if (!role.title().equals(role.name()) || paths.isEmpty()) {
      return role.title();
    }
    List<NamePattern> steps = paths.get(0).steps();
    return "a task in " + steps.get(steps.size() - 1).alternatives().get(0);
  }

  /** The waiter whose wait has no holder in the dump and whose holder is the bug's only missing role; else null. */
  private Party lacksHolder(BugRoles bug) {
    if (bug.kernel() != Membership.INSIDE || hang.kernel() == null || bug.missing().size() != 1
        || bug.players().size() < ROLES) {
      return null;
    }
    List<String> kinds = new ArrayList<>();
    bug.missing().get(0).holds().forEach(h -> kinds.addAll(h.kinds()));
    for (Role role : bug.bug().roles()) {
      for (Party party : bug.players().getOrDefault(role.name(), List.of())) {
        Claim wait = party.waitsFor();
        if (wait != null && party.lasting() && endsWith(wait.kind(), kinds) && unheld(party)) {
          return party;
        }
      }
    }
    return null;
  }

  /** Whether a wait for {@code kind} ends when somebody lets go of one of {@code released}: writers end their handles. */
  private boolean endsWith(String kind, List<String> released) {
    return released.contains(kind)
        || knowledge.progress().stream()
            .filter(rule -> rule.kind().equals(kind))
            .flatMap(rule -> rule.needs().stream())
            .anyMatch(need -> need.type() == Progress.NeedType.KIND && released.contains(need.name()));
  }

  private boolean unheld(Party party) {
    Integer resource = awaited.get(party.id());
    return resource != null && !held.contains(resource);
  }
}
