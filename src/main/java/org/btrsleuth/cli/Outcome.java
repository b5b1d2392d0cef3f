package org.btrsleuth.cli;

import java.util.List;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.Region;

/**
 * An analysis and how it ended.
 *
 * @param unread paths that could not be read at all
 */
record Outcome(Analysis analysis, List<String> unread) {
  /** An input that could not be read outweighs what the others showed: the answer may be incomplete. */
  int status() {
    if (!unread.isEmpty() || !recognisedAnything(analysis.incident().inputs())) {
      return ExitStatus.INPUT;
    }
    boolean error = analysis.findings().stream().anyMatch(f -> f.severity() == Severity.ERROR);
    return error ? ExitStatus.FOUND : ExitStatus.OK;
  }

  static boolean recognisedAnything(List<InputSummary> inputs) {
    return inputs.stream().anyMatch(Outcome::recognised);
  }

  static boolean recognised(InputSummary input) {
    return input.regions().stream().anyMatch(Region::recognised);
  }
}
