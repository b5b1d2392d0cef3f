package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Turns the tokens of an event's text into fields of the event begun last. */
final class FieldDecoder {
  private static final FieldKeys KEYS = new FieldKeys(Field.keys(), Field::ofKey);
  /** The names of btrfs_space_reservation's fields where they are printed raw (option fields, trace-cmd report -R). */
  private static final FieldKeys RESERVATION_KEYS =
      new FieldKeys(List.of("type", "val", "bytes", "reserve"), FieldDecoder::reservationField);

  private final SymbolCache symbols;
  private final StringBuilder uuid = new StringBuilder();

  /** "reserve " and "release " as little-endian numbers. */
  private static final long RESERVE = word("reserve ");
  private static final long RELEASE = word("release ");

  private final Digits digits = new Digits();
  private EventBlock block;

  FieldDecoder(SymbolCache symbols) {
    this.symbols = symbols;
  }

  void reset(EventBlock block) {
    this.block = block;
  }

  /** {@code space_info:enospc: 4 reserve 655360}; false if it neither reserves nor releases. */
  boolean reservation(byte[] b, int from) {
    int p = from;
    while (b[p] != ':' || b[p + 1] != ' ') {
      p++;
    }
    long value = digits.read(b, p + 2);
    int verb = digits.end + 1;
    long word = (long) ByteTable.LONG.get(b, verb);
    if (word != RESERVE && word != RELEASE) {
      return false;
    }
    block.reservation(symbols.intern(b, from, p), value, word == RESERVE ? 1 : 0, digits.read(b, verb + 8));
    return true;
  }

  /** {@code key=value} in all its forms; false for a key that nobody reads. */
  boolean pair(EventType type, byte[] b, int from, int to) {
    int key = b[from] == '(' ? from + 1 : from;
    int length = FieldKeys.length(b, key);
    int p = key + length;
    Field field = (type == EventType.SPACE_RESERVATION ? RESERVATION_KEYS : KEYS).find(b, key, length);
    if (field == null) {
      fsidArray(b, key, p, to);
      return false;
    }
    while (b[p] == ' ') {
      p++;
    }
    p += b[p] == '-' ? 2 : 1;
    if (p < to && b[p] == ' ') {
      p++;
    }
    int end = to;
    while (end > p && (b[end - 1] == ' ' || b[end - 1] == ',')) {
      end--;
    }
    if (key > from && end > p && b[end - 1] == ')' && b[p] != '(') {
      end--;
    }
    value(field, b, p, end);
    return true;
  }

  private void value(Field field, byte[] b, int from, int to) {
    if (from == to) {
      block.field(field, 0, Symbols.NONE);
      return;
    }
    int p = from;
    boolean negative = b[p] == '-';
    if (negative) {
      p++;
    }
    if (field == Field.WORK || field == Field.NORMAL_WORK || field == Field.WQ) {
      pointer(field, b, from, to);
      return;
    }
    if (p + 2 < to && b[p] == '0' && b[p + 1] == 'x') {
      long n = 0;
      int q = p + 2;
      for (; q < to && hex(b[q]) >= 0; q++) {
        n = n << 4 | hex(b[q]);
      }
      block.field(field, negative ? -n : n, Symbols.NONE);
      return;
    }
    long n = digits.read(b, p);
    boolean none = digits.end == p;
    p = digits.end;
    if (none) {
      block.field(field, 0, symbols.intern(b, from, to));
    } else if (p == to) {
      block.field(field, negative ? -n : n, Symbols.NONE);
    } else if (b[p] == '(') {
      int close = b[to - 1] == ')' ? to - 1 : to;
      boolean nameless = close - p == 2 && b[p + 1] == '-' || close - p > 2 && b[p + 1] == '0' && b[p + 2] == 'x';
      block.field(field, negative ? -n : n, nameless ? Symbols.NONE : symbols.intern(b, p + 1, close));
    } else {
      block.field(field, 0, symbols.intern(b, from, to));
    }
  }

  /** Hashed or raw, with or without 0x; {@code (____ptrval____)} has no number. */
  private void pointer(Field field, byte[] b, int from, int to) {
    int p = to - from > 2 && b[from] == '0' && b[from + 1] == 'x' ? from + 2 : from;
    long n = 0;
    for (; p < to; p++) {
      int digit = hex(b[p]);
      if (digit < 0) {
        block.field(field, 0, symbols.intern(b, from, to));
        return;
      }
      n = n << 4 | digit;
    }
    block.field(field, n, Symbols.NONE);
  }

