package org.btrsleuth.waitgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Progress;
import org.btrsleuth.knowledge.Progress.Need;
import org.btrsleuth.knowledge.ResourceKind.Trait;
import org.btrsleuth.knowledge.Service;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.waitgraph.Candidates.Candidate;
import org.btrsleuth.waitgraph.Candidates.Holders;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;

/**
 * Draws the graph: a node for each party, the resources they wait for, who may hold these, and by the progress rules
 * the services and other resources that must go on for the wait to end.
 *
 * <p>Resources whose instance is unknown are shared by the waiters that have the same possible holders, so the graph
 * stays linear in the number of parties.
 */
final class GraphBuilder {
  /** Candidates drawn for one resource; more say nothing, as each is then unlikely. */
  private static final int DRAWN = 12;
  /** A need that covers all resources of a kind includes the ones that dirty data keeps locked. */
  private static final double COVERS_DIRTY = 0.85;
  private static final double COVERS_DIRTY_UNSEEN = 0.8;
  /** It covers others only if their inode has dirty data, which stacks do not tell. */
  private static final double COVERS_PERHAPS = 0.5;
  /** The kinds fit, nothing else is known. */
  private static final double KIND_ALONE = 0.3;
  /** Chance that nobody outside of the dump ends an any-of wait. */
  private static final double UNSEEN_COMPLETE = 0.9;
  private static final double UNSEEN_LASTING = 0.75;
  private static final double UNSEEN_PARTIAL = 0.5;
  /** A task sleeping in a function whose sleep the listing does not show. */
  private static final double SLEEP_HIDDEN = 0.95;

  private final List<Party> parties;
  private final Knowledge knowledge;
  private final boolean complete;
  private final TraceEvidence trace;
  private final LockLists lists;
  private final Candidates candidates;
  private final Servers servers;
  private final Map<Integer, List<KnownOwner>> known = new HashMap<>();
  private final Map<String, Progress> progress = new HashMap<>();

  private final GraphDraft graph;
  /** Resources with a single possible holder, by kind and holder. */
  private final Map<String, Integer> bySoleHolder = new HashMap<>();
  private final Deque<Open> open = new ArrayDeque<>();

  /**
   * @param kernel null if unknown
   * @param implied releases that the stacks can be from
   * @param complete true if the dump holds every blocked task
   */
  GraphBuilder(
      List<Party> parties,
      Knowledge knowledge,
      KernelVersion kernel,
      KernelRange implied,
      boolean complete,
      List<KnownOwner> owners,
      LockLists lists,
      TraceEvidence trace) {
    this.parties = parties;
    this.knowledge = knowledge;
    this.complete = complete;
    this.trace = trace;
    this.lists = lists;
    this.graph = new GraphDraft(knowledge);
    this.candidates = new Candidates(parties, trace, DRAWN);
    this.servers = new Servers(parties, knowledge, progress, candidates);
    for (KnownOwner owner : owners) {
      known.computeIfAbsent(owner.waiterPid(), p -> new ArrayList<>()).add(owner);
    }
    for (Progress rule : knowledge.progress()) {
      if (rule.kernels().of(kernel, implied) != Membership.OUTSIDE) {
        progress.putIfAbsent(rule.kind(), rule);
      }
    }
  }

  WaitGraph build() {
    for (Party party : parties) {
      graph.task(PartyNames.label(party), party.tasks());
    }
    NamedWaits named = new NamedWaits(parties, knowledge, graph);
    for (Party party : parties) {
      waits(party, named);
      SelfDeadlock.in(party).ifPresent(self -> selfDeadlock(party, self));
    }
    lists.waits().forEach(named::listed);
    // After all waits, so that a need finds the resources that somebody already waits for.
    while (!open.isEmpty()) {
      needs(open.remove());
    }
    return graph.finish();
  }

  private void waits(Party party, NamedWaits named) {
    Claim wait = party.waitsFor() == null ? null : servers.likeliest(party, party.waitsFor());
    if (wait == null || knowledge.trait(wait.kind()) == Trait.IDLE) {
      return;
    }
    List<KnownOwner> owners =
        party.tasks().stream().flatMap(t -> known.getOrDefault(t.pid(), List.of()).stream()).toList();
    int resource = owners.isEmpty() ? wanted(party, wait) : named.owned(wait, owners.get(0));
    graph.edge(
        party.id(), resource, EdgeKind.WAITS_FOR, wait.frame() == 0 && wait.weight() == 1 ? SLEEP_HIDDEN : wait.weight(),
        wait.proven() && wait.weight() == 1, wait.because(), party.evidence(wait));
  }

