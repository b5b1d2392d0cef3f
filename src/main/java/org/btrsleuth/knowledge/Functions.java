package org.btrsleuth.knowledge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.btrsleuth.incident.KernelVersion;

/**
 * Functions under all their names: those that one function has had, and those that it is inlined into or split from
 * between releases and configurations. Whoever writes a bug names the function of one kernel; reports come from others.
 */
public final class Functions {
  private final Map<String, Set<String>> families = new HashMap<>();

  private final Map<String, KernelRange> kernels = new HashMap<>();

  /** @param kernels releases that have a function of that name */
  record Spelling(String name, KernelRange kernels) {}

  /** @param declared spellings of one function each; entries that share a name are one */
  Functions(List<List<Spelling>> declared) {
    for (List<Spelling> spellings : declared) {
      Set<String> family = new LinkedHashSet<>();
      for (Spelling spelling : spellings) {
        family.addAll(families.getOrDefault(spelling.name(), Set.of(spelling.name())));
        kernels.put(spelling.name(), spelling.kernels());
      }
      family.forEach(name -> families.put(name, family));
    }
  }

  /**
   * Releases that have all of these functions; functions without an entry are in all. Null if none has: then the names
   * are from several kernels.
   */
  public KernelRange kernels(Collection<String> names) {
    KernelVersion from = null;
    KernelVersion to = null;
    for (String name : names) {
      KernelRange range = kernels.getOrDefault(name, KernelRange.ALWAYS);
      if (range.from() != null && (from == null || KernelRange.compareSeries(range.from(), from) > 0)) {
        from = range.from();
      }
      if (range.to() != null && (to == null || KernelRange.compareSeries(range.to(), to) < 0)) {
        to = range.to();
      }
    }
    return from != null && to != null && KernelRange.compareSeries(from, to) > 0 ? null : new KernelRange(from, to);
  }

  /** The other names of a function, itself included; itself alone if it has none. */
  public Set<String> of(String name) {
    return families.getOrDefault(name, Set.of(name));
  }

  NamePattern expand(NamePattern pattern) {
    Set<String> names = new LinkedHashSet<>(pattern.alternatives());
    pattern.alternatives().forEach(name -> names.addAll(of(name)));
    return names.size() == pattern.alternatives().size() ? pattern : new NamePattern(List.copyOf(names));
  }

  /** Steps of one family next to each other become one: only in some kernels both stand in a stack. */
  FramePath expand(FramePath path) {
    if (path == null) {
      return null;
    }
    List<NamePattern> steps = new ArrayList<>();
    for (NamePattern step : path.steps()) {
      NamePattern expanded = expand(step);
      NamePattern last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
      boolean family = last != null && expanded.alternatives().size() > 1
          && Set.copyOf(expanded.alternatives()).equals(Set.copyOf(last.alternatives()));
      if (!family) {
        steps.add(expanded);
      }
    }
    return new FramePath(steps);
  }

  private List<FramePath> expand(List<FramePath> paths) {
    return paths.stream().map(this::expand).toList();
  }

  private Role expand(Role role) {
    List<Role.RoleWait> waits =
        role.waits().stream().map(w -> new Role.RoleWait(w.kinds(), expand(w.path()))).toList();
    List<Role.RoleHold> holds =
        role.holds().stream()
            .map(h -> new Role.RoleHold(h.kinds(), h.frame() == null ? null : expand(h.frame())))
            .toList();
    return new Role(
        role.name(), role.title(), role.optional(), role.common(), waits, holds, expand(role.runs()), role.task(),
        role.at());
  }

  /** The bug with all names that its functions have. */
  Bug expand(Bug bug) {
    List<LogPattern> patterns =
        bug.logPatterns().stream()
            .map(
                p ->
                    new LogPattern(
                        p.type(), p.argument(), expand(p.in()), p.times(), p.optional(), p.common(), p.at()))
            .toList();
    return new Bug(
        bug.name(), bug.ids(), bug.title(), bug.kind(), bug.subsystem(), bug.fixes(), bug.kernels(), bug.backports(),
        bug.stable(), bug.roles().stream().map(this::expand).toList(), bug.cycle(), bug.lockOrders(), patterns,
        bug.says(), bug.symptom(), bug.confirm(), bug.workaround(), bug.source(), bug.at());
  }
}
