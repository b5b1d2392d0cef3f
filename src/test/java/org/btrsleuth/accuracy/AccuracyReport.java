package org.btrsleuth.accuracy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.FindingOrder;
import org.btrsleuth.finding.HangAnalysis;
import org.btrsleuth.finding.InodeUnitFindings;
import org.btrsleuth.finding.ReservationFindings;
import org.btrsleuth.finding.SignatureFindings;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.waitgraph.TraceEvidence;

/**
 * How well the analysis does on the labelled reports: right fix first and among three by family, negatives that are
 * called a known deadlock, share of blocked stacks with a specific wait. Prints a table; needs ../shared.
 *
 * <p>Signatures may have been fitted to these very reports, so what they are worth on others is measured, too: each
 * report against a signature without everything that only this report can have taught, see {@link LeaveOneOut}, and each
 * report as another host would have written it, see {@link Variants}.
 */
public final class AccuracyReport {
  private static final Set<String> DEADLOCKS = Set.of("hang-deadlock", "leaked-lock", "lost-wakeup");

  private final Knowledge knowledge = Knowledge.shipped();
  private final Map<String, Score> families = new TreeMap<>();
  private final Score heldOut = new Score();
  private final Score heldOutHarsh = new Score();
  private final Map<String, Score> variants = new LinkedHashMap<>();
  private final Score independent = new Score();
  private final WaitCoverage coverage = new WaitCoverage();
  private final CycleKinds cycles;
  private final List<String> wrong = new ArrayList<>();
  private final List<String> fragile = new ArrayList<>();
  private final List<String> alarms = new ArrayList<>();
  private final List<String> unproven = new ArrayList<>();
  private LeaveOneOut out;
  private int negatives;
  private int verdicts;
  private int unlabelled;

  private AccuracyReport(Path shared) {
    cycles = new CycleKinds(shared);
  }

  /** Counts of one family. */
  static final class Score {
    int all;
    int first;
    int three;

    void add(int place) {
      all++;
      first += place == 0 ? 1 : 0;
      three += place >= 0 && place < 3 ? 1 : 0;
    }

    double firstPercent() {
      return all == 0 ? 0 : 100.0 * first / all;
    }

    double threePercent() {
      return all == 0 ? 0 : 100.0 * three / all;
    }
  }

  /** Reads and judges all incidents of {@code shared}. */
  static AccuracyReport of(Path shared) {
    AccuracyReport report = new AccuracyReport(shared);
    List<Incidents.Labelled> all = Incidents.dev(shared);
    report.out = new LeaveOneOut(report.knowledge, shared, all);
    for (Incidents.Labelled one : all) {
      report.add(one);
    }
    return report;
  }

  private List<Finding> findings(Incident incident, Knowledge knowledge) {
    List<Finding> hang =
        FindingOrder.merge(
            List.of(
                HangAnalysis.analyse(incident, knowledge, TraceEvidence.none()).findings(),
                ReservationFindings.of(ReplayReport.EMPTY, incident),
                InodeUnitFindings.of(ReplayReport.EMPTY, incident, knowledge)));
    return FindingOrder.merge(List.of(hang, SignatureFindings.of(incident, knowledge, hang)));
  }

  private void add(Incidents.Labelled labelled) {
    Incident incident = Reading.read(labelled.log());
    coverage.add(incident, labelled.id());
    List<Finding> findings = findings(incident, knowledge);
    cycles.add(labelled, findings);
    if (labelled.group().equals("negative") || labelled.kind().equals("hang-slow")) {
      negatives++;
      alarm(labelled, findings);
    }
    if (labelled.bug().isEmpty()) {
      named(labelled, findings);
      unlabelled += labelled.group().equals("unlabelled") ? 1 : 0;
      verdicts += labelled.group().equals("unlabelled") && !findings.isEmpty() ? 1 : 0;
      return;
    }
    int place = place(labelled, findings);
    families.computeIfAbsent(labelled.kind(), k -> new Score()).add(place);
    held(labelled, incident, place);
    if (labelled.independent()) {
      independent.add(place);
    }
    if (place != 0) {
      wrong.add(
          labelled.id() + " " + labelled.bug() + " place " + place(place) + "; said "
              + findings.stream().limit(3).map(f -> f.pattern() + "/" + f.confidence()).toList());
    }
  }

