package org.btrsleuth.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line above a stack that names its task in one of the forms people's scripts print: "1234 (btrfs-transacti)",
 * "btrfs-transacti/1234", "PID 1234: sync", "1234 sync D". Sentences name nobody.
 */
record Title(String comm, int pid, char state) {
  private static final int MAX_LENGTH = 160;

  /** {@code /proc/PID/stat}: "1234 (my app: io) D 2 0 0 ...". */
  private static final Pattern STAT = Pattern.compile("\\W*(\\d{1,10}) \\((.{1,64})\\) ([A-Za-z])\\b.*");

  private static final Pattern PID_FIRST =
      Pattern.compile(
          "\\W*(?:pid\\W{1,3})?(\\d{1,10})\\W{1,3}(?:comm\\W{1,3})?([A-Za-z]\\S{0,40}?)\\)?:?(?:\\s+([DRSTI]))?\\W*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern COMM_FIRST =
      Pattern.compile(
          "\\W*(?:comm\\W{1,3})?([A-Za-z]\\S{0,40}?)(?:\\s*[/:(\\[,-]\\s*|\\s+)(?:pid\\W{1,3})?(\\d{1,10})"
              + "(?:\\W*\\s([DRSTI]))?\\W*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PID_ONLY =
      Pattern.compile("(?:\\W*pid\\W{1,3}|\\W{0,8})(\\d{1,10})\\W*", Pattern.CASE_INSENSITIVE);

  private static final Pattern PID_KEY = Pattern.compile("\\bpid\\s*[=:]\\s*(\\d{1,10})", Pattern.CASE_INSENSITIVE);
  private static final Pattern COMM_KEY = Pattern.compile("\\bcomm\\s*[=:]\\s*(\\S{1,40})", Pattern.CASE_INSENSITIVE);

  /** drgn: "prog.stack_trace(1234)". */
  private static final Pattern DRGN = Pattern.compile(".*\\bstack_trace\\((?:find_task\\(\\w+, )?(\\d{1,10})\\).*");

  /** Null if the text is no such line. */
  static Title of(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    Matcher m = PID_ONLY.matcher(text);
    if (m.matches()) {
      return new Title("", Numbers.pid(m.group(1)), '?');
    }
    m = STAT.matcher(text);
    if (m.matches()) {
      return new Title(m.group(2), Numbers.pid(m.group(1)), state(m.group(3)));
    }
    m = PID_FIRST.matcher(text);
    if (m.matches()) {
      return new Title(m.group(2), Numbers.pid(m.group(1)), state(m.group(3)));
    }
    m = COMM_FIRST.matcher(text);
    if (m.matches()) {
      return new Title(m.group(1), Numbers.pid(m.group(2)), state(m.group(3)));
    }
    m = DRGN.matcher(text);
    if (m.matches()) {
      return new Title("", Numbers.pid(m.group(1)), '?');
    }
    m = PID_KEY.matcher(text);
    if (m.find()) {
      Matcher comm = COMM_KEY.matcher(text);
      return new Title(comm.find() ? comm.group(1) : "", Numbers.pid(m.group(1)), '?');
    }
    return null;
  }

  private static char state(String group) {
    return group == null ? '?' : Character.toUpperCase(group.charAt(0));
  }
}
