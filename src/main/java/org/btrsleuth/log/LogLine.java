package org.btrsleuth.log;

/**
 * A line of a log taken apart: what its prefix says and the message. A message that a mail program wrapped consists of
 * several lines; number and text are those of the first.
 */
final class LogLine {
  final long line;
  final String text;

  /** Message without prefix, quoting and indentation. */
  String message;

  /** Last line of the message. */
  long lastLine;

  /** Length of the last line as it stands in the input. */
  int lastLength;

  /** Nanoseconds since boot, -1 if the prefix does not say. */
  long nanos = -1;

  /** {@code T123} or {@code C2} of printk's caller field; "" if not printed. */
  String caller = "";

  /** Whether a prefix says that this is a line of a log. */
  boolean stamped;

  /** Whether another program than the kernel wrote it. */
  boolean otherProgram;

  /** Punctuation and fields of {@code dmesg -J}: belongs to the log, says nothing. */
  boolean frameOnly;

  /** {@code 123} and {@code stack} of a prefix {@code /proc/123/stack:}, else -1 and "". */
  int procPid = -1;
  String procFile = "";

  LogLine(long line, String text) {
    this.line = line;
    this.text = text;
    lastLine = line;
    lastLength = text.length();
    message = text;
  }

  /** Whether it came with anything that tells that it is no prose. */
  boolean prefixed() {
    return stamped || procPid >= 0;
  }

  void append(LogLine next) {
    boolean gap = !message.isEmpty() && !next.message.isEmpty();
    message = gap ? message + " " + next.message : message + next.message;
    lastLine = next.lastLine;
    lastLength = next.lastLength;
  }
}
