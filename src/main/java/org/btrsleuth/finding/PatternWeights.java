package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.FramePath;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.LogPattern;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.knowledge.Role;

/**
 * How much the parts of a signature say: the fewer bugs of the catalogue name a function, lock class or message, the
 * more it weighs. {@code btrfs_search_slot} stands in dozens of signatures and says little,
 * {@code btrfs_writepage_fixup_worker} in one. Taken from the catalogue alone, never from captures.
 */
final class PatternWeights {
  private final Map<String, Integer> functions = new HashMap<>();
  private final Map<String, Integer> locks = new HashMap<>();
  private final Map<String, Integer> messages = new HashMap<>();
  private final Map<String, Integer> wider = new ConcurrentHashMap<>();
  private final Map<String, Integer> errnos = new HashMap<>();
  private final int bugs;

  PatternWeights(Knowledge knowledge) {
    bugs = knowledge.bugs().size();
    for (Bug bug : knowledge.bugs().values()) {
      count(functions, namesOf(bug));
      Set<String> lockNames = new HashSet<>();
      bug.lockOrders().forEach(lockNames::addAll);
      count(locks, lockNames);
      Set<String> texts = new HashSet<>();
      for (LogPattern pattern : bug.logPatterns()) {
        if (pattern.type() == LogPattern.Type.MESSAGE) {
          texts.add(pattern.argument());
        }
      }
      count(messages, texts);
      Set<String> numbers = new HashSet<>();
      for (LogPattern pattern : bug.logPatterns()) {
        if (pattern.type() == LogPattern.Type.ABORT) {
          numbers.add(pattern.argument());
        }
      }
      count(errnos, numbers);
    }
  }

  private static void count(Map<String, Integer> counts, Set<String> names) {
    names.forEach(name -> counts.merge(name, 1, Integer::sum));
  }

  private static Set<String> namesOf(Bug bug) {
    Set<String> names = new HashSet<>();
    for (FramePath path : paths(bug)) {
      for (NamePattern step : path.steps()) {
        names.addAll(step.alternatives());
      }
    }
    return names;
  }

  static List<FramePath> paths(Bug bug) {
    List<FramePath> paths = new ArrayList<>();
    for (Role role : bug.roles()) {
      paths.addAll(role.runs());
      for (Role.RoleWait wait : role.waits()) {
        if (wait.path() != null) {
          paths.add(wait.path());
        }
      }
    }
    for (LogPattern pattern : bug.logPatterns()) {
      if (pattern.in() != null) {
        paths.add(pattern.in());
      }
    }
    return paths;
  }

  /** Weight of a step: that of its most common alternative, as that is the one that proves least. */
  double step(NamePattern step) {
    int most = 1;
    for (String name : step.alternatives()) {
      most = Math.max(most, functions.getOrDefault(name, 1));
    }
    return weight(most);
  }

  double lock(String name) {
    return weight(locks.getOrDefault(name, 1));
  }

  /** A pattern says no more than the bugs together whose messages it would match: the wider, the less. */
  double message(String pattern) {
    return weight(
        wider.computeIfAbsent(
            pattern,
            p -> {
              int count = 0;
              for (Map.Entry<String, Integer> other : messages.entrySet()) {
                boolean covered = NamePattern.globMatches(p, other.getKey().replace("*", " 0 "));
                count += covered || p.equals(other.getKey()) ? other.getValue() : 0;
              }
              return Math.max(1, count);
            }));
  }

  /** ENOSPC stands in every other abort, EFBIG in one. */
  double errno(String name) {
    return weight(errnos.getOrDefault(name, 1));
  }

  private double weight(int count) {
    return Math.log((bugs + 1.0) / count);
  }
}
