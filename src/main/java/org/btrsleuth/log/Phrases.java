package org.btrsleuth.log;

/** Values inside phrases that the grammar keeps whole because task names may hold anything. */
final class Phrases {
  /** A task as {@code comm:pid} or {@code comm/pid}; pid -1 if there is none. */
  record Task(String comm, int pid) {}

  private Phrases() {}

  /** {@code kworker/u8:1:32}: the pid stands behind the last separator, the name may hold more of them. */
  static Task task(String text, char separator) {
    String name = text.strip();
    int at = name.lastIndexOf(separator);
    int pid = at < 0 ? -1 : Numbers.pid(name.substring(at + 1));
    return pid < 0 ? new Task(name, -1) : new Task(name.substring(0, at), pid);
  }

  /** Text between two marks, up to the end without the second one; "" without the first one. */
  static String between(String text, String from, String to) {
    int start = text.indexOf(from);
    if (start < 0) {
      return "";
    }
    start += from.length();
    int end = text.indexOf(to, start);
    return end < 0 ? text.substring(start) : text.substring(start, end);
  }

  /** First word that looks like a kernel release, "" if there is none: "6.18.44-fc-v669", "5.9.0-rc4-syzkaller". */
  static String release(String text) {
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf(' ', at);
      end = end < 0 ? text.length() : end;
      if (isRelease(text, at, end)) {
        return text.substring(at, end);
      }
      at = end + 1;
    }
    return "";
  }

  private static boolean isRelease(String text, int from, int to) {
    int i = from;
    int dots = 0;
    for (; i < to && (Character.isDigit(text.charAt(i)) || text.charAt(i) == '.'); i++) {
      dots += text.charAt(i) == '.' ? 1 : 0;
    }
    boolean digitFirst = i > from && Character.isDigit(text.charAt(from));
    return digitFirst && dots >= 1 && dots <= 3 && (i == to || "-+_".indexOf(text.charAt(i)) >= 0) && to - from < 80;
  }

  /** First {@code path.c:123} of a text, null if there is none. */
  static SourceLine source(String text) {
    for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
      int colon = dot + 2;
      boolean file = colon < text.length() && "chS".indexOf(text.charAt(dot + 1)) >= 0 && text.charAt(colon) == ':';
      long number = file ? Numbers.longAt(text, colon + 1) : -1;
      if (number >= 0 && number <= Integer.MAX_VALUE) {
        int start = dot;
        while (start > 0 && isPath(text.charAt(start - 1))) {
          start--;
        }
        return new SourceLine(text.substring(start, colon), (int) number, colon);
      }
    }
    return null;
  }

  /**
   * @param end index of the colon in the text it was found in
   */
  record SourceLine(String file, int line, int end) {}

  private static boolean isPath(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_./+-".indexOf(c) >= 0;
  }

  /** First {@code function+0x1/0x2} of a text, without offset; "" if there is none. */
  static String function(String text) {
    int plus = text.indexOf("+0x");
    if (plus <= 0) {
      return "";
    }
    int start = plus;
    while (start > 0 && isSymbol(text.charAt(start - 1))) {
      start--;
    }
    return text.substring(start, plus);
  }

  private static boolean isSymbol(char c) {
    return Character.isLetterOrDigit(c) || "_.$".indexOf(c) >= 0;
  }
}