  /** The resource that a party waits for, with its needs. */
  private int wanted(Party party, Claim wait) {
    Progress rule = progress.get(wait.kind());
    boolean needsHolder = rule == null || rule.needs().stream().anyMatch(n -> n.type() == Progress.NeedType.HOLDER);
    Holders holders = needsHolder ? candidates.of(party, wait) : Holders.NONE;
    StringBuilder key = new StringBuilder(wait.kind()).append('|').append(wait.instance()).append('|');
    key.append(party.fileSystem()).append(holders.key());
    boolean whole = Mechanisms.wholeFileSystem(party, wait);
    key.append(whole ? "|all" : "");
    if (rule != null && ownsNeed(party, rule)) {
      key.append("|but ").append(party.id());
    }
    String named = holders.count() == 1 ? holders.listed().get(0).instance() : "";
    return resource(
        key.toString(), wait.kind(), named.isEmpty() ? wait.instance() : named, party, holders, whole);
  }

  private int resource(
      String key, String kind, String instance, Party waiter, Holders holders, boolean whole) {
    Integer drawn = graph.drawn(key);
    if (drawn != null) {
      return drawn;
    }
    Progress rule = progress.get(kind);
    int id = graph.resource(key, kind, instance);
    for (Candidate c : holders.listed()) {
      Claim hold = c.holder().hold(kind);
      List<Evidence> evidence = new ArrayList<>(c.holder().evidence(hold));
      evidence.addAll(c.evidence());
      graph.edge(
          id, c.holder().id(), EdgeKind.HELD_BY, c.confidence() * hold.weight(), c.certain(),
          hold.because() + "; " + c.because(), evidence);
    }
    if (holders.count() == 1) {
      bySoleHolder.putIfAbsent(kind + "|" + holders.listed().get(0).holder().id(), id);
    }
    if (rule != null) {
      if (!rule.all()) {
        graph.anyOf(id);
      }
      open.add(new Open(id, rule, waiter, whole, holders.count() > 0));
    }
    return id;
  }

  private void needs(Open of) {
    int before = graph.edges();
    for (Need need : of.rule.needs()) {
      need(of.resource, of.rule, need, of.waiter, of.whole);
    }
    if (!of.rule.all()) {
      // Somebody who is not in the dump may end an any-of wait.
      graph.dampen(
          before, complete ? UNSEEN_COMPLETE : of.waiter.lasting() ? UNSEEN_LASTING : UNSEEN_PARTIAL,
          complete
              ? "; the dump has all blocked tasks, so hardly anybody else can end the wait"
              : "; somebody who is not in the dump might end the wait");
    }
    boolean nobody = graph.edges() == before && !of.held;
    if (nobody && knowledge.trait(of.rule.kind()) != Trait.SINK) {
      missing(of.resource, of.rule, of.waiter, of.whole);
    }
  }

  /** Nobody in the dump works on a wait: it ends at a service that is not there, or below the file system. */
  private void missing(int resource, Progress rule, Party waiter, boolean whole) {
    for (Need need : rule.needs()) {
      int end;
      if (need.type() == Progress.NeedType.SERVICE) {
        end = service(rule.kind(), need.name(), waiter, whole);
      } else if (need.type() == Progress.NeedType.KIND && knowledge.trait(need.name()) == Trait.SINK) {
        end = resource(need.name() + "|end", need.name(), "", waiter, Holders.NONE, false);
      } else {
        continue;
      }
      graph.edge(
          resource, end, EdgeKind.NEEDS, COVERS_PERHAPS, false,
          reason(rule, need.of()) + "; nobody else who could end the wait is in this capture", List.of());
      return;
    }
  }

  /** Whether a party holds what its own wait needs from others: it is not its own obstacle there. */
  private boolean ownsNeed(Party party, Progress rule) {
    return rule.needs().stream()
        .anyMatch(
            n ->
                n.type() == Progress.NeedType.KIND && party.hold(n.name()) != null
                    || n.type() == Progress.NeedType.SERVICE && party.is(n.name()));
  }

