package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.chart.Chart;
import org.btrsleuth.chart.Charts;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.WhatIf;
import org.btrsleuth.source.Evidence;

/** What the HTML templates ask for: texts ready to be shown, not yet escaped. */
public final class HtmlModel {
  /** A row of a table of figures; {@code other} is empty without a what-if. */
  public record UnitRow(String name, String here, String other) {}

  private final Tool tool;
  private final Analysis analysis;
  private final List<Chart> charts;

  HtmlModel(Tool tool, Analysis analysis, List<Chart> charts) {
    this.tool = tool;
    this.analysis = analysis;
    this.charts = charts;
  }

  public Tool tool() {
    return tool;
  }

  public List<Finding> findings() {
    return analysis.findings();
  }

  public List<Chart> charts() {
    return charts;
  }

  /** Which file systems have no charts; "" if all have. */
  public String notDrawn() {
    return Charts.notDrawn(analysis);
  }

  public List<FileSystem> fileSystems() {
    return analysis.replay().fileSystems();
  }

  public List<InputSummary> inputs() {
    return analysis.incident().inputs();
  }

  public String kernel() {
    return clean(KernelStatement.of(analysis).sentence());
  }

  public String kernelAt() {
    return analysis.incident().kernelAt() == null ? "" : clean(analysis.incident().kernelAt().location());
  }

  /** The document's title and first line. */
  public String headline() {
    if (findings().isEmpty()) {
      return "Nothing found";
    }
    return clean(findings().get(0).title());
  }

  public String nothingFound() {
    return Summary.nothingFound(analysis);
  }

  public List<String> basis() {
    return Summary.basis(analysis);
  }

  /** "2 errors, 1 warning". */
  public String tally() {
    Map<Severity, Integer> counts = new TreeMap<>();
    for (Finding f : findings()) {
      counts.merge(f.severity(), 1, Integer::sum);
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((s, n) -> parts.add(Words.count(n, s == Severity.INFO ? "note" : Words.lower(s))));
    return parts.isEmpty() ? "no findings" : String.join(", ", parts);
  }

  public String checks() {
    return Summary.checks(analysis);
  }

  public static String clean(String text) {
    return Words.printable(text);
  }

  public static String fix(MatchedFix fix) {
    return clean(TextReport.fixLine(fix));
  }

  /** A link of the chain of reasons; {@code certainty} is empty where the finding does not say it. */
  public record Step(String certainty, String sentence) {}

  public static List<Step> chain(Finding f) {
    return Sentences.explanation(f).stream().map(s -> new Step(Sentences.certainty(f, s), clean(s))).toList();
  }

  /** What is proven beyond the chain of reasons. */
  public static List<String> certain(Finding f) {
    return Sentences.unsaid(f.certain(), f).stream().map(HtmlModel::clean).toList();
  }

  /** What is inferred beyond the chain of reasons. */
  public static List<String> inferred(Finding f) {
    return Sentences.unsaid(f.inferred(), f).stream().map(HtmlModel::clean).toList();
  }

  /** Evidence by file, both in the order of the finding. */
  public static Map<String, List<Evidence>> evidence(Finding f) {
    Map<String, List<Evidence>> files = new LinkedHashMap<>();
    f.evidence().forEach(e -> files.computeIfAbsent(clean(e.path()), k -> new ArrayList<>()).add(e));
    return files;
  }

  /** "page lock of inode 257" -> tasks that wait for it, in order of appearance. */
  public static Map<String, List<String>> victims(Finding f) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (Victim v : f.victims()) {
      String wait = v.waitsFor() == null ? "what the stack does not tell" : Words.resource(v.waitsFor());
      groups.computeIfAbsent(clean(wait), k -> new ArrayList<>()).add(clean(Words.task(v.task())));
    }
    return groups;
  }

  public static Map<String, Long> numbers(Finding f) {
    return new TreeMap<>(f.numbers());
  }

  public static List<String> about(InputSummary input) {
    List<String> lines = new ArrayList<>();
    new InputLines(false).of(input, lines);
    return lines.subList(1, lines.size());
  }

  public static String formats(InputSummary input) {
    List<String> parts = new ArrayList<>();
    Summary.recordsByFormat(input)
        .forEach((format, n) -> parts.add(format.id() + ": " + Words.count(n, Summary.noun(format))));
    return parts.isEmpty() ? "nothing recognised" : String.join(", ", parts);
  }

  /** Inodes that the page shows of a what-if. */
  public static final int MOST_INODES = 100;

  public static List<InodeDifference> differences(WhatIf whatIf) {
    return whatIf.inodes().subList(0, Math.min(MOST_INODES, whatIf.inodes().size()));
  }

  /** Bytes, "-" where they are not known. */
  public static String known(long bytes) {
    return WhatIfText.bytes(bytes);
  }

  /** Ways in which completions got their unit; those that never happened under either rules are left out. */
  public static List<UnitRow> units(InodeUnits u) {
    InodeUnits o = u.whatIf();
    List<UnitRow> rows = new ArrayList<>();
    unit(rows, "completions of ordered I/O", u.completions(), o == null ? null : o.completions());
    unit(rows, "nothing needed, already dirty", u.alreadyDirty(), o == null ? null : o.alreadyDirty());
    unit(rows, "handed over from delalloc", u.handedOver(), o == null ? null : o.handedOver());
    unit(rows, "taken without entitlement", u.withoutEntitlement(), o == null ? null : o.withoutEntitlement());
    unit(rows, "reserved on demand", u.onDemand(), o == null ? null : o.onDemand());
    unit(rows, "stolen from delalloc", u.stolenFromDelalloc(), o == null ? null : o.stolenFromDelalloc());
    unit(rows, "stolen from the global reserve", u.stolenFromGlobal(), o == null ? null : o.stolenFromGlobal());
    unit(rows, "written directly after ENOSPC", u.directUpdate(), o == null ? null : o.directUpdate());
    unit(rows, "inode not updated", u.noUpdate(), o == null ? null : o.noUpdate());
    unit(rows, "failed", u.failed(), o == null ? null : o.failed());
    unit(rows, "undecided", u.undecided(), o == null ? null : o.undecided());
    return rows;
  }

  private static void unit(List<UnitRow> rows, String name, long here, Long other) {
    if (here != 0 || other != null && other != 0) {
      rows.add(new UnitRow(name, Words.count(here), other == null ? "" : Words.count(other)));
    }
  }
}
