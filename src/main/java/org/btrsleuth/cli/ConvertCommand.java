package org.btrsleuth.cli;

import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.report.CsvTables;
import org.btrsleuth.report.EventCsv;
import org.btrsleuth.report.FoldedExport;
import org.btrsleuth.report.PerfettoExport;
import org.btrsleuth.report.Redactor;
import org.btrsleuth.report.SpeedscopeExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code btrsleuth convert}: hands the parsed data to other tools. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Hands the parsed data to other tools, on standard output.")
final class ConvertCommand implements Callable<Integer> {
  private static final String EVENTS = "events";

  /** Targets of {@code --to}. */
  enum Target {
    folded,
    speedscope,
    perfetto,
    csv,
    dot
  }

  @ParentCommand private Main main;

  @Spec private CommandSpec spec;

  @Mixin private InputOptions input;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = {
        "One of: ${COMPLETION-CANDIDATES}.",
        "folded: stacks for flame graphs. speedscope: stacks for speedscope.app.",
        "perfetto: trace event JSON for ui.perfetto.dev. csv: one table, see --table.",
        "dot: the wait graph for Graphviz."
      })
  private Target to;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      defaultValue = EVENTS,
      description = "Table for csv: events (default), or one of those that 'analyze --output' writes.")
  private String table;

  @Option(
      names = "--redact",
      description = "Replaces host names, file names, uuids and names of user processes by stable pseudonyms.")
  private boolean redact;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = main.terminal();
    // Of all that is handed on, only the table of inputs has hashes.
    AnalysisRequest request = input.request().hashed(to == Target.csv && !table.equals(EVENTS));
    Writer out = new BufferedWriter(new OutputStreamWriter(new Pipe(terminal.out()), StandardCharsets.UTF_8), 1 << 16);
    try {
      int status =
          to == Target.csv && table.equals(EVENTS) ? events(request, terminal, out) : analysed(request, terminal, out);
      out.flush();
      return status;
    } catch (IOException | UncheckedIOException e) {
      if (terminal.out().checkError()) {
        // Whoever reads has enough, as "head" does: nothing more to do, and nothing to complain about.
        return ExitStatus.OK;
      }
      throw e;
    }
  }

  /** Ends the work when nobody reads the output any more; a PrintStream alone would swallow that. */
  private static final class Pipe extends FilterOutputStream {
    private final PrintStream out;

    Pipe(PrintStream out) {
      super(out);
      this.out = out;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
      if (out.checkError()) {
        throw new IOException("standard output is closed");
      }
    }
  }

  private int events(AnalysisRequest request, Terminal terminal, Writer out) throws IOException {
    if (redact) {
      throw usage("--redact cannot be used with --table events: their text is not read; choose another table");
    }
    EventCsv csv = new EventCsv(out);
    Incident incident = Pipeline.read(request, new Symbols(), List.of(csv), terminal, input.progress(terminal));
    warn(incident, terminal);
    if (csv.rows() == 0 && !input.quiet()) {
      terminal.error("there is no trace event in the input; other tables: " + String.join(", ", CsvTables.names()));
    }
    return status(request, incident);
  }

  private int analysed(AnalysisRequest request, Terminal terminal, Writer out) throws IOException {
    if (to == Target.csv && !CsvTables.names().contains(table)) {
      throw usage("there is no table '" + table + "'; choose events or one of " + String.join(", ", CsvTables.names()));
    }
    Analysis analysis = Pipeline.analyse(request, terminal, input.progress(terminal)).analysis();
    Analysis shown = redact ? Redactor.redact(analysis) : analysis;
    warn(shown.incident(), terminal);
    switch (to) {
      case folded -> FoldedExport.write(shown.incident().tasks(), out);
      case speedscope -> SpeedscopeExport.write(Main.tool(), shown.incident().tasks(), out);
      case perfetto -> PerfettoExport.write(shown, out);
      case dot -> shown.waitGraph().toDot(out);
      case csv -> CsvTables.write(table, shown, out);
    }
    return status(request, analysis.incident());
  }

  private void warn(Incident incident, Terminal terminal) {
    if (!input.quiet()) {
      Warnings.print(incident.inputs(), input.paths(), terminal);
    }
  }

  /** Findings do not matter here: only whether the input could be read. */
  private static int status(AnalysisRequest request, Incident incident) {
    boolean failed = !Pipeline.unread(request, incident).isEmpty() || !Outcome.recognisedAnything(incident.inputs());
    return failed ? ExitStatus.INPUT : ExitStatus.OK;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
