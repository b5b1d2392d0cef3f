package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table from names to pseudonyms of one report, and the shapes by which names are found in lines. */
final class Pseudonyms {
  // Where the shape of a line says that a word is a task's name. Group 1 is the name.
  private static final List<Pattern> TASK_SHAPES =
      List.of(
          // ftrace: "   comm-123   [001] ....  12.345678: event:" with or without a tgid column
          Pattern.compile("^\\s*(\\S.{0,15}?)-\\d+\\s+(?:\\([ \\d-]+\\)\\s+)?\\[\\d{3,}\\]"),
          // perf script: "comm  123 [001]  12.345678: event:"
          Pattern.compile("^\\s*(\\S.{0,15}?)\\s+\\d+(?:/\\d+)?\\s+\\[\\d{3,}\\]\\s+\\d+\\.\\d+:"),
          Pattern.compile("\\b(?:prev_|next_)?comm[=:]\\s?\"?([^\\s\",]{1,16})"),
          Pattern.compile("\\bComm: (.{1,16}?)(?= (?:Not tainted|Tainted|Kdump|tainted)|\\s*$)"),
          Pattern.compile("\\btask (\\S[^:]{0,15}):\\d+"),
          Pattern.compile("\\btask:(\\S.{0,15}?)\\s+state:"),
          // sysrq before 5.11: "comm    D 0000000000000000     0  123      2 0x00000000"
          Pattern.compile("(?:^|\\]\\s|>\\s?)(\\S{1,16})\\s+[RSDTtXZPIKWx]\\s+(?:[0-9a-f]{8,16}|0|running task)\\s"),
          Pattern.compile("\\blocks? held by (\\S.{0,15}?)/\\d+"),
          Pattern.compile("\\b(\\S{1,16})/\\d+ is (?:trying to acquire|leaving the kernel|freeing|exiting|holding)"),
          Pattern.compile("\\b(\\S{1,16}) \\(\\d+\\) used greatest stack depth"));

  private static final Pattern UUID =
      Pattern.compile("(?i)(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])");

  // "Nov 20 12:00:00 host kernel:" and RFC 3339 stamps. Group 1 is the host.
  private static final List<Pattern> HOST_SHAPES =
      List.of(
          Pattern.compile(
              "^[>\\s]*(?:<\\d+>)?(?:\\w{3}\\s+\\d{1,2}\\s+\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?|\\d{4}-\\d\\d-\\d\\dT\\S+)"
                  + "\\s+(\\S+)\\s+(?:kernel|\\[|\\S+\\[\\d+\\]:)"),
          Pattern.compile("\\bHost(?:name)?:\\s*(\\S+)", Pattern.CASE_INSENSITIVE),
          Pattern.compile("^Linux (\\S+) \\d+\\.\\d+"));

  private static final Pattern HARDWARE = Pattern.compile("(\\bHardware name: ).*");
  private static final Pattern NET_ADDRESS =
      Pattern.compile("(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w.])|(?<![\\w.])[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+");
  // An absolute path of at least one component; not part of a longer word, so "kworker/u4:3" and "x86/mm" stay.
  private static final Pattern PATH = Pattern.compile("(?<![\\w/.:+~\\])-])(?:~|\\.{1,2})?/[^\\s:\"'`,;()\\[\\]<>|]+");
  private static final Pattern NAMED_FILE =
      Pattern.compile("\\b((?:file|path|name|filename|pathname|dir)[=:]\\s?)\"?([^\\s\",;)]+)\"?");
  private static final Pattern KERNEL_SOURCE =
      Pattern.compile(".*?/((?:fs|mm|kernel|block|drivers|include|lib|arch|security|net)/[\\w./-]+\\.[chS])$");
  private static final Pattern PLAIN_DEVICE =
      Pattern.compile(
          "/dev/(?:[shv]d[a-z]+\\d*|xvd[a-z]+\\d*|nvme\\d+n\\d+(?:p\\d+)?|dm-\\d+|loop\\d+|md\\d+"
              + "|mmcblk\\d+p?\\d*|null|shm|kmsg)");

  /** Words that logs use for other things: replaced only where a line's shape says that they are a task. */
  private static final Set<String> AMBIGUOUS =
      Set.of(
          "btrfs", "kernel", "task", "sync", "page", "lock", "inode", "trace", "event", "file", "mount", "umount",
              "test",
          "data", "metadata", "system", "space_info", "delalloc", "transaction", "reserve", "release", "certain",
              "inferred",
          "stack", "hang", "deadlock", "write", "read", "open", "close", "commit", "flush", "balance", "snapshot", "is",
          "in", "on", "of", "the", "to", "no", "not", "for", "by", "at", "it", "and", "or", "as", "an", "a");

  private final Map<String, String> tasks = new LinkedHashMap<>();
  private final Map<String, String> hosts = new LinkedHashMap<>();
  private final Map<String, String> uuids = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, String> paths = new LinkedHashMap<>();
  private final Set<String> kernelThreads = new HashSet<>();
  private final Set<String> issued = new HashSet<>();
  private Pattern words;
  private Map<String, String> wordTable = Map.of();

  void learnTask(String comm, boolean kernelThread) {
    if (comm.isEmpty()) {
      return;
    }
    if (kernelThread || KernelThreads.isKernelThread(comm)) {
      kernelThreads.add(comm);
    } else {
      pseudonym(tasks, comm, "task-");
      words = null;
    }
  }

