package org.btrsleuth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.btrsleuth.incident.KernelVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code btrsleuth capture}: what to run on the affected host. */
@Command(
    name = "capture",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Prints a shell script that records what an analysis needs. Run it as root on the affected host.")
final class CaptureCommand implements Callable<Integer> {
  private static final List<String> NAMES = List.of("hang", "enospc", "enospc-bpf", "enospc-kprobes");

  @ParentCommand private Main main;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WHAT",
      arity = "0..1",
      defaultValue = "hang",
      description = {
        "hang: stacks of blocked tasks and the events around them (default).",
        "enospc: the reservation events.",
        "enospc-bpf: reads the reserves themselves, for kernels 5.8 and newer.",
        "enospc-kprobes: the functions that no event covers, for hosts that allow kprobes."
      })
  private String what;

  @Option(
      names = "--kernel",
      paramLabel = "VERSION",
      description = "Kernel of that host, as uname -r prints it; picks the names that its events have.")
  private String kernel;

  @Override
  public Integer call() throws IOException {
    if (!NAMES.contains(what)) {
      throw new ParameterException(
          spec.commandLine(), "there is no capture '" + what + "'; choose one of " + String.join(", ", NAMES));
    }
    KernelVersion version = null;
    if (kernel != null) {
      version = KernelVersion.parse(kernel);
      if (version == null) {
        throw new ParameterException(
            spec.commandLine(), "--kernel " + kernel
                + " is no kernel version; write it as uname -r does, such as 5.4.0");
      }
    }
    main.terminal().out().print(CaptureScript.of(what, version));
    return ExitStatus.OK;
  }

  static String resource(String name) throws IOException {
    try (InputStream in = CaptureCommand.class.getResourceAsStream("/org/btrsleuth/capture/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks capture/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
