package org.btrsleuth.cli;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  @Option(
      names = "--from",
      paramLabel = "SECONDS",
      description = "Leaves out trace events before this time of the trace's clock.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "SECONDS",
      description = "Leaves out trace events after this time of the trace's clock.")
  private String to;

  @Option(
      names = "--fsid",
      paramLabel = "UUID",
      description = "Only this file system's trace events; a unique beginning is enough.")
  private String fsid;

  @Option(names = "--pid", paramLabel = "PID", description = "Only this task's trace events and stacks.")
  private Integer pid;

  @Option(names = {"-q", "--quiet"}, description = "No warnings and no progress.")
  private boolean quiet;

  @Option(names = {"-v", "--verbose"}, description = "All evidence, all regions of the input.")
  private boolean verbose;

  @Option(names = "--no-progress", description = "No progress bar.")
  private boolean noProgress;

  boolean quiet() {
    return quiet;
  }

  boolean verbose() {
    return verbose;
  }

  boolean progress(Terminal terminal) {
    return terminal.errIsTerminal() && !quiet && !noProgress;
  }

  /** Checks the values against each other; a wrong one is a usage error. */
  AnalysisRequest request() {
    long fromNanos = from == null ? Long.MIN_VALUE : nanos("--from", from);
    long toNanos = to == null ? Long.MAX_VALUE : nanos("--to", to);
    if (fromNanos > toNanos) {
      throw usage("--from " + from + " is after --to " + to);
    }
    for (Path rule : rules) {
      if (!Files.isReadable(rule) || Files.isDirectory(rule)) {
        throw new UserError(ExitStatus.INPUT, rule + ": cannot be read as a rule file; give the path of a text file");
      }
    }
    if (pid != null && pid < 0) {
      throw usage("--pid " + pid + " is no process id");
    }
    return new AnalysisRequest(
        List.copyOf(paths), kernel(), format(), List.copyOf(rules), fromNanos, toNanos, fsid, pid == null ? -1 : pid);
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
            + Stream.of(Format.values()).filter(InputOptions::readable).map(Format::id).collect(Collectors.joining(", ")));
  }

  private static boolean readable(Format format) {
    return format != Format.BINARY && format != Format.PROSE;
  }

  private long nanos(String option, String seconds) {
    // Nine digits before the point are 31 years of uptime and fit 64 bits of nanoseconds.
    if (!seconds.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      throw usage(option + " " + seconds + " is no time; write seconds as the trace prints them, such as 1234.567890");
    }
    return new BigDecimal(seconds).movePointRight(9).longValue();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