  /** Remembers the names that the shape of {@code line} shows. */
  void learn(String line) {
    for (Pattern shape : TASK_SHAPES) {
      Matcher m = shape.matcher(line);
      while (m.find()) {
        learnTask(m.group(1), kernelThreads.contains(m.group(1)));
      }
    }
    for (Pattern shape : HOST_SHAPES) {
      Matcher m = shape.matcher(line);
      while (m.find()) {
        host(m.group(1));
      }
    }
  }

  private void host(String name) {
    pseudonym(hosts, name, "host-");
    int dot = name.indexOf('.');
    if (dot > 0) {
      hosts.putIfAbsent(name.substring(0, dot), hosts.get(name));
    }
    words = null;
  }

  /** A component that is a task's name as a whole. */
  String task(String comm) {
    if (comm.isEmpty() || kernelThreads.contains(comm) || KernelThreads.isKernelThread(comm)) {
      return comm;
    }
    return pseudonym(tasks, comm, "task-");
  }

  /** {@code comm (pid)}, {@code comm-pid} or {@code comm}. */
  String taskWithPid(String task) {
    Matcher m = Pattern.compile("(.*?)((?:\\s*\\(\\d+\\)|-\\d+)?)", Pattern.DOTALL).matcher(task);
    return m.matches() ? task(m.group(1)) + m.group(2) : task(task);
  }

  /** An input's path: its ending stays, because it says what the file is. */
  String path(String path) {
    if (path.equals("-") || path.isEmpty()) {
      return path;
    }
    String known = paths.get(path);
    if (known == null) {
      String name = path.substring(path.lastIndexOf('/') + 1);
      Matcher m = Pattern.compile("(?i)\\.(?:txt|log|csv|trace|dat|gz|xz|zst|bz2|tar|zip|tgz|\\.)+$").matcher(name);
      known = "input-" + (paths.size() + 1) + (m.find() ? m.group().toLowerCase(Locale.ROOT) : "");
      paths.put(path, known);
    }
    return known;
  }

  /** Any text: a line of an input or a sentence about it. */
  String text(String text) {
    if (text.isEmpty()) {
      return text;
    }
    String out = text;
    for (Map.Entry<String, String> input : paths.entrySet()) {
      out = out.replace(input.getKey(), input.getValue());
    }
    out = replace(UUID, out, m -> uuid(m.group()));
    out = replace(HARDWARE, out, m -> m.group(1) + "(redacted)");
    out = replace(NET_ADDRESS, out, m -> pseudonym(hosts, m.group(), "host-"));
    out = replace(PATH, out, m -> file(m.group()));
    out = replace(NAMED_FILE, out, m -> m.group(1) + (isRedacted(m.group(2)) ? m.group(2) : file(m.group(2))));
    for (Pattern shape : TASK_SHAPES) {
      out = replaceGroup(shape, out, this::task);
    }
    return words(out);
  }

  private boolean isRedacted(String name) {
    return issued.contains(name.startsWith("/") ? name.substring(1) : name) || paths.containsValue(name);
  }

  private String uuid(String uuid) {
    String key = uuid.toLowerCase(Locale.ROOT);
    return uuids.computeIfAbsent(
        key, k -> String.format(Locale.ROOT, "00000000-0000-0000-0000-%012d", uuids.size() + 1));
  }

  private String file(String path) {
    if (path.startsWith("/proc/") || path.startsWith("/sys/") || PLAIN_DEVICE.matcher(path).matches()) {
      return path;
    }
    Matcher source = KERNEL_SOURCE.matcher(path);
    if (source.matches()) {
      return source.group(1);
    }
    return (path.startsWith("/") ? "/" : "") + pseudonym(files, path, "file-");
  }

  /** Names of tasks and hosts wherever they stand as a word of their own. */
  private String words(String text) {
    if (words == null) {
      compileWords();
    }
    return wordTable.isEmpty() ? text : replace(words, text, m -> wordTable.get(m.group()));
  }

  private void compileWords() {
    wordTable = new LinkedHashMap<>(tasks);
    wordTable.putAll(hosts);
    List<String> names = new ArrayList<>(wordTable.keySet());
    names.sort(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
    StringBuilder any = new StringBuilder();
    for (String name : names) {
      any.append(any.length() == 0 ? "" : "|").append(Pattern.quote(name));
      if (AMBIGUOUS.contains(name.toLowerCase(Locale.ROOT)) || name.length() == 1) {
        // followed by a pid: "sync (12)", "sync-12", "sync:12"
        any.append("(?=(?: \\(|[-:/])\\d)");
      }
    }
    words = Pattern.compile("(?<![\\w.])(?:" + any + ")(?!\\w)");
  }

  private String pseudonym(Map<String, String> table, String name, String prefix) {
    if (issued.contains(name)) {
      return name;
    }
    String known = table.get(name);
    if (known == null) {
      known = prefix + (table.size() + 1);
      table.put(name, known);
      issued.add(known);
    }
    return known;
  }

  private static String replace(Pattern pattern, String text, Function<Matcher, String> by) {
    Matcher m = pattern.matcher(text);
    if (!m.find()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    do {
      out.append(text, from, m.start()).append(by.apply(m));
      from = m.end();
    } while (m.find());
    return out.append(text, from, text.length()).toString();
  }

  private static String replaceGroup(Pattern pattern, String text, UnaryOperator<String> by) {
    return replace(
        pattern,
        text,
        m -> text.substring(m.start(), m.start(1)) + by.apply(m.group(1)) + text.substring(m.end(1), m.end()));
  }
}
