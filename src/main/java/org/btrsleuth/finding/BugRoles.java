package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.FramePath;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.knowledge.Role;
import org.btrsleuth.knowledge.Role.RoleHold;
import org.btrsleuth.knowledge.Role.RoleWait;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.Party;
import org.btrsleuth.waitgraph.Party.Claim;

/**
 * Which parties play the roles of a known bug. A role is played by a party whose stack has the role's frames in order
 * and that waits for what the role waits for. What the role is said to hold, but no rule knows of, is a claim: it
 * has to close a cycle in the graph before it counts.
 */
record BugRoles(Bug bug, Membership kernel, Map<String, List<Party>> players, List<Role> missing, int steps) {

  /** Share of a role's frames that a stack must have to play it. */
  private static final int PLAYED_PERCENT = 60;

  /**
   * Roles of {@code bug} among {@code parties}; players of a role are those that match most frames.
   *
   * @param matching {@link StepIndex#matching(List)} of each party's stack
   */
  static BugRoles of(Bug bug, Membership kernel, List<Party> parties, List<BitSet[]> matching, StepIndex index) {
    Map<String, List<Party>> players = new LinkedHashMap<>();
    List<Role> missing = new ArrayList<>();
    int steps = 0;
    boolean fixed = false;
    for (Role role : bug.roles()) {
      List<Party> best = new ArrayList<>();
      int most = 0;
      for (Party party : parties) {
        int matched = plays(role, party, matching.get(party.id()), index);
        if (matched > 0 && holdsNot(role, party)) {
          fixed |= role.holds().stream().anyMatch(h -> h.frame() != null);
          continue;
        }
        if (matched > most) {
          most = matched;
          best.clear();
        }
        if (matched > 0 && matched == most) {
          best.add(party);
        }
      }
      if (best.isEmpty()) {
        if (!role.optional()) {
          missing.add(role);
        }
      } else {
        players.put(role.name(), best);
        steps += most;
      }
    }
    Membership fit = fixed ? Membership.OUTSIDE : kernel;
    return new BugRoles(bug, fit, players, missing, steps);
  }

  /** Whether the party does not hold what the role holds: where it stands where the role does, its kernel differs. */
  private static boolean holdsNot(Role role, Party party) {
    return !party.notHeld().isEmpty()
        && role.holds().stream().anyMatch(h -> h.kinds().stream().anyMatch(party.notHeld()::contains));
  }

  boolean complete() {
    return missing.isEmpty() && !players.isEmpty();
  }

  /** What the roles are said to hold and no rule knows, by party id. */
  Map<Integer, List<Claim>> claims() {
    Map<Integer, List<Claim>> claims = new HashMap<>();
    for (Role role : bug.roles()) {
      for (Party party : players.getOrDefault(role.name(), List.of())) {
        for (RoleHold hold : role.holds()) {
          for (String kind : hold.kinds()) {
            if (party.hold(kind) == null) {
              claims
                  .computeIfAbsent(party.id(), id -> new ArrayList<>())
                  .add(
                      new Claim(
                          kind, "", frame(party, hold.frame()), 1, false,
                          "in the known bug " + bug.name() + " this task holds it"));
            }
          }
        }
      }
    }
    return claims;
  }

  private static int frame(Party party, NamePattern pattern) {
    List<Frame> frames = party.first().frames();
    for (int i = 0; pattern != null && i < frames.size(); i++) {
      if (pattern.matches(frames.get(i).function())) {
        return i;
      }
    }
    return -1;
  }

  /** Number of frames that show the role, 0 if the party does not play it. */
  private static int plays(Role role, Party party, BitSet[] matching, StepIndex index) {
    TaskSnapshot task = party.first();
    if (role.task() != null
        && !role.task().matches(task.comm())
        && !role.task().matches(task.workqueue())
        && !(task.comm().isEmpty() && task.workqueue().isEmpty())) {
      return 0;
    }
    int best = 0;
    for (RoleWait wait : role.waits()) {
      if (wait.kinds().isEmpty() || wait.kinds().stream().anyMatch(party::needs)) {
        best = Math.max(best, wait.path() == null ? 1 : match(index.steps(wait.path()).ids(), matching));
      }
    }
    for (FramePath path : role.runs()) {
      best = Math.max(best, match(index.steps(path).ids(), matching));
    }
    if (role.waits().isEmpty() && role.runs().isEmpty()) {
      boolean holds =
          !role.holds().isEmpty()
              && role.holds().stream().allMatch(h -> h.kinds().stream().allMatch(k -> party.hold(k) != null));
      best = holds ? 1 : 0;
    }
    for (RoleHold hold : role.holds()) {
      if (best > 0 && hold.frame() != null && frame(party, hold.frame()) < 0) {
        return 0;
      }
    }
    return best;
  }

  /**
   * Steps of the path that stand in the stack in their order, 0 if too many are missing: kernels inline functions and
   * rename them, so that a stack may lack some.
   */
  private static int match(int[] steps, BitSet[] stack) {
    int[] best = new int[steps.length + 1];
    for (BitSet frame : stack) {
      if (frame.isEmpty()) {
        continue;
      }
      for (int s = steps.length; s > 0; s--) {
        if (frame.get(steps[s - 1])) {
          best[s] = Math.max(best[s], best[s - 1] + 1);
        }
      }
      for (int s = 1; s <= steps.length; s++) {
        best[s] = Math.max(best[s], best[s - 1]);
      }
    }
    int found = best[steps.length];
    return found * 100 >= steps.length * PLAYED_PERCENT ? found : 0;
  }
}
