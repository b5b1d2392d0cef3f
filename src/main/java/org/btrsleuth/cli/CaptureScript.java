package org.btrsleuth.cli;

import java.io.IOException;
import org.btrsleuth.incident.KernelVersion;

/** Puts together the script that {@code capture} prints. */
final class CaptureScript {
  private CaptureScript() {}

  /**
   * The script as it stands, or for one kernel: then only with the events that it has. Without a version the script
   * itself takes what it finds on the host.
   *
   * @param kernel of the affected host, null if not known
   */
  static String of(String what, KernelVersion kernel) throws IOException {
    String script = CaptureCommand.resource(what + ".sh");
    if (kernel == null) {
      return script;
    }
    StringBuilder out = new StringBuilder();
    boolean events = false;
    for (String line : script.split("\n")) {
      events |= line.equals("EVENTS='");
      if (events && line.equals("'")) {
        events = false;
      }
      String[] words = line.split(" ");
      if (out.length() > 0 && out.indexOf("\n") == out.length() - 1) {
        out.append("# For Linux ").append(kernel.series()).append(".\n");
      }
      if (!events || words.length != 3 || has(kernel, words[1], words[2])) {
        out.append(line).append('\n');
      }
    }
    return out.toString();
  }

  /** Bounds are release series, both included; {@code -} is open. */
  private static boolean has(KernelVersion kernel, String first, String last) {
    return (first.equals("-") || !before(kernel, KernelVersion.parse(first)))
        && (last.equals("-") || !before(KernelVersion.parse(last), kernel));
  }

  private static boolean before(KernelVersion a, KernelVersion b) {
    return a.major() != b.major() ? a.major() < b.major() : a.minor() < b.minor();
  }
}
