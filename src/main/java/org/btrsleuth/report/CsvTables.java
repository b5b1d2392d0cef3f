package org.btrsleuth.report;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.LostEvents;
import org.btrsleuth.format.Region;
import org.btrsleuth.report.GraphView.TaskEdge;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.WaitGraph.Node;

/** The tables of a report. Bytes are integers, times are seconds with nine digits, unknown is an empty cell. */
public final class CsvTables {
  /** Writes one table. */
  public interface Table {
    void write(CsvTable csv, Analysis analysis) throws IOException;
  }

  private static final Map<String, Table> TABLES = new LinkedHashMap<>();

  static {
    TABLES.put("inputs", CsvTables::inputs);
    TABLES.put("regions", CsvTables::regions);
    TABLES.put("lost", CsvTables::lost);
    TABLES.put("unrecognised", CsvTables::unrecognised);
    TABLES.put("tasks", CsvTables::tasks);
    TABLES.put("frames", CsvTables::frames);
    TABLES.put("edges", CsvTables::edges);
    TABLES.put("findings", CsvTables::findings);
    TABLES.put("cycle", CsvTables::cycle);
    TABLES.put("victims", CsvTables::victims);
    TABLES.put("fixes", CsvTables::fixes);
    TABLES.put("numbers", CsvTables::numbers);
    TABLES.put("evidence", CsvTables::evidence);
    TABLES.putAll(CsvReplayTables.TABLES);
  }

  private CsvTables() {}

  /** Names of all tables, in order. */
  public static List<String> names() {
    return List.copyOf(TABLES.keySet());
  }

  /** Writes table {@code name} with its header line. */
  public static void write(String name, Analysis analysis, Appendable out) throws IOException {
    Table table = TABLES.get(name);
    if (table == null) {
      throw new IllegalArgumentException("no table " + name);
    }
    CsvTable csv = new CsvTable(out);
    table.write(csv, analysis);
    csv.flush();
  }

  private static void inputs(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("path", "bytes", "sha256", "lines", "unrecognised_lines", "problems");
    for (InputSummary i : analysis.incident().inputs()) {
      csv.row(
          i.path(), CsvTable.known(i.bytes(), -1), i.sha256(), i.lines(), i.unrecognisedLines(), String.join(" ",
              i.problems()));
    }
  }

  private static void regions(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("path", "format", "first_line", "last_line", "records");
    for (InputSummary i : analysis.incident().inputs()) {
      for (Region r : i.regions()) {
        csv.row(i.path(), r.format().id(), r.firstLine(), r.lastLine(), r.records());
      }
    }
  }

  private static void lost(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("path", "line", "cpu", "events");
    for (InputSummary i : analysis.incident().inputs()) {
      for (LostEvents l : i.lost()) {
        csv.row(i.path(), l.line(), CsvTable.known(l.cpu(), -1), CsvTable.known(l.events(), -1));
      }
    }
  }

  private static void unrecognised(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("path", "line", "text");
    for (InputSummary i : analysis.incident().inputs()) {
      for (Evidence e : i.unrecognisedFirst()) {
        csv.row(i.path(), e.line(), e.text());
      }
    }
  }

  private static void tasks(CsvTable csv, Analysis analysis) throws IOException {
    csv.header(
        "task", "dump", "comm", "pid", "state", "origin", "workqueue", "work_function", "time_s", "blocked_s", "path",
        "line", "last_line", "frames");
    int number = 0;
    for (TaskSnapshot t : analysis.incident().tasks()) {
      csv.row(
          number++, t.dump(), t.comm(), CsvTable.known(t.pid(), -1), String.valueOf(t.state().letter()),
          Words.lower(t.origin()), t.workqueue(), t.workFunction(), CsvTable.seconds(t.timeNanos(), -1),
          CsvTable.known(t.blockedSeconds(), -1), t.header().path(), t.header().line(), t.lastLine(),
              t.frames().size());
    }
  }

  private static void frames(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("task", "depth", "function", "symbol", "module", "reliable", "offset", "size", "path", "line");
    int number = 0;
    for (TaskSnapshot t : analysis.incident().tasks()) {
      int depth = 0;
      for (Frame f : t.frames()) {
        csv.row(
            number, depth++, f.function(), f.symbol(), f.module(), f.reliable(), CsvTable.known(f.offset(), -1),
            CsvTable.known(f.size(), -1), t.header().path(), f.line());
      }
      number++;
    }
  }

