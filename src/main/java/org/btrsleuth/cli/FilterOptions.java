package org.btrsleuth.cli;

import java.math.BigDecimal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that leave out part of the trace events. */
final class FilterOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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

  @Option(names = "--pid", paramLabel = "PID",
      description = "Only this task's trace events, and findings in which it takes part.")
  private Integer pid;

  /** Checks the values against each other; a wrong one is a usage error. */
  EventFilter.Bounds bounds() {
    long fromNanos = from == null ? Long.MIN_VALUE : nanos("--from", from);
    long toNanos = to == null ? Long.MAX_VALUE : nanos("--to", to);
    if (fromNanos > toNanos) {
      throw usage("--from " + from + " is after --to " + to);
    }
    if (pid != null && pid < 0) {
      throw usage("--pid " + pid + " is no process id");
    }
    return new EventFilter.Bounds(fromNanos, toNanos, fsid, pid == null ? -1 : pid);
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
