package org.btrsleuth.cli;

import java.util.List;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.report.Words;

/** Tells on standard error what went wrong with inputs while their analysis went on. */
final class Warnings {
  private Warnings() {}

  static void print(List<InputSummary> inputs, Terminal terminal) {
    for (InputSummary input : inputs) {
      for (String problem : input.problems()) {
        String text = Words.printable(problem);
        terminal.error(text.startsWith(input.path()) ? text : Words.printable(input.path()) + ": " + text);
      }
    }
  }
}
