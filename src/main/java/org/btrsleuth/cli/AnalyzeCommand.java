package org.btrsleuth.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.replay.WhatIfRules;
import org.btrsleuth.report.HtmlReport;
import org.btrsleuth.report.JsonReport;
import org.btrsleuth.report.MarkdownReport;
import org.btrsleuth.report.Redactor;
import org.btrsleuth.report.Style;
import org.btrsleuth.report.TextReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code btrsleuth analyze}: from captures to a verdict. */
@Command(
    name = "analyze",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Says what happened on the host: verdict, evidence, upstream fix.")
final class AnalyzeCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Mixin private InputOptions input;

  @Mixin private FilterOptions filter;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "What to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OutputFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Also writes report.html, report.md, report.json, tables and charts into this directory.")
  private Path output;

  @Option(
      names = "--what-if",
      paramLabel = "RULES",
      converter = WhatIfConverter.class,
      completionCandidates = WhatIfConverter.class,
      description = {
        "Replays the reservations of completions under other rules and shows what would differ, by inode and over time.",
        "One of: ${COMPLETION-CANDIDATES}."
      })
  private WhatIfRules whatIf;

  @Option(
      names = "--redact",
      description = "Replaces host names, file names, uuids and names of user processes by stable pseudonyms.")
  private boolean redact;

  @Option(
      names = {"--color", "--colour"},
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = "Colours in text: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ColourChoice colour;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = main.terminal();
    boolean hashed = output != null || format == OutputFormat.json || format == OutputFormat.html;
    AnalysisRequest request = input.request(filter.bounds()).with(whatIf).hashed(hashed);
    Outcome outcome = Pipeline.analyse(request, terminal, input.progress(terminal));
    Analysis shown = redact ? Redactor.redact(outcome.analysis()) : outcome.analysis();
    if (!input.quiet()) {
      Warnings.print(shown.incident().inputs(), input.paths(), terminal);
      if (whatIf != null && shown.replay().fileSystems().isEmpty()) {
        terminal.error(
            "--what-if " + whatIf.option() + ": the inputs hold no reservation events, so there is nothing to replay;"
                + " 'btrsleuth capture enospc' prints how to record them");
      }
    }
    byte[] result = render(shown, terminal);
    if (output != null) {
      ReportDirectory.write(output, Main.tool(), shown);
    }
    terminal.out().write(result);
    terminal.out().flush();
    return outcome.status();
  }

  private byte[] render(Analysis analysis, Terminal terminal) throws IOException {
    return switch (format) {
      case json -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonReport.write(Main.tool(), analysis, bytes);
        yield bytes.toByteArray();
      }
      case html -> HtmlReport.render(Main.tool(), analysis).getBytes(StandardCharsets.UTF_8);
      case markdown -> MarkdownReport.render(Main.tool(), analysis).getBytes(StandardCharsets.UTF_8);
      case text -> TextReport.render(analysis, style(terminal), input.verbose()).getBytes(StandardCharsets.UTF_8);
    };
  }

  private Style style(Terminal terminal) {
    boolean on =
        switch (colour) {
          case always -> true;
          case never -> false;
          case auto -> terminal.outIsTerminal() && !terminal.noColour();
        };
    return on ? Style.ANSI : Style.PLAIN;
  }
}
