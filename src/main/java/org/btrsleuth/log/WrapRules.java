package org.btrsleuth.log;

/**
 * Which lines a mail program broke. A break is believed where the first line is a kernel message that cannot end there,
 * or where the second cannot begin a message, or, in a log whose lines all carry a stamp, where a line without one
 * follows and its first word would not have fitted into a mail's usual width.
 */
final class WrapRules {
  /** Mail programs break between column 66 and 80. */
  private static final int WIDTH = 66;

  /** What never starts a message: the tail of a kernel line after its usual break points. */
  private static final String[] TAILS = {
    "seconds.", "this message.", "disables this message", "ppid:", "tgid:", "pid:", "flags:0x", "task_flags:", "knlGS:",
    "used=", "pinned=", "reserved=", "may_use=", "readonly=", "zone_unusable=", "errno=", "free, is", "is not full",
    "is full", "No space left", "not full", "likely owned by", "0010:", "0018:", "0033:", "002b:", "EFLAGS:",
    "ORIG_RAX:", "blocked for more than", "for more than", "more than", "than ",
  };

  /** What starts a message or listing entry of its own, whatever stands above. */
  private static final String[] HEADS = {
    "[<", "INFO: ", "task:", "Call Trace", "Workqueue:", "==", "--", "BTRFS", "RIP:", "CPU:", "WARNING:", "<TASK>",
    "</TASK>",
    "Modules linked", "Hardware name", "#", "On ", "Hi", "Signed-off", "sysrq:", "SysRq", "R13:", "RAX:", "Code:",
  };

  /** Messages that mail programs break at {@link #TAILS}. */
  private static final String[] KERNEL_HEADS = {
    "task:", "INFO: ", "BTRFS", "\"echo 0", "FS:", "RSP:", "RIP:", "space_info", "CPU:",
  };

  boolean continues(LogLine first, LogLine next) {
    if (next.prefixed() || next.lastLine != first.lastLine + 1 || next.message.isEmpty()) {
      return false;
    }
    String head = first.message;
    String tail = next.message;
    if (first.frameOnly || first.procPid >= 0) {
      return false;
    }
    if (first.otherProgram) {
      return tooLong(first, tail);
    }
    if (head.isEmpty()) {
      return first.stamped && first.text.length() > 12;
    }
    if (isModule(tail)) {
      return endsWithOffset(head) || isSplitHead(head);
    }
    if (opensModule(head)) {
      return tail.indexOf(']') == tail.length() - 1;
    }
    if (startsWithAny(tail, HEADS)) {
      return false;
    }
    if (isUnfinished(head, tail)) {
      return true;
    }
    if (isFrame(tail) && isFrame(head)) {
      return false;
    }
    if (startsWithAny(tail, TAILS) && looksLikeKernel(head)) {
      return true;
    }
    return first.stamped && !isFrame(head) && tooLong(first, tail);
  }

  /** Whether the next word would not have fitted. */
  private static boolean tooLong(LogLine first, String tail) {
    return first.lastLength + 1 + firstWord(tail) > WIDTH;
  }

