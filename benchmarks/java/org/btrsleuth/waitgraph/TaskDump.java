package org.btrsleuth.waitgraph;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Makes a large listing of all tasks (sysrq-t) of a genuine small one: its tasks again and again under new pids. Nine of
 * ten get outer frames of their own, which a system call may pass on its way, so that their stacks are distinct. It is
 * synthetic and for measuring speed only: nothing else may be concluded from it.
 *
 * <p>Usage: {@code TaskDump LISTING TASKS OUTPUT}.
 */
public final class TaskDump {
  private static final Pattern STAMP = Pattern.compile("^\\[ *\\d+\\.\\d+\\] ");
  private static final Pattern HEADER = Pattern.compile("^(.{15}) ([RSDTI]) ( *\\S+ +)(\\d+)( +\\d+ 0x[0-9a-f]+)$");
  private static final Pattern OUTERMOST =
      Pattern.compile("^ (?:do_syscall_64|entry_SYSCALL_\\w+|system_call_fastpath|kthread|ret_from_fork)\\+.*");
  /** Functions that hand a request on and neither wait nor hold anything. */
  private static final String[] PASSING = {
    "vfs_iter_write+0x19/0x30", "do_iter_write+0x7e/0x1a0", "ovl_write_iter+0x2b4/0x330", "vfs_writev+0xa2/0x100",
    "do_splice_direct+0x8c/0xd0", "direct_splice_actor+0x38/0x40", "splice_direct_to_actor+0xd5/0x230",
    "do_sendfile+0x1f1/0x3c0",
  };
  private static final int DISTINCT = 9;
  private static final int OF = 10;

  private TaskDump() {}

  private record Task(Matcher header, List<String> lines) {}

  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      System.err.println("usage: TaskDump LISTING TASKS OUTPUT");
      System.exit(2);
    }
    List<Task> tasks = read(Path.of(args[0]));
    try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(args[2])), false, StandardCharsets.ISO_8859_1)) {
      write(tasks, Integer.parseInt(args[1]), out);
    }
  }

  private static List<Task> read(Path listing) throws IOException {
    List<Task> tasks = new ArrayList<>();
    try (InputStream in = Files.newInputStream(listing)) {
      byte[] all = (listing.toString().endsWith(".gz") ? new GZIPInputStream(in) : in).readAllBytes();
      for (String line : new String(all, StandardCharsets.ISO_8859_1).split("\n")) {
        String text = STAMP.matcher(line).replaceFirst("");
        Matcher header = HEADER.matcher(text);
        if (header.matches()) {
          tasks.add(new Task(header, new ArrayList<>()));
        } else if (text.startsWith(" ") || text.startsWith("Call Trace") || text.startsWith("Workqueue")) {
          if (!tasks.isEmpty()) {
            tasks.get(tasks.size() - 1).lines().add(text);
          }
        }
      }
    }
    if (tasks.isEmpty()) {
      throw new IOException(listing + ": no task found");
    }
    return tasks;
  }

  private static void write(List<Task> tasks, int count, PrintStream out) {
    long micros = 100_000_000;
    micros = line(out, micros, "sysrq: Show State");
    micros = line(out, micros, "  task                        PC stack   pid father");
    for (int i = 0; i < count; i++) {
      Task task = tasks.get(i % tasks.size());
      Matcher h = task.header();
      micros =
          line(
              out, micros,
              String.format(Locale.ROOT, "%s %s %s%5d%s", h.group(1), h.group(2), h.group(3).stripTrailing() + " ",
                  1000 + i, h.group(5)));
      boolean passed = i % OF >= DISTINCT;
      for (String frame : task.lines()) {
        if (!passed && OUTERMOST.matcher(frame).matches()) {
          for (int rest = i; rest > 0; rest /= PASSING.length) {
            micros = line(out, micros, " " + PASSING[rest % PASSING.length]);
          }
          passed = true;
        }
        micros = line(out, micros, frame);
      }
    }
  }

  private static long line(PrintStream out, long micros, String text) {
    out.print(String.format(Locale.ROOT, "[%5d.%06d] ", micros / 1_000_000, micros % 1_000_000));
    out.print(text);
    out.print('\n');
    return micros + 7;
  }
}
