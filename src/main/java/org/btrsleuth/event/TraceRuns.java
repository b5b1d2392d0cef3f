package org.btrsleuth.event;

import java.util.Arrays;

/** Runs of trace lines (events, their stacks, the trace's comments) of a block, in file order. */
public final class TraceRuns {
  private long base;
  private int size;
  private int[] firsts = new int[16];
  private int[] lasts = new int[16];
  private int[] events = new int[16];

  public int size() {
    return size;
  }

  /** 1-based, inclusive. */
  public long firstLine(int i) {
    return base + firsts[i];
  }

  /** 1-based, inclusive. */
  public long lastLine(int i) {
    return base + lasts[i];
  }

  /** Events in the run, marks of loss not counted. */
  public int events(int i) {
    return events[i];
  }

  void clear() {
    size = 0;
    base = 0;
  }

  void setFirstLine(long base) {
    this.base = base;
  }

  void add(int first, int last, int eventsInIt) {
    if (size == firsts.length) {
      firsts = Arrays.copyOf(firsts, size * 2);
      lasts = Arrays.copyOf(lasts, size * 2);
      events = Arrays.copyOf(events, size * 2);
    }
    firsts[size] = first;
    lasts[size] = last;
    events[size] = eventsInIt;
    size++;
  }
}
