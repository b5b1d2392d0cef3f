package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.source.Evidence;

/**
 * The verdict for a terminal: what happened first, then the cycle or the ledger, the lines that prove it, and last what
 * the inputs held. Foreign text is stripped of control characters.
 */
public final class TextReport {
  private static final int WIDTH = 110;
  private static final int LABEL = 14;
  private static final int TEXT_EVIDENCE = 12;
  /** Longer task names stand on a line of their own. */
  private static final int NAME = 28;
  private static final int RESOURCE = 32;

  private final Style style;
  private final boolean verbose;
  private final StringBuilder out = new StringBuilder();

  private TextReport(Style style, boolean verbose) {
    this.style = style;
    this.verbose = verbose;
  }

  /** @param verbose all evidence and all tasks instead of the first few */
  public static String render(Analysis analysis, Style style, boolean verbose) {
    TextReport report = new TextReport(style, verbose);
    report.all(analysis);
    return report.out.toString();
  }

  private void all(Analysis analysis) {
    List<Finding> findings = analysis.findings();
    boolean ledgerShown = false;
    if (findings.isEmpty()) {
      line(style.green(Summary.nothingFound(analysis)));
      line("");
      for (String sentence : Summary.basis(analysis)) {
        paragraph("  ", sentence);
      }
    }
    for (Finding finding : findings) {
      boolean withLedger = !ledgerShown && finding.cycle().isEmpty() && speaksOfReservations(finding, analysis);
      finding(finding, withLedger ? analysis : null);
      ledgerShown |= withLedger;
    }
    if (!ledgerShown && !analysis.replay().fileSystems().isEmpty()) {
      line("");
      ledger(analysis);
    }
    line("");
    line(style.bold("Inputs"));
    for (String text : new InputLines(verbose).of(analysis)) {
      line("  " + text);
    }
  }

  private static boolean speaksOfReservations(Finding finding, Analysis analysis) {
    return !analysis.replay().fileSystems().isEmpty() && !finding.numbers().isEmpty();
  }

  private void finding(Finding f, Analysis ledger) {
    if (out.length() > 0) {
      line("");
    }
    line(coloured(f, Words.verdict(f)) + ": " + style.bold(clean(f.title())));
    line("");
    paragraph("  ", clean(f.summary()));
    line("");
    if (f.cycle().isEmpty() || verbose) {
      explanation(f);
    }
    if (!f.cycle().isEmpty()) {
      cycle(f.cycle());
      line("");
    }
    for (MatchedFix fix : f.fixes()) {
      labelled(fix == f.fixes().get(0) ? "Upstream fix" : "", fixLine(fix));
    }
    victims(f.victims());
    numbers(f.numbers());
    if (ledger != null) {
      line("");
      ledger(ledger);
      line("");
    }
    if (f.cycle().isEmpty() || verbose) {
      bullets("Proven", Sentences.unsaid(f.certain(), f));
      bullets("Inferred", Sentences.unsaid(f.inferred(), f));
    }
    evidence(f.evidence());
    bullets("Next", f.nextSteps());
    labelled("Signature", style.dim(f.id()));
  }

  /** The chain of reasons, each with its certainty where the finding says it. */
  private void explanation(Finding f) {
    List<String> explanation = Sentences.explanation(f);
    if (explanation.isEmpty()) {
      return;
    }
    boolean labels = explanation.stream().anyMatch(s -> !Sentences.certainty(f, s).isEmpty());
    for (String sentence : explanation) {
      if (labels) {
        labelled(Sentences.certainty(f, sentence), clean(sentence));
      } else {
        bullet(clean(sentence));
      }
    }
    line("");
  }

  private String coloured(Finding f, String text) {
    return switch (f.severity()) {
      case ERROR -> style.red(text);
      case WARNING -> style.yellow(text);
      case INFO -> style.cyan(text);
    };
  }

  private void cycle(List<CycleStep> steps) {
    int names = 0;
    int resources = 0;
    for (CycleStep step : steps) {
      String name = clean(Words.task(step.task()));
      names = name.length() <= NAME ? Math.max(names, name.length()) : names;
      resources = Math.max(resources, Math.max(resource(step.holds()).length(), resource(step.waitsFor()).length()));
    }
    resources = Math.min(resources, RESOURCE);
    for (CycleStep step : steps) {
      String name = clean(Words.task(step.task()));
      if (name.length() > names) {
        line("  " + style.bold(name));
        name = "";
      }
      if (step.holds() != null) {
        cycleRow(name, names, "holds", resources, step.holds());
        name = "";
      }
      cycleRow(name, names, "waits", resources, step.waitsFor());
    }
    line("  " + style.dim("each waits for what the next one holds; the last for what the first one holds"));
  }

