package org.btrsleuth.event;

import java.util.Arrays;

/**
 * One worker's copy of {@link LexerAutomaton} as a flat table, filled as the automaton is walked. Private, so that the
 * inner loop is nothing but two loads, an add and a branch a byte: what is known of a state (whether a token ends in
 * it, which) is looked up only when no byte leads on. Nearly all tokens end in the last state that the walk reached;
 * the others cost a second walk.
 */
final class LexerTables {
  static final int ROW_BITS = 7;

  /** Step not yet known. */
  static final int UNKNOWN = -1;
  /** No token goes on. */
  static final int DEAD = -2;
  /** Subtracted from this: row of a state with a run, and the run's kind above {@link #RUN_SHIFT}. */
  static final int RUN = -3;
  static final int RUN_SHIFT = 20;

  private final LexerAutomaton automaton;

  /** Row (state times 128) plus class of the byte to the next row, or one of the above. */
  int[] next;
  final byte[] classes;
  /** Row of the start state of each mode. */
  final int[] starts;
  /** By state: type of the token that ends there, 0 for none. */
  int[] types;
  /** By state: mode after that token, -1 for no change. */
  int[] modes;
  boolean[] terminal;

  LexerTables(LexerAutomaton automaton) {
    this.automaton = automaton;
    classes = automaton.classes();
    starts = automaton.starts();
    int capacity = 256;
    next = new int[capacity << ROW_BITS];
    Arrays.fill(next, UNKNOWN);
    types = new int[capacity];
    modes = new int[capacity];
    terminal = new boolean[capacity];
    for (int mode = 0; mode < starts.length; mode++) {
      describe(starts[mode]);
      starts[mode] <<= ROW_BITS;
    }
  }

  /** Learns the step from the state of {@code row} by byte {@code b}. */
  void resolve(int row, byte b) {
    int c = classes[b & 0xff];
    int target = automaton.next(row >>> ROW_BITS, c);
    if (target == LexerAutomaton.DEAD) {
      next[row + c] = DEAD;
      return;
    }
    Run run = describe(target);
    int to = target << ROW_BITS;
    next[row + c] = run == Run.NONE ? to : RUN - (to | run.ordinal() << RUN_SHIFT);
  }

  private Run describe(int state) {
    if (state >= types.length) {
      grow(Math.max(state + 1, types.length * 2));
    }
    LexerAutomaton.State known = automaton.state(state);
    types[state] = known.type();
    modes[state] = known.newMode();
    terminal[state] = known.terminal();
    return known.run();
  }

  private void grow(int capacity) {
    int before = next.length;
    next = Arrays.copyOf(next, capacity << ROW_BITS);
    Arrays.fill(next, before, next.length, UNKNOWN);
    types = Arrays.copyOf(types, capacity);
    modes = Arrays.copyOf(modes, capacity);
    terminal = Arrays.copyOf(terminal, capacity);
  }
}
