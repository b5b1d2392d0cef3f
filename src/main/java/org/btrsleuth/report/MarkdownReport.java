package org.btrsleuth.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.source.Evidence;

/**
 * The report for a ticket or a mail: short, readable as plain text too. Foreign text stands in code spans and code
 * blocks whose fences are longer than any run of back-ticks in it, so that it cannot become markup.
 */
public final class MarkdownReport {
  private static final int EVIDENCE = 20;
  private static final int VICTIMS = 20;

  private final StringBuilder out = new StringBuilder();

  private MarkdownReport() {}

  public static String render(Tool tool, Analysis analysis) {
    MarkdownReport report = new MarkdownReport();
    report.all(tool, analysis);
    return report.out.toString();
  }

  private void all(Tool tool, Analysis analysis) {
    if (analysis.findings().isEmpty()) {
      line("# " + Summary.nothingFound(analysis));
      line("");
      for (String sentence : Summary.basis(analysis)) {
        line(sentence);
      }
    }
    for (Finding finding : analysis.findings()) {
      finding(finding);
    }
    if (!analysis.replay().fileSystems().isEmpty()) {
      line("");
      line("## Reservations");
      line("");
      line(Summary.checks(analysis));
      line("");
      block(String.join("\n", new LedgerText(Style.PLAIN, false).of(analysis.replay())));
    }
    line("");
    line("## Inputs");
    line("");
    block(String.join("\n", new InputLines(false).of(analysis)));
    line("");
    line("_" + tool.name() + " " + tool.version() + "_");
  }

  private void finding(Finding f) {
    if (out.length() > 0) {
      line("");
    }
    line("# " + Words.verdict(f) + ": " + text(f.title()));
    line("");
    line(text(f.summary()));
    if (f.cycle().isEmpty() && !Sentences.explanation(f).isEmpty()) {
      line("");
      for (String sentence : Sentences.explanation(f)) {
        String certainty = Sentences.certainty(f, sentence);
        line("- " + (certainty.isEmpty() ? "" : "**" + certainty + "** ") + text(sentence));
      }
    }
    cycle(f.cycle());
    if (!f.cycle().isEmpty()) {
      bullets("In words", Sentences.explanation(f));
    }
    if (!f.fixes().isEmpty()) {
      line("");
      line("**Upstream fix**");
      line("");
      for (MatchedFix fix : f.fixes()) {
        line("- " + text(TextReport.fixLine(fix)));
      }
    }
    victims(f.victims());
    numbers(f.numbers());
    bullets("Proven", Sentences.unsaid(f.certain(), f));
    bullets("Inferred", Sentences.unsaid(f.inferred(), f));
    evidence(f.evidence());
    bullets("Next", f.nextSteps());
    line("");
    line("Signature: " + code(f.id()));
  }

  private void cycle(List<CycleStep> steps) {
    if (steps.isEmpty()) {
      return;
    }
    line("");
    line("| task | holds | waits for |");
    line("|---|---|---|");
    for (CycleStep step : steps) {
      line("| " + cell(code(Words.task(step.task()))) + " | " + resource(step.holds()) + " | "
          + resource(step.waitsFor()) + " |");
    }
    line("");
    line("Each waits for what the next one holds, the last for what the first one holds.");
  }

  private static String resource(ResourceRef ref) {
    return ref == null
        ? "nothing known"
        : cell("**" + text(Words.resource(ref)) + "** (" + Words.certainty(ref.certain()) + ": "
            + text(Words.withoutSources(ref.because())) + ")");
  }

  private void victims(List<Victim> victims) {
    if (victims.isEmpty()) {
      return;
    }
    line("");
    line("**Blocked behind it: " + Words.count(victims.size(), "task") + "**");
    line("");
    for (Victim victim : victims.subList(0, Math.min(VICTIMS, victims.size()))) {
      String wait = victim.waitsFor() == null ? "" : " waits for " + text(Words.resource(victim.waitsFor()));
      line("- " + code(Words.task(victim.task())) + wait);
    }
    if (victims.size() > VICTIMS) {
      line("- and " + (victims.size() - VICTIMS) + " more");
    }
  }

  private void numbers(Map<String, Long> numbers) {
    if (numbers.isEmpty()) {
      return;
    }
    line("");
    line("| figure | value |");
    line("|---|---:|");
    new TreeMap<>(numbers).forEach((name, value) -> line("| " + text(Words.figure(name)) + " | " + Words.number(name,
        value) + " |"));
  }

  private void evidence(List<Evidence> lines) {
    if (lines.isEmpty()) {
      return;
    }
    line("");
    line("**Evidence**");
    line("");
    StringBuilder text = new StringBuilder();
    for (Evidence line : lines.subList(0, Math.min(EVIDENCE, lines.size()))) {
      text.append(text.length() == 0 ? "" : "\n");
      text.append(Words.printable(line.location())).append("  ").append(Words.cut(Words.printable(line.text().strip()),
          200));
    }
    if (lines.size() > EVIDENCE) {
      text.append("\nand ").append(lines.size() - EVIDENCE).append(" more");
    }
    block(text.toString());
  }

  private void bullets(String label, List<String> sentences) {
    if (sentences.isEmpty()) {
      return;
    }
    line("");
    line("**" + label + "**");
    line("");
    for (String sentence : sentences) {
      line("- " + text(sentence));
    }
  }

  private void block(String text) {
    String fence = "`".repeat(Math.max(3, longestRun(text) + 1));
    line(fence);
    line(text);
    line(fence);
  }

  private static String code(String text) {
    String clean = Words.printable(text);
    String ticks = "`".repeat(longestRun(clean) + 1);
    boolean pad = clean.startsWith("`") || clean.endsWith("`");
    return ticks + (pad ? " " : "") + clean + (pad ? " " : "") + ticks;
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /** A sentence: markup characters that could come from a task's or file's name are escaped. */
  static String text(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    String clean = Words.printable(text);
    for (int i = 0; i < clean.length(); i++) {
      char c = clean.charAt(i);
      boolean inWord = c == '_' && i > 0 && i + 1 < clean.length()
          && Character.isLetterOrDigit(clean.charAt(i - 1)) && Character.isLetterOrDigit(clean.charAt(i + 1));
      if ("\\`*_[]<>|#!".indexOf(c) >= 0 && !inWord) {
        out.append(c == '<' ? "&lt;" : c == '>' ? "&gt;" : "\\" + c);
      } else {
        out.append(c == '&' ? "&amp;" : String.valueOf(c));
      }
    }
    return out.toString();
  }

  /** In a table even a code span ends at a bar. */
  private static String cell(String markdown) {
    return markdown.replaceAll("(?<!\\\\)\\|", "\\\\|");
  }

  private void line(String text) {
    out.append(text).append('\n');
  }
}