  void label(Field field, byte[] b, int from, int to) {
    int p = from;
    while (b[p] != ':') {
      p++;
    }
    block.field(field, 0, symbols.intern(b, from, p));
  }

  /** {@code prev_comm=... prev_pid=N prev_prio=N prev_state=S ==> }. */
  void switchFrom(byte[] b, int from, int to) {
    int end = b[to - 2] == '>' ? to - " ==> ".length() : to - 1;
    int state = lastBlank(b, from, end) + 1;
    int prio = lastBlank(b, from, state - 1) + 1;
    int pid = lastBlank(b, from, prio - 1) + 1;
    block.field(Field.PREV_COMM, 0, symbols.intern(b, from + "prev_comm=".length(), pid - 1));
    block.field(Field.PREV_PID, Columns.number(b, pid + "prev_pid=".length(), end), Symbols.NONE);
    value(Field.PREV_STATE, b, state + "prev_state=".length(), end);
  }

  /** {@code next_comm=... next_pid=N next_prio=N}. */
  void switchTo(byte[] b, int from, int to) {
    int end = to;
    while (b[end - 1] == ' ') {
      end--;
    }
    int prio = lastBlank(b, from, end) + 1;
    int pid = lastBlank(b, from, prio - 1) + 1;
    block.field(Field.NEXT_COMM, 0, symbols.intern(b, from + "next_comm=".length(), pid - 1));
    block.field(Field.NEXT_PID, Columns.number(b, pid + "next_pid=".length(), end), Symbols.NONE);
  }

  /** trace-cmd's {@code comm:pid [prio] S ==> comm:pid [prio]}. */
  void switchBrief(byte[] b, int from, int to) {
    int arrow = from;
    while (!isArrow(b, arrow, from)) {
      arrow++;
    }
    int state = lastBlank(b, from, arrow) + 1;
    int prio = lastBlank(b, from, state - 1);
    int colon = prio;
    while (b[colon] != ':') {
      colon--;
    }
    block.field(Field.PREV_COMM, 0, symbols.intern(b, from, colon));
    block.field(Field.PREV_PID, Columns.number(b, colon + 1, prio), Symbols.NONE);
    block.field(Field.PREV_STATE, 0, symbols.intern(b, state, arrow));
    int next = arrow + " ==> ".length();
    int end = to;
    while (b[end - 1] == ' ') {
      end--;
    }
    prio = lastBlank(b, next, end);
    colon = prio;
    while (b[colon] != ':') {
      colon--;
    }
    block.field(Field.NEXT_COMM, 0, symbols.intern(b, next, colon));
    block.field(Field.NEXT_PID, Columns.number(b, colon + 1, prio), Symbols.NONE);
  }

  /** Whether " ==> " at {@code p} follows "] S", which it does only once in a token that the grammar took. */
  private static boolean isArrow(byte[] b, int p, int from) {
    if (b[p] != ' ' || b[p + 1] != '=' || b[p + 2] != '=' || b[p + 3] != '>' || b[p + 4] != ' ') {
      return false;
    }
    int blank = lastBlank(b, from, p);
    return blank > from && b[blank - 1] == ']';
  }

  private static int lastBlank(byte[] b, int from, int to) {
    int p = to - 1;
    while (p > from && b[p] != ' ') {
      p--;
    }
    return p;
  }

  /** {@code fsid=ARRAY[9f, 2d, ...]} of trace-cmd report -R. */
  private void fsidArray(byte[] b, int key, int keyEnd, int to) {
    int open = keyEnd + 1 + "ARRAY".length();
    if (keyEnd - key != 4 || b[key] != 'f' || b[key + 1] != 's' || b[key + 2] != 'i' || open >= to || b[open] != '[') {
      return;
    }
    uuid.setLength(0);
    int nibbles = 0;
    for (int p = open + 1; p < to && b[p] != ']'; p++) {
      if (hex(b[p]) >= 0) {
        if (nibbles == 8 || nibbles == 12 || nibbles == 16 || nibbles == 20) {
          uuid.append('-');
        }
        nibbles++;
        uuid.append((char) b[p]);
      }
    }
    if (nibbles == 32) {
      byte[] text = uuid.toString().getBytes(StandardCharsets.US_ASCII);
      block.setFsid(symbols.intern(text, 0, text.length));
    }
  }

  private static long word(String text) {
    return (long) ByteTable.LONG.get(text.getBytes(StandardCharsets.US_ASCII), 0);
  }

  private static Field reservationField(String key) {
    return switch (key) {
      case "type" -> Field.RSV;
      case "val" -> Field.VAL;
      case "bytes" -> Field.BYTES;
      default -> Field.RESERVE;
    };
  }

  private static int hex(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
