package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.source.Evidence;

/** Collects the parts of a finding. */
final class FindingBuilder {
  String pattern = "";
  String title = "";
  String summary = "";
  Severity severity = Severity.INFO;
  Confidence confidence = Confidence.POSSIBLE;
  final List<String> mechanism = new ArrayList<>();
  final List<String> explanation = new ArrayList<>();
  final List<CycleStep> cycle = new ArrayList<>();
  final List<Victim> victims = new ArrayList<>();
  final List<MatchedFix> fixes = new ArrayList<>();
  final Set<String> certain = new LinkedHashSet<>();
  final Set<String> inferred = new LinkedHashSet<>();
  final Set<Evidence> evidence = new LinkedHashSet<>();
  final Set<String> nextSteps = new LinkedHashSet<>();
  final Map<String, Long> numbers = new LinkedHashMap<>();

  Finding build() {
    return new Finding(
        FindingIds.of(pattern, mechanism),
        pattern,
        title,
        summary,
        List.copyOf(explanation),
        severity,
        confidence,
        List.copyOf(cycle),
        List.copyOf(victims),
        List.copyOf(fixes),
        List.copyOf(certain),
        List.copyOf(inferred),
        List.copyOf(evidence),
        List.copyOf(nextSteps),
        Map.copyOf(numbers));
  }

  /** Levels of lock-model section 5. */
  static Confidence level(double confidence) {
    return confidence >= 0.9 ? Confidence.CERTAIN : confidence >= 0.7 ? Confidence.LIKELY : Confidence.POSSIBLE;
  }
}
