package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.btrsleuth.finding.BugMatch.Element;
import org.btrsleuth.finding.SeenStack.Place;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Bugs;
import org.btrsleuth.knowledge.FramePath;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.LockNames;
import org.btrsleuth.knowledge.LogPattern;
import org.btrsleuth.knowledge.Role;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.StackClassifier;

/**
 * Compares an incident with the signatures of all known bugs: roles against stacks, in the order of the frames, each
 * stack for one role; lock classes against lockdep reports; log patterns against records. What is rare in the catalogue
 * weighs more. The kernel only pushes bugs back, it never brings one forward.
 *
 * <p>Thread-safe.
 */
public final class BugMatcher {
  /** A role counts as shown from this share of its weight on. */
  private static final double SHOWN = 0.4;

  /** Set-ups that few hosts have; a bug of one of them is less likely where nothing in the capture speaks of it. */
  private static final List<String> SPECIAL = List.of("zoned", "subpage");

  private static final double UNUSUAL = 0.7;

  /** What signs count that correct kernels show as well. */
  private static final double COMMONPLACE = 0.6;

  /** What a release between kernel and fix costs: enough to order equals, no more. */
  private static final double NEARNESS = 0.004;

  private static final Set<String> HANGS =
      Set.of("hang-deadlock", "leaked-lock", "lost-wakeup", "livelock", "soft-lockup", "hang-slow");

  private final Knowledge knowledge;
  private final StackClassifier classifier;
  private final PatternWeights weights;
  private final StepIndex index;

  public BugMatcher(Knowledge knowledge) {
    this.knowledge = knowledge;
    this.classifier = new StackClassifier(knowledge);
    this.weights = new PatternWeights(knowledge);
    this.index = new StepIndex(knowledge, weights);
  }

  /** Bugs of which something was found, best first. */
  public List<BugMatch> rank(Incident incident) {
    int roles = knowledge.bugs().values().stream().mapToInt(bug -> bug.roles().size()).max().orElse(0);
    SeenStacks stacks = SeenStacks.of(incident, classifier, index, roles);
    Seen seen = new Seen(stacks.stacks(), stacks.functions(), SeenRecords.of(incident));
    KernelRange names = knowledge.functions().kernels(stacks.functions());
    List<BugMatch> matches = new ArrayList<>();
    for (Bug bug : knowledge.bugs().values()) {
      BugMatch match = match(bug, seen, incident.kernel(), names);
      if (match.score() > 0) {
        matches.add(match);
      }
    }
    matches.sort(Comparator.comparingDouble((BugMatch m) -> -m.score()).thenComparing(m -> m.bug().name()));
    return matches;
  }

  private record Seen(List<SeenStack> stacks, Set<String> functions, SeenRecords records) {
    /** Whether a function or a line of the incident has {@code word} in it. */
    boolean mentions(String word) {
      String stem = word.equals("zoned") ? "zone" : word;
      return functions.stream().anyMatch(f -> f.contains(stem))
          || records.messages().stream().anyMatch(r -> r.at().text().contains(word));
    }
  }

  /** Running sums of one way in which a bug shows itself. */
  private static final class Sum {
    double matched;
    double total;
    double extra;
    boolean telling;
    final List<Element> elements = new ArrayList<>();

    void add(double found, double of, boolean optional, boolean common, Element element) {
      if (optional) {
        extra += found;
      } else {
        matched += found;
        total += of;
        telling |= found > 0 && !common;
      }
      if (found > 0) {
        elements.add(element);
      }
    }

    double coverage() {
      return total == 0 ? 0 : matched / total;
    }

    /** What was found counts, damped by what is missing: half a signature is worth a quarter. */
    double value() {
      return (matched + extra / 2) * coverage();
    }
  }