  private static void edges(CsvTable csv, Analysis analysis) throws IOException {
    csv.header(
        "from_comm", "from_pid", "from_tasks", "to_comm", "to_pid", "resource", "instance", "certainty", "confidence",
        "because");
    GraphView view = new GraphView(analysis.waitGraph());
    for (TaskEdge e : view.taskEdges()) {
      Node from = view.graph().nodes().get(e.from());
      Node resource = view.graph().nodes().get(e.resource());
      TaskSnapshot a = from.tasks().isEmpty() ? null : from.tasks().get(0);
      List<TaskSnapshot> holders = e.to() < 0 ? List.of() : view.graph().nodes().get(e.to()).tasks();
      TaskSnapshot b = holders.isEmpty() ? null : holders.get(0);
      csv.row(
          a == null ? from.label() : a.comm(), a == null ? null : CsvTable.known(a.pid(), -1), from.tasks().size(),
          b == null ? null : b.comm(), b == null ? null : CsvTable.known(b.pid(), -1),
          resource.kind().isEmpty() ? resource.label() : resource.kind(), resource.instance(),
          Words.certainty(e.certain()), CsvTable.decimal(e.confidence()), e.because());
    }
  }

  private static void findings(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("finding", "id", "pattern", "severity", "confidence", "title", "summary");
    int number = 1;
    for (Finding f : analysis.findings()) {
      csv.row(number++, f.id(), f.pattern(), Words.lower(f.severity()), Words.lower(f.confidence()), f.title(),
          f.summary());
    }
  }

  private static void cycle(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("finding", "step", "comm", "pid", "role", "resource", "instance", "certainty", "because");
    int number = 1;
    for (Finding f : analysis.findings()) {
      int step = 1;
      for (CycleStep s : f.cycle()) {
        resource(csv, number, step, s, "holds", s.holds());
        resource(csv, number, step++, s, "waits for", s.waitsFor());
      }
      number++;
    }
  }

  private static void resource(CsvTable csv, int finding, int step, CycleStep s, String role, ResourceRef ref)
      throws IOException {
    if (ref != null) {
      csv.row(
          finding, step, s.task().comm(), CsvTable.known(s.task().pid(), -1), role, ref.kind(), ref.instance(),
          Words.certainty(ref.certain()), ref.because());
    }
  }

  private static void victims(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("finding", "comm", "pid", "resource", "instance", "path", "line");
    int number = 1;
    for (Finding f : analysis.findings()) {
      for (Victim v : f.victims()) {
        csv.row(
            number, v.task().comm(), CsvTable.known(v.task().pid(), -1),
            v.waitsFor() == null ? null : v.waitsFor().kind(), v.waitsFor() == null ? null : v.waitsFor().instance(),
            v.evidence() == null ? null : v.evidence().path(), v.evidence() == null ? null : v.evidence().line());
      }
      number++;
    }
  }

  private static void fixes(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("finding", "commit", "subject", "fixed_in", "introduced_by", "match");
    int number = 1;
    for (Finding f : analysis.findings()) {
      for (MatchedFix m : f.fixes()) {
        csv.row(
            number, m.fix().commit(), m.fix().subject(), m.fix().fixedIn(), m.fix().introducedBy(),
            m.bySignature() ? "signature" : "mechanism");
      }
      number++;
    }
  }

  private static void numbers(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("finding", "name", "value");
    int number = 1;
    for (Finding f : analysis.findings()) {
      for (Map.Entry<String, Long> e : new TreeMap<>(f.numbers()).entrySet()) {
        csv.row(number, e.getKey(), e.getValue());
      }
      number++;
    }
  }

  private static void evidence(CsvTable csv, Analysis analysis) throws IOException {
    csv.header("finding", "path", "line", "text");
    int number = 1;
    for (Finding f : analysis.findings()) {
      for (Evidence e : f.evidence()) {
        csv.row(number, e.path(), e.line(), e.text());
      }
      number++;
    }
  }
}