  private void cycleRow(String name, int names, String verb, int resources, ResourceRef ref) {
    String resource = resource(ref);
    String certainty = ref == null ? "" : Words.certainty(ref.certain());
    String head = "  " + style.bold(name) + " ".repeat(names - name.length()) + "  " + verb + "  ";
    int indent = 2 + names + 2 + 5 + 2 + resources + 2 + 8 + 2;
    head += resource + " ".repeat(Math.max(0, resources - resource.length())) + "  ";
    head += (certainty.equals("inferred") ? style.yellow(certainty) : certainty) + " ".repeat(8 - certainty.length())
        + "  ";
    String because = ref == null ? "" : clean(ref.because());
    List<String> parts = Words.wrap(verbose ? because : Words.withoutSources(because), Math.max(40, WIDTH - indent));
    line(head + (parts.isEmpty() ? "" : parts.get(0)));
    for (int i = 1; i < parts.size(); i++) {
      line(" ".repeat(indent) + parts.get(i));
    }
  }

  private static String resource(ResourceRef ref) {
    return ref == null ? "nothing known" : clean(Words.resource(ref));
  }

  static String fixLine(MatchedFix matched) {
    Fix fix = matched.fix();
    StringBuilder text = new StringBuilder();
    text.append(fix.commit().isEmpty() ? "(no commit known)"
        : fix.commit()).append(" \"").append(fix.subject()).append('"');
    if (!fix.fixedIn().isEmpty()) {
      text.append(", in ").append(fix.fixedIn());
    }
    if (!fix.introducedBy().isEmpty()) {
      text.append(", defect brought by ").append(fix.introducedBy());
    }
    return text.append(matched.bySignature() ? " [signature matches]" : " [same mechanism]").toString();
  }

  private void victims(List<Victim> victims) {
    if (victims.isEmpty()) {
      return;
    }
    Map<String, List<String>> byWait = new LinkedHashMap<>();
    for (Victim victim : victims) {
      String wait = victim.waitsFor() == null ? "what the stack does not tell" : Words.resource(victim.waitsFor());
      byWait.computeIfAbsent(clean(wait), k -> new ArrayList<>()).add(clean(Words.task(victim.task())));
    }
    String label = "Blocked";
    for (Map.Entry<String, List<String>> group : byWait.entrySet()) {
      List<String> names = group.getValue();
      int shown = verbose ? names.size() : Math.min(8, names.size());
      String more = shown < names.size() ? " and " + (names.size() - shown) + " more" : "";
      labelled(
          label,
          Words.count(names.size(), "task") + " behind " + group.getKey() + ": "
              + String.join(", ", names.subList(0, shown)) + more);
      label = "";
    }
  }

  private void numbers(Map<String, Long> numbers) {
    if (numbers.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("ll");
    new TreeMap<>(numbers).forEach((name, value) -> table.row(Words.figure(name), Words.number(name, value)));
    String label = "Figures";
    for (String row : table.lines()) {
      line("  " + style.bold(pad(label)) + row);
      label = "";
    }
  }

  private void ledger(Analysis analysis) {
    for (String row : new LedgerText(style, verbose).of(analysis.replay())) {
      line(row);
    }
  }

  private void evidence(List<Evidence> lines) {
    if (lines.isEmpty()) {
      return;
    }
    int shown = verbose ? lines.size() : Math.min(TEXT_EVIDENCE, lines.size());
    TextTable table = new TextTable("ll");
    for (Evidence line : lines.subList(0, shown)) {
      table.row(style.cyan(clean(line.location())), Words.cut(clean(line.text().strip()), 160));
    }
    String label = "Evidence";
    for (String row : table.lines()) {
      line("  " + style.bold(pad(label)) + row);
      label = "";
    }
    if (shown < lines.size()) {
      labelled("", style.dim("and " + Words.count(lines.size() - shown, "line")
          + " more: -v or the other formats show all"));
    }
  }

  private void bullets(String label, List<String> sentences) {
    for (String sentence : sentences) {
      labelled(label, clean(sentence));
      label = "";
    }
  }

  private void labelled(String label, String text) {
    String head = "  " + style.bold(pad(label));
    for (String part : Words.wrap(text, WIDTH - LABEL - 2)) {
      line(head + part);
      head = " ".repeat(LABEL + 2);
    }
  }

  private void bullet(String text) {
    String head = "  - ";
    for (String part : Words.wrap(text, WIDTH - 4)) {
      line(head + part);
      head = "    ";
    }
  }

  private void paragraph(String indent, String text) {
    for (String part : Words.wrap(text, WIDTH - indent.length())) {
      line(indent + part);
    }
  }

  private static String pad(String label) {
    return label + " ".repeat(Math.max(1, LABEL - label.length()));
  }

  private static String clean(String text) {
    return Words.printable(text);
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  /** Whether the exit status must say that something was found. */
  public static boolean hasError(Analysis analysis) {
    return analysis.findings().stream().anyMatch(f -> f.severity() == Severity.ERROR);
  }
}
