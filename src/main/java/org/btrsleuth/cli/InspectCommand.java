package org.btrsleuth.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.report.Inspection;
import org.btrsleuth.report.Style;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code btrsleuth inspect}: what is in the input, without a verdict. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Says what is in the input: regions, formats, kernel, clock, counts, losses, unrecognised lines.")
final class InspectCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Mixin private InputOptions input;

  @Override
  public Integer call() {
    Terminal terminal = main.terminal();
    AnalysisRequest request = input.request().hashed(false);
    Symbols symbols = new Symbols();
    Inspection inspection = new Inspection(symbols);
    Incident incident = Pipeline.read(request, symbols, List.of(inspection), terminal, input.progress(terminal));
    if (!input.quiet()) {
      Warnings.print(incident.inputs(), input.paths(), terminal);
    }
    Style style = terminal.outIsTerminal() && !terminal.noColour() ? Style.ANSI : Style.PLAIN;
    terminal.out().print(inspection.render(incident, style, input.verbose()));
    boolean failed = !Pipeline.unread(request, incident).isEmpty() || !Outcome.recognisedAnything(incident.inputs());
    return failed ? ExitStatus.INPUT : ExitStatus.OK;
  }
}
