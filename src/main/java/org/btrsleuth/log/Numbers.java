package org.btrsleuth.log;

/** Numbers inside kernel messages. Input is anything: what does not fit is -1, never an exception. */
final class Numbers {
  private Numbers() {}

  /** Decimal digits from {@code at}, -1 if there are none or they overflow a long. */
  static long longAt(String text, int at) {
    long value = 0;
    int i = at;
    for (; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
      if (value > (Long.MAX_VALUE - 9) / 10) {
        return -1;
      }
      value = value * 10 + text.charAt(i) - '0';
    }
    return i == at ? -1 : value;
  }

  /** Decimal number that starts {@code text}, -1 unless it is an int. */
  static int pid(String text) {
    long value = longAt(text, 0);
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  /** First number behind {@code key} and blanks, {@code missing} if there is none. Signed; unsigned values may wrap. */
  static long after(String text, String key, long missing) {
    int at = text.indexOf(key);
    if (at < 0) {
      return missing;
    }
    at += key.length();
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return signed(text, at, missing);
  }

  /** Kernels before 5.16 print negative byte counts as unsigned 64 bit: those wrap around to what they were. */
  static long signed(String text, int at, long missing) {
    boolean minus = at < text.length() && text.charAt(at) == '-';
    int start = minus ? at + 1 : at;
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    if (end == start || end - start > 20) {
      return missing;
    }
    try {
      long value = Long.parseUnsignedLong(text.substring(start, end));
      return minus ? -value : value;
    } catch (NumberFormatException e) {
      return missing;
    }
  }

  /** Hexadecimal number of a part of {@code text}, -1 unless it is an int. */
  static int hex(String text, int from, int to) {
    if (from >= to) {
      return -1;
    }
    try {
      return Integer.parseInt(text, from, to, 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
