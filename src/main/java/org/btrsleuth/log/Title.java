package org.btrsleuth.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line above a stack that names its task in one of the forms people's scripts print: "1234 (btrfs-transacti)",
 * "btrfs-transacti/1234", "PID 1234: sync", "1234 sync D". Sentences name nobody.
 */
record Title(String comm, int pid, char state) {
  private static final Pattern PID_FIRST =
      Pattern.compile("\\W*(?:pid\\W{1,3})?(\\d{1,10})\\W{1,3}(?:comm\\W{1,3})?(\\S{1,40}?)\\)?:?(?:\\s+([DRSTI]))?\\s*=*", Pattern.CASE_INSENSITIVE);
  private static final Pattern COMM_FIRST =
      Pattern.compile("\\W*(?:comm\\W{1,3})?([A-Za-z]\\S{0,40}?)(?:\\s*[/:(\\[,-]\\s*|\\s+)(?:pid\\W{1,3})?(\\d{1,10})[)\\]]?:?(?:\\s+([DRSTI]))?\\s*=*", Pattern.CASE_INSENSITIVE);
  private static final Pattern PID_ONLY = Pattern.compile("\\W*pid\\W{1,3}(\\d{1,10})\\W*", Pattern.CASE_INSENSITIVE);

  /** Null if the text is no such line. */
  static Title of(String text) {
    if (text.length() > 120) {
      return null;
    }
    Matcher m = PID_ONLY.matcher(text);
    if (m.matches()) {
      return new Title("", Numbers.pid(m.group(1)), '?');
    }
    m = PID_FIRST.matcher(text);
    if (m.matches()) {
      return new Title(m.group(2), Numbers.pid(m.group(1)), state(m.group(3)));
    }
    m = COMM_FIRST.matcher(text);
    if (m.matches()) {
      return new Title(m.group(1), Numbers.pid(m.group(2)), state(m.group(3)));
    }
    return null;
  }

  private static char state(String group) {
    return group == null ? '?' : group.charAt(0);
  }
}