  private BugMatch match(Bug bug, Seen seen, KernelVersion kernel, KernelRange names) {
    // A bug shows itself by blocked tasks and lock classes, or by a report or abort; either is enough. Messages that
    // come with both belong to both.
    Sum tasks = new Sum();
    Sum reports = new Sum();
    roles(bug, seen.stacks(), tasks);
    locks(bug, seen.records(), tasks);
    boolean reported = false;
    aborts(bug, seen.records(), reports);
    for (LogPattern pattern : bug.logPatterns()) {
      boolean message = pattern.type() == LogPattern.Type.MESSAGE;
      reported |= !message && !pattern.optional();
      log(pattern, seen, reports);
    }
    if (!reported) {
      tasks.matched += reports.matched;
      tasks.total += reports.total;
      tasks.extra += reports.extra;
      tasks.telling |= reports.telling;
      tasks.elements.addAll(reports.elements);
      reports = new Sum();
    }
    Sum best = reports.value() > tasks.value() ? reports : tasks;
    Sum other = best == tasks ? reports : tasks;
    BugMatch.Version version = KernelFit.version(bug, kernel, names);
    if (best.value() == 0) {
      return new BugMatch(bug, 0, 0, 0, false, version, List.of());
    }
    double score = (best.value() + other.matched * other.coverage() / 2) * fits(bug, seen);
    if (version == BugMatch.Version.UNLIKELY) {
      score /= 2;
    } else if (version == BugMatch.Version.POSSIBLE) {
      score *= 1 - NEARNESS * Math.min(KernelFit.UNKNOWN, KernelFit.releasesToFix(bug, kernel));
    }
    List<Element> elements = new ArrayList<>(best.elements);
    elements.addAll(other.elements);
    if (!tasks.telling && !reports.telling) {
      score *= COMMONPLACE;
    }
    boolean telling = (tasks.telling || reports.telling) && setUp(bug, seen);
    return new BugMatch(bug, score, best.coverage(), best.matched + best.extra, telling, version, elements);
  }

  /** False if the bug needs a set-up that few hosts have and nothing in the incident speaks of it. */
  private static boolean setUp(Bug bug, Seen seen) {
    return SPECIAL.stream().noneMatch(special -> bug.subsystem().contains(special) && !seen.mentions(special));
  }

  /** Whether the incident has the kind of report that the bug shows itself by. */
  private double fits(Bug bug, Seen seen) {
    SeenRecords records = seen.records();
    return (setUp(bug, seen) ? 1 : UNUSUAL) * switch (bug.kind()) {
      case "lockdep", "lockdep-false" -> records.lockdep() ? 1 : 0.5;
      case "sleeping-atomic" ->
          records.splats().stream().anyMatch(s -> s.kind().equals("sleeping-in-atomic")) ? 1 : 0.4;
      default -> 1;
    };
  }

  // ---- roles ----

  private record Candidate(Role role, int stack, PathMatch match, double value) {}

