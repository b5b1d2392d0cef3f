package org.btrsleuth.event;

/**
 * Reads the columns before an event's name: task name, PID, CPU, time. The grammar has found where they are; they are
 * read from the right, as the task name may hold anything.
 */
final class Columns {
  private final SymbolCache symbols;
  private final Digits digits = new Digits();

  int comm;
  int pid;
  int cpu;
  long time;
  /** Whether the time was without unit: clocks counter, uptime and x86-tsc. */
  boolean counter;

  Columns(SymbolCache symbols) {
    this.symbols = symbols;
  }

  void clear() {
    comm = Symbols.NONE;
    pid = -1;
    cpu = -1;
    time = EventBlock.NO_TIME;
  }

  /** Reads {@code [from, to)}, what the grammar calls COLUMNS with the task name before it. */
  void task(byte[] b, int from, int to) {
    int p = to;
    if (b[p - 1] == ':') {
      // perf script without CPU: "comm pid 12.345678:"
      p = back(b, from, p - 1, Columns::isTime);
      time(b, p, to);
      taskAndPid(b, from, p);
      return;
    }
    if (b[p - 1] == ']') {
      int open = lastIndexOf(b, from, p, '[');
      if (p - open > 8) {
        verbose(b, from, open);
        return;
      }
      cpu = (int) number(b, open + 1, p - 1);
      taskAndPid(b, from, open);
      return;
    }
    // flags, after "] " or glued to the CPU (latency-format)
    while (p > from && b[p - 1] != ' ') {
      p--;
    }
    if (p - 2 >= from && b[p - 2] == ']') {
      int open = lastIndexOf(b, from, p - 1, '[');
      cpu = (int) number(b, open + 1, p - 2);
      taskAndPid(b, from, open);
    } else {
      cpu = (int) number(b, p, to);
      taskAndPid(b, from, p);
    }
  }

  /** {@code comm pid cpu count preempt serial [nanoseconds]}, before the bracket. */
  private void verbose(byte[] b, int from, int to) {
    int p = to;
    for (int column = 0; column < 3; column++) {
      p = back(b, from, skipBlanksBack(b, from, p), c -> c != ' ');
    }
    int end = skipBlanksBack(b, from, p);
    p = back(b, from, end, c -> c != ' ');
    cpu = (int) number(b, p, end);
    taskAndPid(b, from, p);
  }

  /** Reads {@code comm-pid}, {@code comm pid} or {@code comm pid/tid}, then blanks or {@code (tgid)}. */
  private void taskAndPid(byte[] b, int from, int to) {
    int p = skipBlanksBack(b, from, to);
    if (p > from && b[p - 1] == ')') {
      p = skipBlanksBack(b, from, lastIndexOf(b, from, p, '('));
    }
    int digits = back(b, from, p, Columns::isDigit);
    pid = (int) number(b, digits, p);
    p = digits;
    if (p > from && b[p - 1] == '/') {
      p = back(b, from, p - 1, Columns::isDigit);
    }
    // a dash follows the name at once, a blank may be padding
    int end = Math.max(from, p - 1);
    comm(b, from, p > from && b[end] == ' ' ? skipBlanksBack(b, from, end) : end);
  }

  private void comm(byte[] b, int from, int to) {
    int start = from;
    while (start < to && b[start] == ' ') {
      start++;
    }
    if (start == from) {
      // trace-cmd of several buffers: "instance:      comm"; a name has at least two blanks behind it
      for (int i = from; i + 2 < to; i++) {
        if (b[i] == ':' && b[i + 1] == ' ' && b[i + 2] == ' ') {
          int name = i + 2;
          while (name < to && b[name] == ' ') {
            name++;
          }
          if (name < to) {
            start = name;
          }
          break;
        }
        if (b[i] == ' ') {
          break;
        }
      }
    }
    comm = symbols.intern(b, start, to);
  }

  /** Reads a time column; {@link #time} stays as it is where there is none. */
  void time(byte[] b, int from, int to) {
    int p = from;
    while (p < to && b[p] == ' ') {
      p++;
    }
    if (p == to || !isDigit(b[p])) {
      return;
    }
    long whole = digits.read(b, p);
    p = digits.end;
    counter = false;
    if (b[p] == '.' && b[p + 7] == ':') {
      // six digits, the usual case
      time = whole * 1_000_000_000L + Digits.eight((long) ByteTable.LONG.get(b, p + 1) << 16) * 1000;
      return;
    }
    if (p == to || b[p] == ':') {
      counter = true;
      time = whole;
    } else if (b[p] == 'u') {
      time = whole * 1000;
    } else {
      long fraction = 0;
      long unit = 1_000_000_000L;
      for (p++; p < to && isDigit(b[p]); p++) {
        if (unit > 1) {
          fraction = fraction * 10 + (b[p] - '0');
          unit /= 10;
        }
      }
      boolean milliseconds = p < to && b[p] == 'm';
      time = whole * 1_000_000_000L + fraction * unit;
      if (milliseconds) {
        time /= 1000;
      }
    }
  }

  private interface Bytes {
    boolean test(byte b);
  }

  private static int back(byte[] b, int from, int to, Bytes bytes) {
    int p = to;
    while (p > from && bytes.test(b[p - 1])) {
      p--;
    }
    return p;
  }

  private static int skipBlanksBack(byte[] b, int from, int to) {
    int p = to;
    while (p > from && b[p - 1] == ' ') {
      p--;
    }
    return p;
  }

  private static int lastIndexOf(byte[] b, int from, int to, char c) {
    int p = to - 1;
    while (p > from && b[p] != c) {
      p--;
    }
    return p;
  }

  static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isTime(byte c) {
    return c >= '0' && c <= '9' || c == '.';
  }

  /** Decimal digits from {@code from} on; 64 bits, wrapping like the kernel's unsigned numbers. */
  static long number(byte[] b, int from, int to) {
    long n = 0;
    for (int p = from; p < to && isDigit(b[p]); p++) {
      n = n * 10 + (b[p] - '0');
    }
    return n;
  }
}
