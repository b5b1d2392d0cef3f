package org.btrsleuth.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.btrsleuth.report.Tool;
import org.btrsleuth.report.Words;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point; the only place that ends the process. */
@Command(
    name = "btrsleuth",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Attributes btrfs hangs and ENOSPC incidents to a root cause from kernel traces and logs.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExit status:%n",
    footer = {
      "  0  analysed, nothing of severity error found",
      "  1  analysed, at least one finding of severity error",
      "  2  wrong usage",
      "  3  an input could not be read, or nothing in it was recognised",
      "  4  internal error"
    })
public final class Main implements Runnable {
  /** In the order of the help. */
  private static final List<String> COMMANDS =
      List.of("analyze", "inspect", "convert", "knowledge", "capture", "help");

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  Main(Terminal terminal) {
    this.terminal = terminal;
  }

  /** @param args the command line */
  public static void main(String[] args) {
    // The charts need no display; a stale DISPLAY must not make them fail.
    System.setProperty("java.awt.headless", "true");
    // No option is a date: loading what picocli could convert them with is a hundredth of a second at each start.
    System.setProperty("picocli.converters.excludes", "java\\.(time|sql)\\..*");
    if (args.length > 0 && args[0].equals("analyze")) {
      Pipeline.prepare();
    }
    int status = run(Terminal.ofProcess(), args);
    System.exit(status);
  }

  /** Runs one command line and returns the exit status. */
  static int run(Terminal terminal, String... args) {
    CommandLine line = commandLine(terminal, args.length > 0 ? args[0] : "");
    PrintWriter out = new PrintWriter(terminal.out(), true);
    PrintWriter err = new PrintWriter(terminal.err(), true);
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler((e, given) -> usage(terminal, e));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(terminal, e));
    int status = line.execute(args);
    out.flush();
    err.flush();
    terminal.out().flush();
    terminal.err().flush();
    return status;
  }

  /**
   * With the command that {@code first} names, or with all where it names none or the help of one: reading the annotations
   * of all takes a tenth of a second, longer than some captures.
   */
  private static CommandLine commandLine(Terminal terminal, String first) {
    CommandLine line = new CommandLine(new Main(terminal));
    boolean one = COMMANDS.contains(first) && !first.equals("help");
    for (String name : COMMANDS) {
      if (!one || name.equals(first)) {
        line.addSubcommand(name, command(name));
      }
    }
    return line;
  }

  private static Object command(String name) {
    return switch (name) {
      case "analyze" -> new AnalyzeCommand();
      case "inspect" -> new InspectCommand();
      case "convert" -> new ConvertCommand();
      case "knowledge" -> new KnowledgeCommand();
      case "capture" -> new CaptureCommand();
      case "help" -> new CommandLine.HelpCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  Terminal terminal() {
    return terminal;
  }

  private static int usage(Terminal terminal, ParameterException e) {
    terminal.error(Words.printable(e.getMessage()));
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, e.getCommandLine().getErr())) {
      terminal.err().println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitStatus.USAGE;
  }

  private static int failed(Terminal terminal, Throwable e) {
    if (e instanceof UserError error) {
      terminal.error(error.getMessage());
      return error.status();
    }
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    terminal.error(
        "internal error: " + e + "\nThis is a defect of btrsleuth " + tool().version()
            + ". Please report it with the lines below and, if you can, the input.");
    terminal.err().print(trace);
    terminal.err().flush();
    return ExitStatus.INTERNAL;
  }

  /** Name and version for reports; the version stands in the jar's manifest. */
  static Tool tool() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new Tool("btrsleuth", version == null ? "unpackaged" : version);
  }

  /** Version line of {@code --version}. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {tool().name() + " " + tool().version()};
    }
  }
}