  private void roles(Bug bug, List<SeenStack> stacks, Sum sum) {
    List<Candidate> candidates = new ArrayList<>();
    for (Role role : bug.roles()) {
      for (int i = 0; i < stacks.size(); i++) {
        PathMatch match = plays(role, stacks.get(i)).times(shows(bug, stacks.get(i)));
        if (match.matched() > 0) {
          candidates.add(new Candidate(role, i, match, match.matched() * match.share()));
        }
      }
    }
    // Roles that the bug needs choose their stacks before those that it may have.
    candidates.sort(
        Comparator.comparing((Candidate c) -> c.role().optional()).thenComparingDouble(c -> -c.value()));
    Set<Role> played = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Integer> used = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (!played.contains(candidate.role()) && !used.contains(candidate.stack())) {
        played.add(candidate.role());
        used.add(candidate.stack());
        PathMatch match = candidate.match();
        double found = match.share() < SHOWN ? 0 : match.matched() * match.share();
        SeenStack stack = stacks.get(candidate.stack());
        sum.add(
            found,
            match.total(),
            candidate.role().optional(),
            candidate.role().common(),
            new Element(
                candidate.role().title(), match.share(), candidate.stack(),
                match.frames().stream().map(stack::line).toList()));
      }
    }
    for (Role role : bug.roles()) {
      if (!played.contains(role)) {
        sum.add(0, mass(role), role.optional(), role.common(), new Element(role.title(), 0, -1, List.of()));
      }
    }
  }

  /**
   * Whether a stack is of the kind in which a bug shows its roles: a task that hangs or spins is not one that ran into
   * a WARN or BUG on its way.
   */
  private static double shows(Bug bug, SeenStack stack) {
    boolean lasting = HANGS.contains(bug.kind());
    boolean passing =
        stack.splat() != null
            && !Set.of("soft-lockup", "hard-lockup", "rcu-stall", "panic").contains(stack.splat().kind());
    return lasting && passing ? 0.5 : 1;
  }

  /** Weight of a role's lightest way to be shown. */
  private double mass(Role role) {
    double least = Double.MAX_VALUE;
    for (FramePath path : paths(role)) {
      least = Math.min(least, index.steps(path).total());
    }
    return least == Double.MAX_VALUE ? 0 : least;
  }

  private static List<FramePath> paths(Role role) {
    List<FramePath> paths = new ArrayList<>(role.runs());
    role.waits().stream().filter(w -> w.path() != null).forEach(w -> paths.add(w.path()));
    return paths;
  }

  private PathMatch plays(Role role, SeenStack stack) {
    Set<String> notHeld = stack.reading().notHeld();
    if (role.holds().stream().anyMatch(h -> h.frame() != null && h.kinds().stream().anyMatch(notHeld::contains))) {
      return PathMatch.NONE;
    }
    PathMatch best = PathMatch.NONE;
    for (FramePath path : role.runs()) {
      best = better(best, match(path, stack, true));
    }
    for (Role.RoleWait wait : role.waits()) {
      if (wait.path() != null) {
        PathMatch match = match(wait.path(), stack, stack.place() == Place.TASK);
        best = better(best, waiting(wait, stack) ? match : match.times(0.5));
      }
    }
    return best;
  }

  private PathMatch match(FramePath path, SeenStack stack, boolean sleeping) {
    return PathMatch.of(index.steps(path), stack.frames(), stack.matching(), sleeping);
  }

  /** False if the stack is that of a blocked task which waits for something else. */
  private static boolean waiting(Role.RoleWait wait, SeenStack stack) {
    if (wait.kinds().isEmpty() || stack.place() != Place.TASK || stack.reading().waitsFor() == null) {
      return true;
    }
    var now = stack.reading().waitsFor();
    return wait.kinds().contains(now.kind())
        || now.alternatives().stream().anyMatch(wait.kinds()::contains)
        || stack.reading().intents().stream().anyMatch(intent -> wait.kinds().contains(intent.kind()));
  }

  private static PathMatch better(PathMatch a, PathMatch b) {
    return b.matched() * b.share() > a.matched() * a.share() ? b : a;
  }

  // ---- lock classes ----

  private void locks(Bug bug, SeenRecords records, Sum sum) {
    if (!records.lockdep() || bug.lockOrders().isEmpty()) {
      return;
    }
    double bestShare = -1;
    double found = 0;
    double total = 0;
    List<Evidence> evidence = List.of();
    for (List<String> order : bug.lockOrders()) {
      double here = 0;
      double all = 0;
      List<Evidence> lines = new ArrayList<>();
      for (String lock : new HashSet<>(order)) {
        double weight = weights.lock(lock);
        all += weight;
        for (var seen : records.locks().entrySet()) {
          if (LockNames.matches(lock, seen.getKey())) {
            here += weight;
            lines.add(seen.getValue().get(0));
            break;
          }
        }
      }
      if (here / all > bestShare) {
        bestShare = here / all;
        found = here;
        total = all;
        evidence = lines;
      }
    }
    evidence = evidence.stream().sorted().toList();
    sum.add(found, total, false, false, new Element("lock classes", bestShare, -1, evidence));
  }

  // ---- log records ----

  private void log(LogPattern pattern, Seen seen, Sum sum) {
    SeenRecords records = seen.records();
    switch (pattern.type()) {
      case SPLAT -> splat(pattern, seen, sum);
      case ABORT -> {
        // All of a bug's aborts are alternatives, see aborts().
      }
      case MESSAGE -> {
        double weight = weights.message(pattern.argument());
        Evidence at = Messages.find(pattern.argument(), pattern.times(), records.messages());
        sum.add(
            at == null ? 0 : weight,
            weight,
            pattern.optional(),
            pattern.common(),
            new Element("message", 1, -1, at == null ? List.of() : List.of(at)));
      }
    }
  }

  private void splat(LogPattern pattern, Seen seen, Sum sum) {
    PathMatch best = PathMatch.NONE;
    Evidence at = null;
    for (SeenStack stack : seen.stacks()) {
      // Mails often quote the stack of a report without its headline.
      if (pattern.in() != null && stack.reading().task().origin() == TaskSnapshot.Origin.BARE) {
        PathMatch match = match(pattern.in(), stack, true);
        if (match.matched() > best.matched()) {
          best = new PathMatch(match.matched(), match.total() + 1, match.frames());
          at = stack.reading().task().header();
        }
      }
    }
    for (var splat : seen.records().splats()) {
      if (Messages.sameReport(pattern.argument(), splat)) {
        PathMatch match = inside(pattern, SeenRecords.frames(splat));
        if (at == null || match.matched() > best.matched()) {
          best = match;
          at = splat.at();
        }
      }
    }
    double total = insideTotal(pattern);
    double found = best.share() < SHOWN ? 0 : best.matched() * best.share();
    sum.add(
        found, total, pattern.optional(), pattern.common(),
        new Element(pattern.argument() + " report", best.share(), -1, at == null ? List.of() : List.of(at)));
  }

  /** Needed aborts of one bug are alternatives: a transaction is aborted once. */
  private void aborts(Bug bug, SeenRecords records, Sum sum) {
    LogPattern best = null;
    PathMatch bestMatch = PathMatch.NONE;
    Evidence bestAt = null;
    for (LogPattern pattern : bug.logPatterns()) {
      if (pattern.type() != LogPattern.Type.ABORT) {
        continue;
      }
      PathMatch match = PathMatch.NONE;
      Evidence at = null;
      for (SeenRecords.Abort abort : records.aborts()) {
        if (abort.errno() == Bugs.errno(pattern.argument())) {
          PathMatch here = inside(pattern, abort.frames());
          if (at == null || here.matched() > match.matched()) {
            match = here;
            at = abort.at();
          }
        }
      }
      if (pattern.optional()) {
        sum.add(match.matched(), match.total(), true, pattern.common(), abort(pattern, match, at));
      } else if (best == null || match.matched() * match.share() > bestMatch.matched() * bestMatch.share()) {
        best = pattern;
        bestMatch = match;
        bestAt = at;
      }
    }
    if (best != null) {
      sum.add(
          bestMatch.matched() * bestMatch.share(), insideTotal(best), false, best.common(),
          abort(best, bestMatch, bestAt));
    }
  }

  private static Element abort(LogPattern pattern, PathMatch match, Evidence at) {
    return new Element(pattern.argument() + " abort", match.share(), -1, at == null ? List.of() : List.of(at));
  }

  /** A report counts one unit for being there, an abort what its error number says; the rest is where it stands. */
  private PathMatch inside(LogPattern pattern, List<Frame> frames) {
    double there = pattern.type() == LogPattern.Type.ABORT ? weights.errno(pattern.argument()) : 1;
    PathMatch match = pattern.in() == null ? PathMatch.NONE : PathMatch.of(pattern.in(), frames, index, true);
    return new PathMatch(match.matched() + there, match.total() + there, match.frames());
  }

  private double insideTotal(LogPattern pattern) {
    return inside(pattern, List.of()).total();
  }
}
