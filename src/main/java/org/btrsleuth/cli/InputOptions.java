package org.btrsleuth.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.format.Format;
import org.btrsleuth.incident.KernelVersion;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Options of every command that reads captures. */
final class InputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = {
        "File, directory, compressed file or archive; '-' is standard input.",
        "Several paths are one incident."
      })
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--kernel",
      paramLabel = "VERSION",
      description = "Kernel of the host, such as 5.4.0; overrides detection.")
  private String kernel;

  @Option(
      names = "--input-format",
      paramLabel = "NAME",
      description = {
        "Format of all inputs; overrides detection.",
        "One of: ftrace, kernel-log, proc-stack, rsvprobe-csv."
      })
  private String inputFormat;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Adds a rule file to the shipped knowledge; may be repeated.")
  private List<Path> rules = new ArrayList<>();

  @Option(names = {"-q", "--quiet"}, description = "No warnings and no progress.")
  private boolean quiet;

  @Option(names = {"-v", "--verbose"}, description = "All evidence, all regions of the input.")
  private boolean verbose;

  @Option(
      names = "--stock-lexer",
      hidden = true,
      description = "Reads traces with ANTLR's own lexer instead of its tables: slow, for comparison.")
  private boolean stockLexer;

  @Option(names = "--no-progress", description = "No progress bar.")
  private boolean noProgress;

  List<String> paths() {
    return paths;
  }

  boolean quiet() {
    return quiet;
  }

  boolean verbose() {
    return verbose;
  }

  boolean progress(Terminal terminal) {
    return terminal.errIsTerminal() && !quiet && !noProgress;
  }

  /** Checks the values; a wrong one is a usage error. */
  AnalysisRequest request() {
    return request(EventFilter.NONE);
  }

  AnalysisRequest request(EventFilter.Bounds bounds) {
    for (Path rule : rules) {
      if (!Files.isReadable(rule) || Files.isDirectory(rule)) {
        throw new UserError(ExitStatus.INPUT, rule + ": cannot be read as a rule file; give the path of a text file");
      }
    }
    TraceReader.Options reading = TraceReader.Options.defaults();
    return new AnalysisRequest(List.copyOf(paths), kernel(), format(), List.copyOf(rules), bounds)
        .reading(stockLexer ? reading.withStockLexer() : reading);
  }

  private KernelVersion kernel() {
    if (kernel == null) {
      return null;
    }
    KernelVersion version = KernelVersion.parse(kernel);
    if (version == null) {
      throw usage("--kernel " + kernel + " is no kernel version; write it as uname -r does, such as 5.4.0");
    }
    return version;
  }

  private Format format() {
    if (inputFormat == null) {
      return null;
    }
    for (Format format : Format.values()) {
      if (format.id().equals(inputFormat.toLowerCase(Locale.ROOT)) && readable(format)) {
        return format;
      }
    }
    throw usage(
        "--input-format " + inputFormat + " is not known; one of "
            + Stream.of(
                Format.values()).filter(InputOptions::readable).map(Format::id).collect(Collectors.joining(", ")));
  }

  private static boolean readable(Format format) {
    return format != Format.BINARY && format != Format.PROSE;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
