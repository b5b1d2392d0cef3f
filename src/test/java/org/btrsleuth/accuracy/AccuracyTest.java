package org.btrsleuth.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

/**
 * Floors under the accuracy on real reports. {@code mvn test -Dtest=AccuracyTest} prints the table; it is skipped where
 * the reports are not.
 */
class AccuracyTest {
  @Test
  void known_bugs_are_found_and_nothing_slow_is_called_a_deadlock() {
    Captures.shared("incidents/dev.csv");
    AccuracyReport report = AccuracyReport.of(Path.of("../shared"));
    System.out.print(report.table());
    assertThat(report.total().firstPercent()).as("right fix first").isGreaterThanOrEqualTo(90);
    assertThat(report.total().threePercent()).as("right fix among three").isGreaterThanOrEqualTo(97);
    assertThat(report.leaveOneOut().firstPercent()).as("right fix first, unseen").isGreaterThanOrEqualTo(90);
    assertThat(report.leaveOneOut().threePercent()).as("right fix among three, unseen").isGreaterThanOrEqualTo(97);
    assertThat(report.alarms()).as("negatives called a known deadlock").isEmpty();
    assertThat(100.0 * report.coverage().specific() / report.coverage().blocked())
        .as("blocked stacks with a specific wait")
        .isGreaterThanOrEqualTo(98);
    assertThat(report.cycles().percent()).as("cycles with the right kinds").isGreaterThanOrEqualTo(90);
    assertThat(report.cycles().invented()).as("cycles where the label has none").isEmpty();
  }
}
