package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.source.Evidence;
import org.junit.jupiter.api.Test;

class FindingOrderTest {
  private static Finding finding(String pattern, String title, Severity severity, Confidence confidence, int line) {
    return new Finding(
        pattern, pattern, title, "", List.of(), severity, confidence, List.of(), List.of(), List.of(), List.of(),
        List.of(), List.of(new Evidence("log", line, "text")), List.of(), Map.of());
  }

  @Test
  void most_severe_first_then_surest() {
    Finding warning = finding("a", "", Severity.WARNING, Confidence.CERTAIN, 1);
    Finding possible = finding("b", "", Severity.ERROR, Confidence.POSSIBLE, 2);
    Finding likely = finding("c", "", Severity.ERROR, Confidence.LIKELY, 3);
    assertThat(FindingOrder.merge(List.of(List.of(warning, possible), List.of(likely))))
        .containsExactly(likely, possible, warning);
  }

  @Test
  void of_two_analyses_the_surer_names_the_defect_with_the_evidence_of_both() {
    Finding log = finding("bug", "from the log", Severity.ERROR, Confidence.POSSIBLE, 1);
    Finding replay = finding("bug", "from the replay", Severity.ERROR, Confidence.CERTAIN, 2);
    List<Finding> merged = FindingOrder.merge(List.of(List.of(log), List.of(replay)));
    assertThat(merged).hasSize(1);
    assertThat(merged.get(0).title()).isEqualTo("from the replay");
    assertThat(merged.get(0).evidence()).extracting(Evidence::line).containsExactly(2L, 1L);
  }

  @Test
  void one_analysis_may_find_a_defect_in_several_places() {
    Finding first = finding("leak", "pool a", Severity.WARNING, Confidence.LIKELY, 1);
    Finding second = finding("leak", "pool b", Severity.WARNING, Confidence.LIKELY, 2);
    assertThat(FindingOrder.merge(List.of(List.of(first, second), List.of()))).containsExactly(first, second);
  }
}
