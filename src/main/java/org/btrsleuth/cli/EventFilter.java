package org.btrsleuth.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Symbols;

/**
 * Hands on only the events within bounds. What an event does not print cannot leave it out: old kernels print no file
 * system id with most events. Marks of lost events always pass.
 */
final class EventFilter implements EventSink {
  static final Bounds NONE = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE, null, -1);

  /**
   * @param fromNanos first time to take; {@link Long#MIN_VALUE} for no bound
   * @param toNanos last time to take; {@link Long#MAX_VALUE} for no bound
   * @param fsid beginning of the file system's uuid; null for all
   * @param pid the task; -1 for all
   */
  record Bounds(long fromNanos, long toNanos, String fsid, int pid) {
    /** Whether all events pass. */
    boolean none() {
      return fromNanos == Long.MIN_VALUE && toNanos == Long.MAX_VALUE && fsid == null && pid == -1;
    }
  }

  private final Symbols symbols;
  private final Bounds bounds;
  private final List<EventSink> sinks;
  private final EventBlock selected;
  private final Map<Integer, Boolean> wanted = new HashMap<>();

  EventFilter(Symbols symbols, Bounds bounds, List<EventSink> sinks) {
    this.symbols = symbols;
    this.bounds = bounds;
    this.sinks = sinks;
    this.selected = new EventBlock(symbols);
  }

  @Override
  public void accept(EventBlock block) {
    selected.select(block, i -> keep(block, i));
    for (EventSink sink : sinks) {
      sink.accept(selected);
    }
  }

  private boolean keep(EventBlock block, int i) {
    if (block.type(i) == EventType.LOST) {
      return true;
    }
    long time = block.time(i);
    if (time != EventBlock.NO_TIME && (time < bounds.fromNanos() || time > bounds.toNanos())) {
      return false;
    }
    if (bounds.pid() >= 0 && block.pid(i) >= 0 && block.pid(i) != bounds.pid()) {
      return false;
    }
    int fsid = block.fsid(i);
    return bounds.fsid() == null || fsid == Symbols.NONE || wanted.computeIfAbsent(fsid, this::wanted);
  }

  private boolean wanted(int fsid) {
    return symbols.text(fsid).toLowerCase(Locale.ROOT).startsWith(bounds.fsid().toLowerCase(Locale.ROOT));
  }
}
