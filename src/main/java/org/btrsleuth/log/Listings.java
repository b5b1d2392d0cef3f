package org.btrsleuth.log;

import java.util.HashSet;
import java.util.Set;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;

/**
 * Stacks outside a kernel log: {@code /proc/PID/stack} in all the ways people concatenate it, and bare stacks. What
 * stands above a stack names the task if it has a form that does; other text does not.
 */
final class Listings {
  private static final String UPTIME = " uptime ";

  private final Collector out;
  private TaskDraft task;
  private String file = "";
  private boolean statusSeen;

  /** Whether more than a ruler and a number say that a task is listed: it counts without a stack, too. */
  private boolean stated;
  private final Set<String> filesSeen = new HashSet<>();
  private Evidence title;
  private long titleLine = -1;
  /** Time since boot that stands above the tasks that follow, -1 if none does. */
  private long roundNanos = -1;

  Listings(Collector out) {
    this.out = out;
  }

  /** {@code === pid 7 comm kworker/u4:0+btrfs-fixup state State: D (disk sleep) wchan ..}, {@code == 9580 comm}. */
  void header(LogLine line, String text) {
    end();
    String[] words = text.split("\\s+");
    if (words[1].startsWith("/proc/")) {
      start(line, Numbers.pid(words[1].substring("/proc/".length())));
      return;
    }
    boolean keyed = words[1].equals("pid");
    start(line, Numbers.pid(words[keyed ? 2 : 1]));
    if (keyed) {
      stated = true;
      String comm = cut(Phrases.between(text, " comm ", " wchan "), " state ");
      task.name(comm.strip());
      state(Phrases.between(text, " state ", " wchan "));
    } else if (words.length > 2) {
      String comm = text.substring(text.indexOf(words[2], text.indexOf(words[1]) + words[1].length()));
      task.name(bare(comm));
    }
  }

  /** {@code PID: 17946  COMM: fsync-a  STATE: D  WCHAN: x}, crash {@code PID: 1 TASK: x CPU: 2 COMMAND: "sync"}. */
  void crashTask(LogLine line, String text) {
    end();
    boolean crash = text.contains("COMMAND:");
    start(crash ? Origin.BARE : Origin.PROC_STACK, line, (int) Numbers.after(text, "PID:", -1));
    stated = true;
    String command = crash
        ? Phrases.between(text, "COMMAND:", "\n").replace('"', ' ')
        : cut(Phrases.between(text, "COMM:", "WCHAN:"), "STATE:");
    task.name(command.strip());
    state(Phrases.between(text, "STATE:", "WCHAN:"));
  }

  /** {@code ==> /proc/12/comm <==}: files of one pid follow each other. */
  void tailFile(LogLine line, String text) {
    String path = Phrases.between(text, "==> ", " <==").strip();
    String[] parts = path.split("/");
    int pid = parts.length < 2 ? -1 : Numbers.pid(parts[parts.length - 2]);
    section(line, pid, parts[parts.length - 1]);
  }

  /** The command that printed what follows: {@code # cat /proc/123/stack}. */
  void command(LogLine line, String text) {
    end();
    String[] parts = Phrases.between(text, "/proc/", "/stack").split("/");
    start(line, Numbers.pid(parts[parts.length - 1]));
  }

  /** A line of {@code grep . /proc/PID/stack}; the frame, if it is one, follows separately. */
  void grep(LogLine line) {
    if (task == null || task.pid != line.procPid || !line.procFile.equals(file)) {
      section(line, line.procPid, line.procFile);
    }
  }

  private void section(LogLine line, int pid, String name) {
    if (task == null || task.pid != pid || !filesSeen.add(name)) {
      end();
      start(line, pid);
      filesSeen.add(name);
    }
    file = name;
    stated = true;
    task.lastLine = line.lastLine;
  }

