package org.btrsleuth.cli;

import java.util.List;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.report.Words;

/** Tells on standard error what went wrong with inputs while their analysis went on. */
final class Warnings {
  private Warnings() {}

  /** @param named paths of the command line: one of these in which nothing was recognised gets a message */
  static void print(List<InputSummary> inputs, List<String> named, Terminal terminal) {
    for (InputSummary input : inputs) {
      if (input.problems().isEmpty() && named.contains(input.path()) && !Outcome.recognised(input)) {
        terminal.error(
            Words.printable(input.path())
                + ": nothing in it was recognised; give a trace, kernel log or stack listing as text, or"
                + " --input-format");
      }
      for (String problem : input.problems()) {
        String text = Words.printable(problem);
        terminal.error(text.startsWith(input.path()) ? text : Words.printable(input.path()) + ": " + text);
      }
    }
  }
}
