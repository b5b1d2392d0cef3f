package org.btrsleuth.accuracy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Functions;
import org.btrsleuth.knowledge.KernelRange;

/**
 * A report as another host would have written it. Stands in for reports that nobody has: real stacks, but with other
 * inlining, other names, or cut off. Deterministic.
 */
final class Variants {
  private static final Pattern FRAME =
      Pattern.compile("(?<![A-Za-z0-9_.])([A-Za-z_][A-Za-z0-9_]*)((?:\\.[a-z]+(?:\\.[0-9]+)?)*\\+0x[0-9a-f]+/0x[0-9a-f]+)");

  /** Frames of a stack that are left when it is cut off. */
  private static final int SHORT = 16;

  private Variants() {}

  /** Every fifth function inlined into its caller; the innermost of a stack stays, as it is where the task stands. */
  static Incident inlined(Path log) {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : lines(log)) {
      boolean frame = frame(line);
      boolean drop = frame && inside && Math.floorMod(function(line).hashCode(), 5) == 0;
      if (!drop) {
        lines.add(line);
      }
      inside = frame;
    }
    return read(lines);
  }

  /**
   * Every function under the next of the names that it may have in the kernel of the report.
   *
   * @param kernel null if it is not known: then the other functions of the report bound it
   */
  static Incident renamed(Path log, Functions functions, KernelVersion kernel) {
    Set<String> all = new HashSet<>();
    lines(log).forEach(line -> all.add(function(line)));
    List<String> lines = new ArrayList<>();
    for (String line : lines(log)) {
      Matcher m = FRAME.matcher(line);
      lines.add(m.replaceAll(r -> Matcher.quoteReplacement(next(functions, kernel, all, r.group(1)) + r.group(2))));
    }
    return read(lines);
  }

  /** No stack with more than some frames, as stack traces of tracers or mails have them. */
  static Incident cut(Path log) {
    List<String> lines = new ArrayList<>();
    int depth = 0;
    for (String line : lines(log)) {
      depth = frame(line) ? depth + 1 : 0;
      if (depth <= SHORT) {
        lines.add(line);
      }
    }
    return read(lines);
  }

  private static String next(Functions functions, KernelVersion kernel, Set<String> all, String name) {
    List<String> names = new ArrayList<>(functions.of(name));
    Collections.rotate(names, -names.indexOf(name) - 1);
    for (String other : names) {
      Set<String> with = new HashSet<>(all);
      with.add(other);
      KernelRange range = functions.kernels(kernel == null ? with : Set.of(other));
      if (range != null && (kernel == null || range.of(kernel) != KernelRange.Membership.OUTSIDE)) {
        return other;
      }
    }
    return name;
  }

  private static boolean frame(String line) {
    return FRAME.matcher(line).find() && !line.contains("RIP:") && !line.contains(" at: ") && !line.contains("WARNING");
  }

  private static String function(String line) {
    Matcher m = FRAME.matcher(line);
    return m.find() ? m.group(1) : "";
  }

  private static List<String> lines(Path log) {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Incident read(List<String> lines) {
    try {
      Path file = Files.createTempFile("variant", ".log");
      try {
        Files.write(file, lines, StandardCharsets.ISO_8859_1);
        return Reading.read(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
