package org.btrsleuth.report;

import java.util.List;
import org.btrsleuth.finding.Finding;

/**
 * Findings say the same link of a chain in their explanation and among what is certain or inferred; reports say it
 * once.
 */
final class Sentences {
  private Sentences() {}

  /** "certain", "inferred", or "" where the finding does not say it. */
  static String certainty(Finding f, String sentence) {
    if (f.certain().stream().anyMatch(s -> same(s, sentence))) {
      return "certain";
    }
    return f.inferred().stream().anyMatch(s -> same(s, sentence)) ? "inferred" : "";
  }

  /** The finding's explanation without what its title or summary says word for word. */
  static List<String> explanation(Finding f) {
    return f.explanation().stream().filter(s -> !headed(f, s)).toList();
  }

  /** Sentences that neither the finding's explanation nor its head holds already. */
  static List<String> unsaid(List<String> sentences, Finding f) {
    return f.cycle().isEmpty()
        ? sentences.stream().filter(s -> !headed(f, s) && f.explanation().stream().noneMatch(e -> same(e, s))).toList()
        : sentences;
  }

  private static boolean headed(Finding f, String sentence) {
    return f.title().contains(plain(sentence)) || f.summary().contains(plain(sentence));
  }

  private static boolean same(String a, String b) {
    return plain(a).equalsIgnoreCase(plain(b));
  }

  private static String plain(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