  /** A message that its printk cannot have ended here. */
  private static boolean isUnfinished(String head, String tail) {
    if (head.equals("?") || head.endsWith(" ?")) {
      return tail.indexOf('+') > 0 || tail.indexOf('/') > 0 || tail.indexOf('(') > 0;
    }
    if (head.startsWith("INFO: task")) {
      return !head.contains(" seconds") && !head.contains(" by task") && !head.endsWith(".") && tail.length() < 100;
    }
    if (head.startsWith("task:")) {
      return !head.contains(" flags:0x")
          && (tail.contains("state:") || tail.contains("pid:") || tail.contains("flags:"));
    }
    if (head.startsWith("WARNING: ") && head.contains(" at")) {
      return !head.contains("+0x") && tail.contains("+0x") || head.endsWith(" at");
    }
    if (head.startsWith("CPU: ") && head.contains("PID: ")) {
      int taint = head.indexOf("ainted");
      return taint < 0
          ? tail.contains("ainted") || tail.contains("Comm:")
          : Phrases.release(head.substring(taint)).isEmpty() && !Phrases.release(tail).isEmpty();
    }
    if (head.startsWith("Workqueue:")) {
      return head.indexOf(' ', "Workqueue: ".length()) < 0 && tail.indexOf(' ') < 0;
    }
    if (head.startsWith("RIP: ") || head.equals("RIP:")) {
      return head.indexOf("+0x") < 0 && (tail.contains("+0x") || tail.startsWith("0010:"));
    }
    if (head.contains("space_info ")) {
      return head.contains("total=") ? head.endsWith(",") || tail.indexOf('=') > 0 : !head.endsWith("full");
    }
    if (head.contains("rsv: size")) {
      return !head.contains("reserved ");
    }
    if (head.startsWith("BTRFS")) {
      return head.endsWith("BTRFS:") || head.endsWith(" in") || head.endsWith("(error") || head.endsWith("(device")
          || head.contains(") in ") && head.indexOf("errno=") < 0;
    }
    if (head.endsWith("}, at:") || head.contains("}-{") && head.endsWith(", at:")) {
      return true;
    }
    if (isLock(head)) {
      return head.indexOf(", at:") < 0 || head.endsWith("at:");
    }
    return false;
  }

  /** Message begun by a symbol list or lock whose module was pushed to the next line. */
  private static boolean isSplitHead(String head) {
    return head.startsWith("Workqueue:") || head.contains(", at:");
  }

  private static boolean isLock(String head) {
    if (head.startsWith("#")) {
      int colon = head.indexOf(':');
      return colon > 1 && colon < 5 && Character.isDigit(head.charAt(1));
    }
    return head.startsWith("-> #") && head.indexOf('{') < 0;
  }

  private static boolean looksLikeKernel(String head) {
    return startsWithAny(head, KERNEL_HEADS);
  }

  /** {@code [btrfs]} or {@code [btrfs d81a563172593...]}, alone; the build id may follow later. */
  private static boolean isModule(String tail) {
    int end = tail.endsWith("]") ? tail.length() - 1 : tail.length();
    if (tail.charAt(0) != '[' || end < 3 || end > 100 || tail.indexOf(']') < end && end == tail.length()) {
      return false;
    }
    for (int i = 1; i < end; i++) {
      char c = tail.charAt(i);
      boolean name = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == ' ';
      if (!name) {
        return false;
      }
    }
    return tail.indexOf(' ') == tail.lastIndexOf(' ') && (end < tail.length() || tail.indexOf(' ') < 0);
  }

  /** {@code function+0x12/0x34 [btrfs}, broken before the build id. */
  private static boolean opensModule(String head) {
    int open = head.lastIndexOf('[');
    return open > 0 && head.indexOf(' ', open) < 0 && head.indexOf(']', open) < 0 && head.indexOf("+0x") > 0
        && head.length() - open < 40;
  }

  /** {@code function+0x12/0x34} up to the end. */
  static boolean endsWithOffset(String head) {
    int slash = head.lastIndexOf("/0x");
    return slash > 0 && head.lastIndexOf("+0x", slash) > 0 && head.indexOf(' ', slash) < 0;
  }

  private static boolean isFrame(String text) {
    int plus = text.indexOf("+0x");
    return plus > 0 && text.lastIndexOf(' ', plus) < 26 && text.indexOf("/0x", plus) > 0;
  }

  private static int firstWord(String text) {
    int blank = text.indexOf(' ');
    return blank < 0 ? text.length() : blank;
  }

  private static boolean startsWithAny(String text, String[] starts) {
    for (String start : starts) {
      if (text.startsWith(start)) {
        return true;
      }
    }
    return false;
  }
}
