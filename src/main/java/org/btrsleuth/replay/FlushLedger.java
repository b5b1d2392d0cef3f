package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;

/**
 * Flush steps (btrfs_flush_space, 4.9 on), printed at the end of each by the task that ran it. A step is credited with
 * what the whole file system gave back to the space_info while it ran: the work is done by others (ordered
 * completions, the transaction thread), so the flusher's own lines would miss most of it.
 */
final class FlushLedger {
  private static final int MAX_STATES = 64;

  private static final class State {
    int symbol;
    long number;
    String name;
    long count;
    long failed;
    long asked;
    long askedForAll;
    long reclaimed;
  }

  private final List<State> states = new ArrayList<>();

  /** Takes a step; returns the name of its state. */
  String step(EventBlock block, int i, long freed) {
    State state = state(block, i);
    state.count++;
    if (block.number(i, Field.RET) != 0) {
      state.failed++;
    }
    long asked = block.number(i, Field.BYTES);
    if (asked < 0) {
      state.askedForAll++;
    } else {
      state.asked = state.asked > Long.MAX_VALUE - asked ? Long.MAX_VALUE : state.asked + asked;
    }
    state.reclaimed += freed;
    return state.name;
  }

  private State state(EventBlock block, int i) {
    int symbol = block.symbol(i, Field.STATE);
    long number = block.number(i, Field.STATE, -1);
    for (int k = 0; k < states.size(); k++) {
      State state = states.get(k);
      if (state.symbol == symbol && state.number == number) {
        return state;
      }
    }
    if (states.size() == MAX_STATES) {
      return states.get(MAX_STATES - 1);
    }
    State state = new State();
    state.symbol = symbol;
    state.number = number;
    state.name = symbol == Symbols.NONE ? "state " + number : name(block.symbols().text(symbol));
    states.add(state);
    return state;
  }

  /** Kernels 5.0 to 5.17 print one of the names with a letter missing. */
  private static String name(String printed) {
    return printed.startsWith("FLUSH_ELAYED") ? "FLUSH_D" + printed.substring("FLUSH_".length()) : printed;
  }

  boolean isEmpty() {
    return states.isEmpty();
  }

  List<ReplayReport.Flush> finish() {
    List<ReplayReport.Flush> flushes = new ArrayList<>();
    states.stream()
        .sorted((a, b) -> Long.compare(a.number, b.number))
        .forEach(s -> flushes.add(new ReplayReport.Flush(s.name, s.count, s.failed, s.asked, s.askedForAll, s.reclaimed)));
    return flushes;
  }
}
