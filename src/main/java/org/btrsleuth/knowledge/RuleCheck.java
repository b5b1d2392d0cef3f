package org.btrsleuth.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.btrsleuth.incident.KernelVersion;

/** Checks across blocks and files: names that nobody declares, things declared twice, bugs that say nothing. */
final class RuleCheck {
  private static final Pattern BUG_NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final List<RuleFile> files;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Set<Object> bad = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<String, Position> kinds = new HashMap<>();
  private final Map<String, Position> primitives = new HashMap<>();
  private final Map<String, Position> services = new HashMap<>();
  private final Map<String, Position> bugs = new HashMap<>();
  private final Map<String, Position> bugIds = new HashMap<>();

  RuleCheck(List<RuleFile> files) {
    this.files = files;
  }

  List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** The declarations without those that have an error. */
  <T> List<T> good(List<T> declarations) {
    return declarations.stream().filter(d -> !bad.contains(d)).toList();
  }

  void run() {
    for (RuleFile file : files) {
      diagnostics.addAll(file.diagnostics);
      file.kinds.forEach(k -> declare(kinds, k.name(), k.at(), k, "resource"));
      file.primitives.forEach(p -> declare(primitives, p.name(), p.at(), p, "primitive"));
      file.services.forEach(s -> declare(services, s.name(), s.rule().at(), s, "service"));
      file.bugs.forEach(b -> declare(bugs, b.name(), b.at(), b, "bug"));
      file.bugs.forEach(b -> b.ids().forEach(id -> declare(bugIds, id, b.at(), b, "id")));
    }
    for (RuleFile file : files) {
      file.kinds.stream()
          .filter(k -> !k.family().isEmpty())
          .forEach(k -> require(k, k.at(), kinds, k.family(), "resource"));
      file.services.forEach(this::check);
      file.rules.forEach(this::check);
      file.progress.forEach(this::check);
      file.bugs.forEach(this::check);
      duplicates(file);
    }
    markBlocksWithErrors();
  }

  /** Errors that the reader found inside a block count against that block too. */
  private void markBlocksWithErrors() {
    for (RuleFile file : files) {
      List<Positioned> blocks = new ArrayList<>();
      file.rules.forEach(r -> blocks.add(new Positioned(r.at().line(), r)));
      file.services.forEach(s -> blocks.add(new Positioned(s.rule().at().line(), s)));
      file.progress.forEach(p -> blocks.add(new Positioned(p.at().line(), p)));
      file.bugs.forEach(b -> blocks.add(new Positioned(b.at().line(), b)));
      blocks.sort((a, b) -> Integer.compare(a.line(), b.line()));
      for (Diagnostic d : file.diagnostics) {
        Positioned owner = null;
        for (Positioned block : blocks) {
          if (block.line() <= d.at().line()) {
            owner = block;
          }
        }
        if (owner != null && d.error()) {
          bad.add(owner.block());
        }
      }
    }
  }

  private record Positioned(int line, Object block) {}

  private void declare(Map<String, Position> known, String name, Position at, Object block, String what) {
    Position first = known.putIfAbsent(name, at);
    if (first != null) {
      error(block, at, what + " '" + name + "' is already declared at " + first);
    }
  }

  private void check(Service service) {
    requireKinds(service, service.rule().at(), service.runs());
    check(service, service.rule());
  }

  private void check(FrameRule rule) {
    requireKinds(rule, rule.at(), rule.kinds());
    check(rule, rule);
  }

  private void check(Object block, FrameRule rule) {
    for (String primitive : rule.behind()) {
      require(block, rule.at(), primitives, primitive, "primitive");
    }
    if (rule.asleep() && rule.whileCalling() != null) {
      error(block, rule.at(), "a frame that is asleep calls nothing: 'asleep' and 'while' exclude each other");
    }
  }

  private void check(Progress progress) {
    require(progress, progress.at(), kinds, progress.kind(), "resource");
    for (Progress.Need need : progress.needs()) {
      if (need.type() == Progress.NeedType.SERVICE) {
        require(progress, progress.at(), services, need.name(), "service");
      } else if (need.type() == Progress.NeedType.KIND) {
        require(progress, progress.at(), kinds, need.name(), "resource");
      }
    }
  }

