package org.btrsleuth.event;

import java.util.Arrays;

/** Gathers the frames that follow an event and hands the finished stack to the stack table. For one worker. */
final class StackCollector {
  /** The kernel records at most 127 (perf: sysctl kernel.perf_event_max_stack) or a page full of frames. */
  private static final int MAX_DEPTH = 1024;

  private enum Kind {
    NONE,
    KERNEL,
    USER,
    PERF
  }

  private final SymbolCache symbols;
  private final StackTable table;
  private byte[] bytes;
  private EventBlock events;
  private Kind kind = Kind.NONE;
  private int[] frames = new int[64];
  private int count;

  /** Stacks met lately, by content, so that most need no lock and no object. */
  private final int[] cachedIds = new int[1 << 12];
  private final int[][] cachedFrames = new int[1 << 12][];

  StackCollector(SymbolCache symbols, StackTable table) {
    this.symbols = symbols;
    this.table = table;
  }

  void reset(byte[] bytes, EventBlock events) {
    this.bytes = bytes;
    this.events = events;
    kind = Kind.NONE;
    count = 0;
  }

  boolean isOpen() {
    return kind != Kind.NONE;
  }

  /** The event begun last is a stack; its frames follow. */
  void openKernel() {
    kind = Kind.KERNEL;
    count = 0;
  }

  void openUser() {
    kind = Kind.USER;
  }

  /** A call chain follows the event begun last. */
  void openPerf() {
    kind = Kind.PERF;
    count = 0;
  }

  /** {@code  => function+0x1/0x2 <address>}; false if no stack is open. */
  boolean frame(int from, int to, BlockCounts counts) {
    if (kind != Kind.KERNEL && kind != Kind.USER) {
      return false;
    }
    counts.stackLines++;
    int p = from;
    while (bytes[p] != '>') {
      p++;
    }
    p++;
    while (bytes[p] == ' ') {
      p++;
    }
    if (kind == Kind.USER) {
      counts.userFrames++;
    } else {
      add(p, functionEnd(p, to));
    }
    return true;
  }

  /** {@code address function+0x1 (module)}: kernel addresses are the upper half; false if no chain is open. */
  boolean perfFrame(int from, int to, BlockCounts counts, int name, int line) {
    if (kind != Kind.PERF) {
      return false;
    }
    counts.stackLines++;
    int p = from;
    while (bytes[p] == '\t' || bytes[p] == ' ') {
      p++;
    }
    int address = p;
    while (bytes[p] > ' ') {
      p++;
    }
    if (p - address < 16 || bytes[address] < '8') {
      counts.userFrames++;
      return true;
    }
    if (count == 0) {
      events.beginLike(EventType.KERNEL_STACK, name, line, from, to - 1);
    }
    int symbol = p;
    while (bytes[symbol] == ' ') {
      symbol++;
    }
    boolean named = bytes[symbol] > ' ' && bytes[symbol] != '(' && bytes[symbol] != '[';
    if (named) {
      add(symbol, functionEnd(symbol, to));
    } else {
      add(address, p);
    }
    return true;
  }

  private int functionEnd(int from, int to) {
    int p = from;
    while (p < to && bytes[p] > ' ' && bytes[p] != '+') {
      p++;
    }
    return p;
  }

  private void add(int from, int to) {
    if (count == MAX_DEPTH) {
      return;
    }
    if (count == frames.length) {
      frames = Arrays.copyOf(frames, count * 2);
    }
    frames[count++] = symbols.intern(bytes, from, to);
  }

  /** Ends a call chain of perf; false if none was open. */
  boolean closePerf() {
    boolean open = kind == Kind.PERF;
    close();
    return open;
  }

  /** Ends the open stack, if any: gives its event the stack's id. */
  void close() {
    if ((kind == Kind.KERNEL || kind == Kind.PERF) && count > 0) {
      events.field(Field.STACK, id(), Symbols.NONE);
    }
    kind = Kind.NONE;
    count = 0;
  }

  private int id() {
    int hash = 1;
    for (int i = 0; i < count; i++) {
      hash = 31 * hash + frames[i];
    }
    int slot = (hash ^ hash >>> 12) & cachedFrames.length - 1;
    int[] cached = cachedFrames[slot];
    if (cached == null || !Arrays.equals(cached, 0, cached.length, frames, 0, count)) {
      cachedIds[slot] = table.intern(frames, count);
      cachedFrames[slot] = Arrays.copyOf(frames, count);
    }
    return cachedIds[slot];
  }
}