  private void need(int resource, Progress rule, Need need, Party waiter, boolean whole) {
    switch (need.type()) {
      case HOLDER -> {
        // Drawn as candidates.
      }
      case SERVICE -> {
        if (servers.runs(rule.kind(), need.name(), waiter).findAny().isPresent()) {
          int service = service(rule.kind(), need.name(), waiter, whole);
          double confidence = Mechanisms.needs(rule.kind(), need.name());
          graph.edge(
              resource, service, EdgeKind.NEEDS, confidence, confidence == 1, reason(rule, need.of()), List.of());
        }
      }
      case KIND -> {
        List<Party> holding =
            candidates.holding(need.name()).stream()
                .filter(p -> p.id() != waiter.id() || rule.kind().equals(Mechanisms.DELALLOC_FLUSH))
                .filter(p -> Candidates.compatible(waiter, p))
                .limit(DRAWN)
                .toList();
        for (Party holder : holding) {
          Claim hold = holder.hold(need.name());
          int held = held(need.name(), holder, hold);
          boolean dirty = Mechanisms.dirties(holder, hold);
          boolean handle = Mechanisms.everyHolder(rule.kind(), need.name());
          // Somebody seen waiting for it is further evidence that it blocks writeback.
          double covers = bySoleHolder.containsKey(need.name() + "|" + holder.id()) ? COVERS_DIRTY : COVERS_DIRTY_UNSEEN;
          double confidence = handle ? (hold.proven() ? 0.95 : COVERS_DIRTY) : dirty ? covers : COVERS_PERHAPS;
          if (hold.weight() < 1 && covers == COVERS_DIRTY_UNSEEN) {
            // Neither is it known that the task holds it nor has anybody been seen waiting for it.
            confidence = Math.min(confidence, KIND_ALONE);
          }
          graph.edge(
              resource, held, EdgeKind.NEEDS, confidence, handle && hold.proven(), reason(rule, need.of()),
              holder.evidence(hold));
        }
      }
    }
  }

  /** The resource of that kind that one party is known to hold. */
  private int held(String kind, Party holder, Claim hold) {
    Integer waitedFor = bySoleHolder.get(kind + "|" + holder.id());
    if (waitedFor != null) {
      return waitedFor;
    }
    String key = kind + "|held by " + holder.id();
    Integer drawn = graph.drawn(key);
    if (drawn != null) {
      return drawn;
    }
    int id = graph.resource(key, kind, hold.instance());
    graph.edge(
        id, holder.id(), EdgeKind.HELD_BY, hold.weight() * (hold.proven() ? 1 : 0.85),
        hold.proven() && hold.weight() == 1, hold.because(), holder.evidence(hold));
    return id;
  }

  private int service(String kind, String name, Party waiter, boolean whole) {
    String key = "service " + name + "|" + waiter.fileSystem() + (whole ? "|all" : "");
    key += waiter.is(name) ? "|but " + waiter.id() : "";
    Integer drawn = graph.drawn(key);
    if (drawn != null) {
      return drawn;
    }
    Service service = knowledge.services().get(name);
    int id = graph.service(key, name, service == null ? name : service.shown());
    List<Party> others = servers.running(kind, name, waiter);
    int count = (int) others.stream().filter(p -> p.id() != waiter.id() && !Mechanisms.nested(kind, p, waiter)).count();
    for (Party party : servers.runs(kind, name, waiter).limit(DRAWN).toList()) {
      if (Mechanisms.nested(kind, party, waiter)) {
        graph.edge(
            id, party.id(), EdgeKind.NEEDS, KIND_ALONE, false,
            PartyNames.of(party) + " is the " + graph.label(id) + " of some device, but works in a " + party.fileSystem()
                + " itself: the waiter may as well be in that one, below its device",
            List.of(party.first().header()));
        continue;
      }
      boolean sure = count == 1 || whole;
      String how = sure ? "" : "; one of " + count + " in this dump";
      List<Evidence> at = new ArrayList<>(List.of(party.first().header()));
      Optional<TraceEvidence.Queued> queued = trace.queuedBy(party, waiter);
      if (queued.isPresent()) {
        at.addAll(queued.get().evidence());
        how = "; events show that it runs the work which " + PartyNames.of(waiter) + " queued";
      }
      graph.edge(
          id, party.id(), EdgeKind.NEEDS, sure || queued.isPresent() ? 1 : 0.5, sure || queued.isPresent(),
          PartyNames.of(party) + " is the " + graph.label(id) + how, at);
    }
    return id;
  }

  private void selfDeadlock(Party party, SelfDeadlock self) {
    String key = self.wanted().kind() + "|self " + party.id();
    int id = graph.resource(key, self.wanted().kind(), self.hold().instance(), knowledge.shown(self.wanted().kind()));
    graph.edge(
        party.id(), id, EdgeKind.WAITS_FOR, self.wanted().weight(), true, self.wanted().because(),
        party.evidence(self.wanted()));
    graph.edge(
        id, party.id(), EdgeKind.HELD_BY, self.confidence(), false, self.hold().because() + "; " + self.because(),
        party.evidence(self.hold()));
  }

  private static String reason(Progress rule, String of) {
    String because = rule.because().isEmpty() ? "progress rule" : rule.because();
    return because + (of.isEmpty() ? "" : ", " + of) + (rule.source().isEmpty() ? "" : " [" + rule.source() + "]");
  }

  /** A resource whose needs are not drawn yet. */
  private record Open(int resource, Progress rule, Party waiter, boolean whole, boolean held) {}
}