  private void check(Bug bug) {
    if (bug.kind().isEmpty()) {
      error(bug, bug.at(), "bug '" + bug.name() + "' does not say its kind");
    }
    if (bug.says().isEmpty()) {
      error(bug, bug.at(), "bug '" + bug.name() + "' does not say its mechanism: add says \"...\"");
    }
    if (!BUG_NAME.matcher(bug.name()).matches()) {
      error(bug, bug.at(), "the name of a bug is lower-case words joined by '-', not '" + bug.name() + "'");
    }
    if (bug.title().isEmpty()) {
      error(bug, bug.at(), "bug '" + bug.name() + "' has neither a title nor a fix with a subject");
    }
    Set<String> names = new HashSet<>();
    for (Role role : bug.roles()) {
      if (!names.add(role.name())) {
        error(bug, role.at(), "role '" + role.name() + "' stands twice in bug '" + bug.name() + "'");
      }
      check(bug, role);
    }
    for (String step : bug.cycle()) {
      if (!names.contains(step)) {
        error(bug, bug.at(), "the cycle names '" + step + "', which is no role of bug '" + bug.name() + "'");
      }
    }
    if (bug.cycle().size() > 1 && !bug.cycle().get(0).equals(bug.cycle().get(bug.cycle().size() - 1))) {
      error(bug, bug.at(), "the cycle of bug '" + bug.name() + "' does not end where it starts");
    }
    checkReleases(bug);
  }

  private void check(Bug bug, Role role) {
    if (role.waits().isEmpty() && role.holds().isEmpty() && role.runs().isEmpty()) {
      error(bug, role.at(), "role '" + role.name() + "' is empty: say what it waits for, holds or runs");
    }
    role.waits().forEach(wait -> requireKinds(bug, role.at(), wait.kinds()));
    role.holds().forEach(hold -> requireKinds(bug, role.at(), hold.kinds()));
  }

  private void checkReleases(Bug bug) {
    KernelVersion from = bug.kernels().from();
    for (Fix fix : bug.fixes()) {
      KernelVersion fixed = KernelVersion.parse(fix.fixedIn().isEmpty() ? "-" : fix.fixedIn());
      if (from != null && fixed != null && fixed.compareTo(from) < 0) {
        error(bug, bug.at(), "bug '" + bug.name() + "' is fixed in " + fixed + ", before it came in " + from);
      }
    }
  }

  private void duplicates(RuleFile file) {
    Map<List<String>, List<FrameRule>> byFrame = new HashMap<>();
    for (FrameRule rule : file.rules) {
      List<FrameRule> rivals = byFrame.computeIfAbsent(rule.frame().alternatives(), frame -> new ArrayList<>());
      for (FrameRule first : rivals) {
        if (conditions(first).equals(conditions(rule))) {
          diagnostics.add(new Diagnostic(rule.at(), false, "says the same as the rule at " + first.at()));
          break;
        }
      }
      rivals.add(rule);
    }
  }

  /** All that a rule says besides its frame; compared for few rules, as making it for each took long at every start. */
  private static List<Object> conditions(FrameRule rule) {
    return Arrays.asList(
        rule.type(), rule.kinds(), words(rule.whileCalling()), words(rule.unlessCalling()), words(rule.under()),
        rule.behind(), rule.asleep(), rule.offset(), rule.kernels());
  }

  private static List<String> words(NamePattern names) {
    return names == null ? List.of() : names.alternatives();
  }

  private void requireKinds(Object block, Position at, List<String> names) {
    names.forEach(name -> require(block, at, kinds, name, "resource"));
  }

  private void require(Object block, Position at, Map<String, Position> known, String name, String what) {
    if (!known.containsKey(name)) {
      String near = Spelling.nearest(name, known.keySet());
      error(
          block,
          at,
          "no " + what + " '" + name + "' is declared" + (near == null ? "" : "; did you mean " + near + "?"));
    }
  }

  private void error(Object block, Position at, String message) {
    bad.add(block);
    diagnostics.add(new Diagnostic(at, true, message));
  }
}