  private void held(Incidents.Labelled labelled, Incident incident, int place) {
    int without = place(labelled, findings(incident, out.without(labelled, true)));
    heldOut.add(without);
    String harsh = "";
    if (out.hasOthers(labelled)) {
      int only = place(labelled, findings(incident, out.without(labelled, false)));
      heldOutHarsh.add(only);
      harsh = only == 0 ? "" : ", by its other incidents alone " + place(only);
    }
    Path log = labelled.log();
    String lost =
        variant("inlined", place(labelled, findings(Variants.inlined(log), knowledge)), place)
            + variant("renamed", place(labelled, findings(Variants.renamed(log, knowledge.functions(), incident.kernel()), knowledge)), place)
            + variant("cut off", place(labelled, findings(Variants.cut(log), knowledge)), place);
    harsh += lost;
    if (without != place || !harsh.isEmpty()) {
      fragile.add(
          labelled.id() + " " + labelled.bug() + " place " + place(place) + ", without its mail " + place(without) + harsh);
    }
  }

  private String variant(String name, int now, int before) {
    variants.computeIfAbsent(name, n -> new Score()).add(now);
    return now == before ? "" : ", " + name + " " + place(now);
  }

  private static String place(int place) {
    return place < 0 ? "-" : String.valueOf(place + 1);
  }

  /** A deadlock that the catalogue knows, likely or certain, where there is none. */
  private void alarm(Incidents.Labelled labelled, List<Finding> findings) {
    for (Finding finding : findings) {
      Bug bug = knowledge.bug(finding.pattern());
      if (bug != null && DEADLOCKS.contains(bug.kind()) && finding.confidence() != Confidence.POSSIBLE) {
        alarms.add(labelled.id() + " " + finding.pattern() + " " + finding.confidence());
      }
    }
  }

  /** Known bugs that are named where nobody has labelled one. */
  private void named(Incidents.Labelled labelled, List<Finding> findings) {
    for (Finding finding : findings) {
      if (knowledge.bug(finding.pattern()) != null) {
        unproven.add(
            labelled.id() + " " + labelled.group() + " " + labelled.kind() + ": " + finding.pattern() + "/"
                + finding.confidence());
      }
    }
  }

  /** Place of the right fix among the distinct fixes in the order of the findings, -1 if it is not there. */
  private int place(Incidents.Labelled labelled, List<Finding> findings) {
    Set<String> right = new HashSet<>();
    Bug bug = knowledge.bug(labelled.bug());
    bug.fixes().forEach(fix -> right.add(fix.subject()));
    Set<String> seen = new HashSet<>();
    int place = 0;
    for (Finding finding : findings) {
      for (Finding.MatchedFix matched : finding.fixes()) {
        Fix fix = matched.fix();
        if (right.contains(fix.subject())) {
          return place;
        }
        if (seen.add(fix.subject())) {
          place++;
        }
      }
    }
    return -1;
  }

  Score total() {
    return sum(families);
  }

  /** Against signatures without what only the report itself can have taught. */
  Score leaveOneOut() {
    return heldOut;
  }

  List<String> alarms() {
    return alarms;
  }

  WaitCoverage coverage() {
    return coverage;
  }

  CycleKinds cycles() {
    return cycles;
  }

  private static Score sum(Map<String, Score> scores) {
    Score sum = new Score();
    for (Score score : scores.values()) {
      sum.all += score.all;
      sum.first += score.first;
      sum.three += score.three;
    }
    return sum;
  }

  String table() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-18s %4s %8s %8s%n", "family", "n", "first", "three"));
    families.forEach((name, score) -> line(text, name, score));
    line(text, "all", total());
    line(text, "leave one out", heldOut);
    line(text, "others' mails only", heldOutHarsh);
    variants.forEach((name, score) -> line(text, name, score));
    line(text, "independent", independent);
    text.append(
        String.format(
            Locale.ROOT, "negatives and slow: %d, called a known deadlock: %d %s%n", negatives, alarms.size(), alarms));
    text.append(String.format(Locale.ROOT, "unlabelled with a verdict: %d of %d%n", verdicts, unlabelled));
    text.append(
        String.format(
            Locale.ROOT, "blocked stacks with a specific wait: %d of %d (%.1f %%)%n", coverage.specific(),
            coverage.blocked(), 100.0 * coverage.specific() / Math.max(1, coverage.blocked())));
    text.append(cycles.table());
    wrong.forEach(w -> text.append("  ").append(w).append('\n'));
    text.append("fragile, if the report had not been seen:\n");
    fragile.forEach(f -> text.append("  ").append(f).append('\n'));
    text.append("known bugs named without a label:\n");
    unproven.forEach(u -> text.append("  ").append(u).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, Score score) {
    text.append(
        String.format(
            Locale.ROOT, "%-18s %4d %6.1f %% %6.1f %%%n", name, score.all, score.firstPercent(), score.threePercent()));
  }

  /** Prints the table for {@code ../shared} or the directory given. */
  public static void main(String[] args) {
    System.out.print(of(Path.of(args.length > 0 ? args[0] : "../shared")).table());
  }
}
