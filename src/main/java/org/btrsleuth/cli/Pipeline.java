package org.btrsleuth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.BugMatch;
import org.btrsleuth.finding.BugMatcher;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.FindingOrder;
import org.btrsleuth.finding.HangAnalysis;
import org.btrsleuth.finding.InodeUnitFindings;
import org.btrsleuth.finding.ReservationFindings;
import org.btrsleuth.finding.SignatureFindings;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.knowledge.Diagnostic;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.replay.ReplayEngine;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.waitgraph.HangGraph;
import org.btrsleuth.waitgraph.TraceEvidence;

/** Puts the stages together: inputs to incident, events to the replay, stacks to the wait graph, both to findings. */
final class Pipeline {
  private Pipeline() {}

  /** The shipped rules, being read on a thread of their own since somebody first asked for this class. */
  private static final class Rules {
    static final Future<Knowledge> SHIPPED = beside("btrsleuth-rules", Knowledge::shipped);
  }

  /** Begins to read the rules: with one core for them and one for the command line, both take as long as either. */
  static Future<Knowledge> prepare() {
    return Rules.SHIPPED;
  }

  static Outcome analyse(AnalysisRequest request, Terminal terminal, boolean progress) {
    Future<Knowledge> rules = loading(request.rules());
    ReplayEngine replay = new ReplayEngine(request.whatIf());
    TraceEvidence trace = TraceEvidence.none();
    Incident incident = read(request, new Symbols(), List.of(replay, trace), terminal, progress);
    ReplayReport ledger = replay.finish(incident);
    Knowledge knowledge = result(rules);
    Future<HangGraph> graph = beside("btrsleuth-graph", () -> HangGraph.of(incident, knowledge, trace));
    List<BugMatch> ranked = new BugMatcher(knowledge).rank(incident);
    HangAnalysis.Result hang = HangAnalysis.analyse(incident, knowledge, result(graph), ranked);
    List<Finding> measured =
        FindingOrder.merge(
            List.of(
                hang.findings(),
                ReservationFindings.of(ledger, incident),
                InodeUnitFindings.of(ledger, incident, knowledge)));
    List<Finding> findings =
        FindingOrder.merge(
            List.of(
                measured,
                InodeUnitFindings.overrule(ledger, SignatureFindings.of(incident, knowledge, ranked, measured))));
    Analysis analysis = new Analysis(incident, ledger, hang.graph(), hang.implied(), of(request.bounds().pid(), findings));
    return new Outcome(analysis, unread(request, incident));
  }

  /** With a pid, only findings that name no task or that one. */
  static List<Finding> of(int pid, List<Finding> findings) {
    if (pid < 0) {
      return findings;
    }
    return findings.stream()
        .filter(
            f ->
                f.cycle().isEmpty() && f.victims().isEmpty()
                    || f.cycle().stream().anyMatch(step -> step.task().pid() == pid)
                    || f.victims().stream().anyMatch(victim -> victim.task().pid() == pid))
        .toList();
  }

  /** Reads the inputs and hands their events to {@code sinks}. */
  static Incident read(
      AnalysisRequest request, Symbols symbols, List<EventSink> sinks, Terminal terminal, boolean progress) {
    TraceReader traces = new TraceReader(symbols, new StackTable(), request.reading());
    List<EventSink> filtered = sinks;
    if (!request.bounds().none()) {
      filtered = List.of(new EventFilter(symbols, request.bounds(), sinks));
    }
    IncidentReader reader = new IncidentReader(traces, filtered, request.kernel())
        .forced(request.inputFormat())
        .hashed(request.hashed());
    if (!progress) {
      return reader.read(request.paths(), System.in);
    }
    try (ProgressBar bar = ProgressBar.start(terminal, request.paths())) {
      return reader.watchedBy(bar::reading).read(request.paths(), System.in);
    }
  }

  /** The shipped rules are read beside the inputs; a mistake in the user's shows before anything long begins. */
  private static Future<Knowledge> loading(List<Path> rules) {
    return rules.isEmpty() ? prepare() : CompletableFuture.completedFuture(knowledge(rules));
  }

  /** Does {@code work} on a thread of its own. */
  private static <T> Future<T> beside(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static <T> T result(Future<T> work) {
    try {
      return work.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static Knowledge knowledge(List<Path> rules) {
    if (rules.isEmpty()) {
      return Knowledge.shipped();
    }
    try {
      Knowledge knowledge = Knowledge.shipped().with(rules);
      List<Diagnostic> errors = knowledge.diagnostics().stream().filter(Diagnostic::error).toList();
      if (!errors.isEmpty()) {
        throw new UserError(
            ExitStatus.USAGE, errors.get(0)
                + "\nThe rule file has errors; 'btrsleuth knowledge check FILE' shows all.");
      }
      return knowledge;
    } catch (IOException e) {
      throw new UserError(ExitStatus.INPUT, "a rule file cannot be read: " + e.getMessage());
    }
  }

  /**
   * Paths of the command line that gave nothing: not there, not readable, or nothing in them was recognised. What lies
   * inside a directory or an archive need not all be a capture, but all of it must be readable.
   */
  static List<String> unread(AnalysisRequest request, Incident incident) {
    List<String> unread = new ArrayList<>();
    for (InputSummary input : incident.inputs()) {
      boolean named = request.paths().contains(input.path());
      boolean failed = input.bytes() < 0 && (named || !leftOut(input.path()));
      if (failed || named && !Outcome.recognised(input)) {
        unread.add(input.path());
      }
    }
    return unread;
  }

  /** Sockets, pipes and devices in a directory are not meant to be read. */
  private static boolean leftOut(String path) {
    Path file = Path.of(path);
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }
}
