package org.btrsleuth.waitgraph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Progress;
import org.btrsleuth.knowledge.Progress.Need;
import org.btrsleuth.knowledge.ResourceKind;
import org.btrsleuth.knowledge.ResourceKind.Trait;
import org.btrsleuth.knowledge.Service;
import org.btrsleuth.log.LogRecord.LocksHeld;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.Candidates.Candidate;
import org.btrsleuth.waitgraph.Candidates.Holders;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

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
  /** The only one of several kinds that somebody in the dump can serve. */
  private static final double ONLY_SERVED = 0.85;
  /** A task sleeping in a function whose sleep the listing does not show. */
  private static final double SLEEP_HIDDEN = 0.95;

  private final List<Party> parties;
  private final Knowledge knowledge;
  private final KernelVersion kernel;
  private final boolean complete;
  private final TraceEvidence trace;
  private final LockLists lists;
  private final Candidates candidates;
  private final Map<Integer, Integer> partyOfPid = new HashMap<>();
  private final Map<Integer, List<KnownOwner>> known = new HashMap<>();
  private final Map<String, Progress> progress = new HashMap<>();
  private final Map<String, List<Party>> byService = new HashMap<>();
  private final Map<String, List<Party>> running = new HashMap<>();

  private final List<Draft> drafts = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Map<String, Integer> byKey = new HashMap<>();
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
    this.kernel = kernel;
    this.complete = complete;
    this.trace = trace;
    this.lists = lists;
    this.candidates = new Candidates(parties, trace, DRAWN);
    for (Party party : parties) {
      party.services().forEach(s -> byService.computeIfAbsent(s, k -> new ArrayList<>()).add(party));
      for (TaskSnapshot task : party.tasks()) {
        if (task.pid() >= 0) {
          partyOfPid.put(task.pid(), party.id());
        }
      }
    }
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
      drafts.add(new Draft(NodeKind.TASK, "", "", PartyNames.label(party), party.tasks()));
    }
    for (Party party : parties) {
      waits(party);
      SelfDeadlock.in(party).ifPresent(self -> selfDeadlock(party, self));
    }
    lists.waits().forEach(this::listed);
    // After all waits, so that a need finds the resources that somebody already waits for.
    while (!open.isEmpty()) {
      needs(open.remove());
    }
    List<Node> nodes = new ArrayList<>();
    for (Draft draft : drafts) {
      nodes.add(draft.node(nodes.size()));
    }
    return new WaitGraph(nodes, edges, Knots.find(nodes, edges));
  }

  private void waits(Party party) {
    Claim wait = party.waitsFor() == null ? null : likeliest(party, party.waitsFor());
    if (wait == null || trait(wait.kind()) == Trait.IDLE) {
      return;
    }
    List<KnownOwner> owners =
        party.tasks().stream().flatMap(t -> known.getOrDefault(t.pid(), List.of()).stream()).toList();
    int resource = owners.isEmpty() ? wanted(party, wait) : owned(party, wait, owners);
    edges.add(
        new Edge(
            party.id(),
            resource,
            EdgeKind.WAITS_FOR,
            wait.frame() == 0 && wait.weight() == 1 ? SLEEP_HIDDEN : wait.weight(),
            wait.proven() && wait.weight() == 1,
            wait.because(),
            party.evidence(wait)));
  }

  /** Of the kinds that a frame may mean, the first that somebody in the dump holds or works on. */
  private Claim likeliest(Party party, Claim wait) {
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
    Integer drawn = byKey.get(key);
    if (drawn != null) {
      return drawn;
    }
    Progress rule = progress.get(kind);
    int id = drafts.size();
    Draft draft = new Draft(NodeKind.RESOURCE, kind, instance, label(kind, instance), List.of());
    drafts.add(draft);
    byKey.put(key, id);
    for (Candidate c : holders.listed()) {
      Claim hold = c.holder().hold(kind);
      List<Evidence> evidence = new ArrayList<>(c.holder().evidence(hold));
      evidence.addAll(c.evidence());
      edges.add(
          new Edge(
              id,
              c.holder().id(),
              EdgeKind.HELD_BY,
              c.confidence() * hold.weight(),
              c.certain(),
              hold.because() + "; " + c.because(),
              evidence));
    }
    if (holders.count() == 1) {
      bySoleHolder.putIfAbsent(kind + "|" + holders.listed().get(0).holder().id(), id);
    }
    if (rule != null) {
      draft.anyOf = !rule.all();
      open.add(new Open(id, rule, waiter, whole, holders.count() > 0));
    }
    return id;
  }

  private void needs(Open of) {
    int before = edges.size();
    for (Need need : of.rule.needs()) {
      need(of.resource, of.rule, need, of.waiter, of.whole);
    }
    if (!of.rule.all()) {
      dampen(before, of.waiter.lasting());
    }
    boolean nobody = edges.size() == before && !of.held;
    if (nobody && trait(of.rule.kind()) != Trait.SINK) {
      missing(of.resource, of.rule, of.waiter, of.whole);
    }
  }

  /** Nobody in the dump works on a wait: it ends at a service that is not there, or below the file system. */
  private void missing(int resource, Progress rule, Party waiter, boolean whole) {
    for (Need need : rule.needs()) {
      int end;
      if (need.type() == Progress.NeedType.SERVICE) {
        end = service(rule.kind(), need.name(), waiter, whole);
      } else if (need.type() == Progress.NeedType.KIND && trait(need.name()) == Trait.SINK) {
        end = resource(need.name() + "|end", need.name(), "", waiter, Holders.NONE, false);
      } else {
        continue;
      }
      edges.add(
          new Edge(
              resource, end, EdgeKind.NEEDS, COVERS_PERHAPS, false,
              reason(rule, need.of()) + "; nobody else who could end the wait is in this capture", List.of()));
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
        if (runs(rule.kind(), need.name(), waiter).findAny().isPresent()) {
          int service = service(rule.kind(), need.name(), waiter, whole);
          double confidence = Mechanisms.needs(rule.kind(), need.name());
          edges.add(
              new Edge(
                  resource, service, EdgeKind.NEEDS, confidence, confidence == 1, reason(rule, need.of()), List.of()));
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
          edges.add(
              new Edge(
                  resource, held, EdgeKind.NEEDS, confidence, handle && hold.proven(), reason(rule, need.of()),
                  holder.evidence(hold)));
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
    Integer drawn = byKey.get(key);
    if (drawn != null) {
      return drawn;
    }
    int id = drafts.size();
    drafts.add(new Draft(NodeKind.RESOURCE, kind, hold.instance(), label(kind, hold.instance()), List.of()));
    byKey.put(key, id);
    edges.add(
        new Edge(
            id, holder.id(), EdgeKind.HELD_BY, hold.weight() * (hold.proven() ? 1 : 0.85), hold.proven() && hold.weight() == 1,
            hold.because(), holder.evidence(hold)));
    return id;
  }

  /**
   * Parties that are the service; nobody waits for a service that it is itself. Below the file system the workers of
   * another one may serve: those of a loop device.
   */
  private Stream<Party> runs(String kind, String service, Party waiter) {
    return running(kind, service, waiter).stream().filter(p -> p.id() != waiter.id());
  }

  private List<Party> running(String kind, String service, Party waiter) {
    boolean below = trait(kind) == Trait.SINK;
    return running.computeIfAbsent(
        service + "|" + (below ? "*" : waiter.fileSystem()),
        k ->
            byService.getOrDefault(service, List.of()).stream()
                .filter(p -> below || Candidates.compatible(waiter, p))
                .toList());
  }

  private int service(String kind, String name, Party waiter, boolean whole) {
    String key = "service " + name + "|" + waiter.fileSystem() + (whole ? "|all" : "");
    key += waiter.is(name) ? "|but " + waiter.id() : "";
    Integer drawn = byKey.get(key);
    if (drawn != null) {
      return drawn;
    }
    Service service = knowledge.services().get(name);
    int id = drafts.size();
    drafts.add(new Draft(NodeKind.SERVICE, name, "", service == null ? name : service.shown(), List.of()));
    byKey.put(key, id);
    List<Party> others = running(kind, name, waiter);
    int count = others.size() - (waiter.is(name) ? 1 : 0);
    for (Party party : runs(kind, name, waiter).limit(DRAWN).toList()) {
      boolean sure = count == 1 || whole;
      String how = sure ? "" : "; one of " + count + " in this dump";
      List<Evidence> at = new ArrayList<>(List.of(party.first().header()));
      Optional<TraceEvidence.Queued> queued = trace.queuedBy(party, waiter);
      if (queued.isPresent()) {
        at.addAll(queued.get().evidence());
        how = "; events show that it runs the work which " + PartyNames.of(waiter) + " queued";
      }
      edges.add(
          new Edge(
              id, party.id(), EdgeKind.NEEDS, sure || queued.isPresent() ? 1 : 0.5, sure || queued.isPresent(),
              PartyNames.of(party) + " is the " + drafts.get(id).label + how, at));
    }
    return id;
  }

  /** An any-of wait may be ended by somebody who is not in the dump. */
  private void dampen(int from, boolean lasting) {
    double nobodyElse = complete ? UNSEEN_COMPLETE : lasting ? UNSEEN_LASTING : UNSEEN_PARTIAL;
    String why =
        complete
            ? "; the dump has all blocked tasks, so hardly anybody else can end the wait"
            : "; somebody who is not in the dump might end the wait";
    for (int k = from; k < edges.size(); k++) {
      Edge e = edges.get(k);
      if (drafts.get(e.from()).anyOf) {
        edges.set(
            k,
            new Edge(
                e.from(), e.to(), e.kind(), e.confidence() * nobodyElse, false, e.because() + why, e.evidence()));
      }
    }
  }

  private int owned(Party party, Claim wait, List<KnownOwner> owners) {
    KnownOwner owner = owners.get(0);
    Integer holder = partyOfPid.get(owner.ownerPid());
    String key = wait.kind() + "|owned by " + owner.ownerPid() + " " + owner.ownerComm() + "|" + owner.instance();
    Integer drawn = byKey.get(key);
    if (drawn != null) {
      return drawn;
    }
    int id = drafts.size();
    String instance = owner.instance().isEmpty() ? wait.instance() : owner.instance();
    drafts.add(new Draft(NodeKind.RESOURCE, wait.kind(), instance, label(wait.kind(), instance), List.of()));
    byKey.put(key, id);
    if (holder == null) {
      holder = drafts.size();
      String name = owner.ownerComm() + " (" + owner.ownerPid() + ")";
      drafts.add(new Draft(NodeKind.TASK, "", "", name + ", stack not captured", List.of()));
      partyOfPid.put(owner.ownerPid(), holder);
    }
    edges.add(new Edge(id, holder, EdgeKind.HELD_BY, 1, true, owner.because(), owner.evidence()));
    return id;
  }

  /** A wait that lists of held locks show of a task without a stack. */
  private void listed(LockLists.Wait wait) {
    if (partyOfPid.containsKey(wait.waiter().pid()) && partyOfPid.get(wait.waiter().pid()) < parties.size()) {
      return; // its stack says what it waits for
    }
    String lockClass = wait.wanted().lockClass();
    String kind = knowledge.kindOfLock(lockClass);
    String key = kind + "|at " + wait.wanted().address();
    Integer resource = byKey.get(key);
    if (resource == null) {
      resource = drafts.size();
      drafts.add(new Draft(NodeKind.RESOURCE, kind, lockClass, label(kind, lockClass), List.of()));
      byKey.put(key, resource);
      edges.add(
          new Edge(
              resource, listedTask(wait.holder()), EdgeKind.HELD_BY, 1, true,
              wait.held().function() + ": its list of held locks has " + lockClass + " and others after it",
              List.of(wait.held().at())));
    }
    edges.add(
        new Edge(
            listedTask(wait.waiter()), resource, EdgeKind.WAITS_FOR, 1, true,
            wait.wanted().function() + ": the last lock of its list is " + lockClass + ", which another task has",
            List.of(wait.wanted().at())));
  }

  private int listedTask(LocksHeld list) {
    return partyOfPid.computeIfAbsent(
        list.pid(),
        pid -> {
          TaskSnapshot task =
              new TaskSnapshot(
                  list.comm(), pid, TaskState.UNKNOWN, "", "", List.of(), TaskSnapshot.Origin.BARE, 0, -1, -1,
                  list.at(), list.at().line());
          drafts.add(new Draft(NodeKind.TASK, "", "", task.name() + ", stack not captured", List.of(task)));
          return drafts.size() - 1;
        });
  }

  private void selfDeadlock(Party party, SelfDeadlock self) {
    String key = self.wanted().kind() + "|self " + party.id();
    int id = drafts.size();
    drafts.add(
        new Draft(NodeKind.RESOURCE, self.wanted().kind(), self.hold().instance(), label(self.wanted().kind(), ""), List.of()));
    byKey.put(key, id);
    edges.add(
        new Edge(
            party.id(), id, EdgeKind.WAITS_FOR, self.wanted().weight(), true, self.wanted().because(),
            party.evidence(self.wanted())));
    edges.add(
        new Edge(
            id, party.id(), EdgeKind.HELD_BY, self.confidence(), false, self.hold().because() + "; " + self.because(),
            party.evidence(self.hold())));
  }

  private Trait trait(String kind) {
    ResourceKind known = knowledge.kinds().get(kind);
    return known == null ? Trait.ORDINARY : known.trait();
  }

  private String label(String kind, String instance) {
    return knowledge.shown(kind) + (instance.isEmpty() ? "" : ": " + instance);
  }

  private static String reason(Progress rule, String of) {
    String because = rule.because().isEmpty() ? "progress rule" : rule.because();
    return because + (of.isEmpty() ? "" : ", " + of) + (rule.source().isEmpty() ? "" : " [" + rule.source() + "]");
  }

  /** A resource whose needs are not drawn yet. */
  private record Open(int resource, Progress rule, Party waiter, boolean whole, boolean held) {}

  /** A node under construction. */
  private static final class Draft {
    final NodeKind nodeKind;
    final String kind;
    final String instance;
    final String label;
    final List<TaskSnapshot> tasks;
    boolean anyOf;

    Draft(NodeKind nodeKind, String kind, String instance, String label, List<TaskSnapshot> tasks) {
      this.nodeKind = nodeKind;
      this.kind = kind;
      this.instance = instance;
      this.label = label;
      this.tasks = tasks;
    }

    Node node(int id) {
      return new Node(id, nodeKind, kind, instance, label, tasks, anyOf);
    }
  }
}
