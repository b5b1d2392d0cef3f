package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.btrsleuth.source.Evidence;

/** Puts findings of several analyses into the order in which they are reported. */
public final class FindingOrder {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::severity)
          .thenComparing(Finding::confidence)
          // A cause with a fix before a bare report of what happened.
          .thenComparing(finding -> finding.fixes().isEmpty())
          .thenComparing(Finding::pattern)
          .thenComparing(Finding::id)
          .thenComparing(Finding::title);

  private FindingOrder() {}

  /**
   * All of {@code lists}, each the findings of one analysis, most severe first; equal findings once. Where several
   * analyses name the same defect, a replay from events and a signature in the log, say, the surest of them speaks and
   * the evidence of the others is added to it.
   */
  public static List<Finding> merge(List<List<Finding>> lists) {
    Map<String, List<Finding>> surest = new HashMap<>();
    for (List<Finding> list : lists) {
      for (Finding finding : list) {
        List<Finding> known = surest.get(finding.pattern());
        if (known == null || ORDER.compare(finding, best(known, finding.pattern())) < 0) {
          surest.put(finding.pattern(), list);
        }
      }
    }
    Set<Finding> kept = new LinkedHashSet<>();
    Map<String, Set<Evidence>> added = new HashMap<>();
    for (List<Finding> list : lists) {
      for (Finding finding : list) {
        if (surest.get(finding.pattern()) == list) {
          kept.add(finding);
        } else {
          added.computeIfAbsent(finding.pattern(), p -> new LinkedHashSet<>()).addAll(finding.evidence());
        }
      }
    }
    List<Finding> sorted = new ArrayList<>(kept);
    sorted.sort(ORDER);
    for (int i = 0; i < sorted.size(); i++) {
      Set<Evidence> more = added.remove(sorted.get(i).pattern());
      if (more != null) {
        sorted.set(i, with(sorted.get(i), more));
      }
    }
    return sorted;
  }

  private static Finding best(List<Finding> list, String pattern) {
    return list.stream().filter(f -> f.pattern().equals(pattern)).min(ORDER).orElseThrow();
  }

  private static Finding with(Finding f, Set<Evidence> more) {
    Set<Evidence> evidence = new LinkedHashSet<>(f.evidence());
    evidence.addAll(more);
    return new Finding(
        f.id(), f.pattern(), f.title(), f.summary(), f.explanation(), f.severity(), f.confidence(), f.cycle(),
        f.victims(), f.fixes(), f.certain(), f.inferred(), List.copyOf(evidence), f.nextSteps(), f.numbers());
  }
}
