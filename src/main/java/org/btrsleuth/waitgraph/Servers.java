package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Progress;
import org.btrsleuth.knowledge.Progress.Need;
import org.btrsleuth.knowledge.ResourceKind.Trait;
import org.btrsleuth.waitgraph.Party.Claim;

/** Who in the dump can end a wait of some kind: holders of what it needs, and workers of the services that it needs. */
final class Servers {
  /** The only one of several kinds that somebody in the dump can serve. */
  private static final double ONLY_SERVED = 0.85;

  private final List<Party> parties;
  private final Knowledge knowledge;
  private final Map<String, Progress> progress;
  private final Candidates candidates;
  private final Map<String, List<Party>> byService = new HashMap<>();
  private final Map<String, List<Party>> running = new HashMap<>();

  Servers(List<Party> parties, Knowledge knowledge, Map<String, Progress> progress, Candidates candidates) {
    this.parties = parties;
    this.knowledge = knowledge;
    this.progress = progress;
    this.candidates = candidates;
    for (Party party : parties) {
      party.services().forEach(s -> byService.computeIfAbsent(s, k -> new ArrayList<>()).add(party));
    }
  }

  /** Of the kinds that a frame may mean, the first that somebody in the dump holds or works on. */
  Claim likeliest(Party party, Claim wait) {
    if (wait.alternatives().isEmpty()) {
      return wait;
    }
    List<String> served = new ArrayList<>();
    Set<String> families = new HashSet<>();
    List<String> kinds = new ArrayList<>(wait.alternatives());
    kinds.add(0, wait.kind());
    if (party.is("committer")) {
      // Of two tasks in btrfs_commit_transaction one waits for the other; the frames do not tell which.
      kinds.remove("transaction_complete");
    }
    for (String kind : kinds) {
      if (served(kind, party)) {
        served.add(kind);
        // A transaction's writers, its completion and the commit before it depend on the same tasks.
        families.add(kind.startsWith("transaction") ? "transaction" : kind);
      }
    }
    if (families.contains("transaction") && parties.stream().anyMatch(p -> joins(p, party))) {
      // Joiners are kept out only once the committer is past the ordered extents and waits for writers.
      families.remove("pending_ordered");
    }
    String kind = served.isEmpty() ? wait.kind() : served.get(0);
    return new Claim(
        kind, wait.instance(), wait.frame(), families.size() == 1 ? ONLY_SERVED : wait.weight(), false, wait.because(),
        List.of());
  }

  private static boolean joins(Party party, Party committer) {
    Claim wait = party.waitsFor();
    return wait != null
        && wait.kind().equals("transaction_blocked")
        && Candidates.compatible(party, committer)
        && Mechanisms.joinsTransaction(party);
  }

  private boolean served(String kind, Party waiter) {
    Progress rule = progress.get(kind);
    List<Need> needs = rule == null ? List.of(new Need(Progress.NeedType.HOLDER, "", "")) : rule.needs();
    for (Need need : needs) {
      boolean found =
          switch (need.type()) {
            case HOLDER -> others(candidates.holding(kind), waiter);
            case KIND -> others(candidates.holding(need.name()), waiter);
            case SERVICE -> runs(kind, need.name(), waiter).findAny().isPresent();
          };
      if (found) {
        return true;
      }
    }
    return false;
  }

  private static boolean others(List<Party> holders, Party waiter) {
    return holders.stream().anyMatch(p -> p.id() != waiter.id() && Candidates.compatible(waiter, p));
  }

  /**
   * Parties that are the service; nobody waits for a service that it is itself. Below the file system the workers of
   * another one may serve: those of a loop device.
   */
  Stream<Party> runs(String kind, String service, Party waiter) {
    return running(kind, service, waiter).stream().filter(p -> p.id() != waiter.id());
  }

  /** As {@link #runs}, the waiter included. */
  List<Party> running(String kind, String service, Party waiter) {
    boolean below = knowledge.trait(kind) == Trait.SINK;
    return running.computeIfAbsent(
        service + "|" + (below ? "*" : waiter.fileSystem()),
        k ->
            byService.getOrDefault(service, List.of()).stream()
                .filter(p -> below || Candidates.compatible(waiter, p))
                .toList());
  }
}