  /** {@code comm: x}, {@code Name: x}, {@code State: D (disk sleep)}, {@code stack:}; false if no task is listed. */
  boolean field(LogLine line, String text) {
    int colon = text.indexOf(':');
    String key = text.substring(0, colon);
    String value = text.substring(colon + 1).strip();
    boolean opens = key.equals("Name") || key.equals("comm");
    if (task == null && !opens) {
      return false;
    }
    if (task == null || opens && (task.hasFrames() || key.equals("Name") && statusSeen)) {
      end();
      start(line, -1);
    }
    stated = true;
    switch (key) {
      case "comm" -> task.name(value);
      case "Name" -> {
        statusSeen = true;
        if (task.comm.isEmpty()) {
          task.name(value);
        }
      }
      case "State" -> state(value);
      case "Pid" -> task.pid = task.pid < 0 ? Numbers.pid(value) : task.pid;
      default -> {
        // wchan and syscall repeat what the stack says.
      }
    }
    task.lastLine = line.lastLine;
    return true;
  }

  /** Content of a file of {@code tail -n +1}, or of status; false if it is none. */
  boolean content(LogLine line) {
    String text = line.message;
    if (task == null || task.hasFrames()) {
      return false;
    }
    switch (file) {
      case "comm" -> {
        if (task.comm.isEmpty()) {
          task.name(text);
        }
      }
      case "wchan", "syscall", "stat", "cmdline", "status" -> {
        // Nothing that the stack does not tell better.
      }
      default -> {
        return statusSeen && isStatus(text);
      }
    }
    task.lastLine = line.lastLine;
    return true;
  }

  boolean open() {
    return task != null;
  }

  /**
   * @param origin of the stack, if this is its first frame and nothing above it told
   */
  void frame(LogLine line, Frame frame, Origin origin) {
    if (task != null && task.refuses(frame)) {
      end();
    }
    if (task == null) {
      boolean titled = title != null && line.line - titleLine <= 2;
      Title named = titled ? Title.of(title.text()) : null;
      Evidence header = named == null ? out.evidence(line) : title;
      int pid = named == null ? -1 : named.pid();
      task = new TaskDraft(origin, header, out.dumpOf(origin, pid, -1, origin != Origin.TRACE), line.nanos);
      if (named != null) {
        task.name(named.comm());
        task.pid = pid;
        task.state = TaskState.of(named.state());
      }
      title = null;
    }
    task.add(frame);
  }

  /** A blank line ends a stack. */
  void blank() {
    if (task != null && task.hasFrames()) {
      end();
    }
  }

  /** Text that may name the task of the stack below it. */
  void title(LogLine line) {
    blank();
    if (task != null && !task.named && file.isEmpty()) {
      end();
    }
    title = out.evidence(line);
    titleLine = line.lastLine;
  }

  /** {@code ##### 2026-11-20T10:36:23 uptime 2225.37}: the same tasks again, at another time. */
  void round(String text) {
    end();
    out.endDump();
    int uptime = text.indexOf(UPTIME);
    roundNanos = uptime < 0 ? -1 : PrefixReader.seconds(text, uptime + UPTIME.length());
  }

  void end() {
    if (task != null && (task.hasFrames() || task.named && stated)) {
      out.add(task.finish());
    }
    task = null;
    stated = false;
    file = "";
    statusSeen = false;
    filesSeen.clear();
  }

  private void start(LogLine line, int pid) {
    start(Origin.PROC_STACK, line, pid);
  }

  private void start(Origin origin, LogLine line, int pid) {
    task = new TaskDraft(origin, out.evidence(line), out.dumpOf(origin, pid, -1, true),
        line.nanos >= 0 ? line.nanos : roundNanos);
    task.pid = pid;
    task.lastLine = line.lastLine;
  }

  private void state(String text) {
    String value = text.strip();
    value = value.startsWith("State:") ? value.substring("State:".length()).strip() : value;
    if (!value.isEmpty()) {
      task.state = TaskState.of(value.charAt(0));
    }
  }

  /** Without rulers behind and brackets around it. */
  private static String bare(String name) {
    int end = name.length();
    while (end > 0 && "= ".indexOf(name.charAt(end - 1)) >= 0) {
      end--;
    }
    boolean bracketed = end > 2 && name.charAt(0) == '(' && name.charAt(end - 1) == ')';
    return bracketed ? name.substring(1, end - 1) : name.substring(0, end);
  }

  private static String cut(String text, String end) {
    int at = text.indexOf(end);
    return at < 0 ? text : text.substring(0, at);
  }

  /** A field of {@code /proc/PID/status}. */
  private static boolean isStatus(String text) {
    int colon = text.indexOf(':');
    for (int i = 0; i < colon; i++) {
      char c = text.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '_') {
        return false;
      }
    }
    return colon > 0;
  }
}
