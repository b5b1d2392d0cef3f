package org.btrsleuth.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.ATNConfig;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.LexerATNSimulator;
import org.antlr.v4.runtime.atn.LexerAction;
import org.antlr.v4.runtime.atn.LexerActionExecutor;
import org.antlr.v4.runtime.atn.LexerModeAction;
import org.antlr.v4.runtime.atn.LexerTypeAction;
import org.antlr.v4.runtime.atn.PredictionContextCache;
import org.antlr.v4.runtime.atn.RuleStopState;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.dfa.DFA;
import org.antlr.v4.runtime.dfa.DFAState;
import org.btrsleuth.grammar.TraceLexer;

/**
 * The trace lexer's automaton as one flat table, a cache of what ANTLR's own simulator computes from the grammar: an
 * entry that is not there yet is asked of the simulator once and kept. All modes together close at some 2,900 states,
 * which takes seconds; a capture visits a few hundred, so the table is filled on demand.
 *
 * <p>One table serves all workers without locks on the fast path: an entry is one int that holds everything that is
 * known of the state it leads to, so a reader sees either 0 or the whole truth.
 */
final class LexerTables {
  /** Entry not yet computed. */
  static final int UNKNOWN = 0;
  /** No token goes on with this character. */
  static final int DEAD = -1;

  /** Bits of an entry: row of the state, already multiplied by the row's width. */
  static final int ROW_MASK = (1 << 19) - 1;
  /** Type of the token that ends here, 0 for none; 6 bits. */
  static final int TYPE_SHIFT = 19;
  static final int TYPE_MASK = 63;
  /** Lexer mode after that token, plus 1, 0 for no change; 4 bits. */
  static final int MODE_SHIFT = 25;
  static final int MODE_MASK = 15;
  /** Nothing goes on from here. */
  static final int TERMINAL = 1 << 29;
  /** Every character but line feed and carriage return leads back here. */
  static final int RUN = 1 << 30;

  private static final int ROW_BITS = 7;
  private static final int MAX_STATES = 1 << 19 - ROW_BITS;

  /** Shared by all readers of the process: what one capture taught, the next need not compute. */
  static final LexerTables SHARED = new LexerTables();

  private final ATN atn = TraceLexer._ATN;
  private final Simulator simulator = new Simulator(atn);
  private final Map<DFAState, Integer> entries = new IdentityHashMap<>();
  private final List<DFAState> states = new ArrayList<>();

  /** Row to entries; index is the row plus the character's class. */
  final int[] next = new int[MAX_STATES << ROW_BITS];
  /** Class of each byte: characters that no rule of the grammar tells apart share one. */
  final byte[] classes = new byte[256];
  /** Row of the start state of each mode. */
  final int[] starts;

  private final char[] representatives;

  LexerTables() {
    representatives = classify();
    states.add(null);
    starts = new int[atn.modeToStartState.size()];
    for (int mode = 0; mode < starts.length; mode++) {
      starts[mode] = entry(simulator.start(mode), mode) & ROW_MASK;
    }
  }

  /** Computes and keeps the entry for byte {@code b} in the state of {@code row}. */
  synchronized int resolve(int row, int b, int mode) {
    int at = row + classes[b & 0xff];
    if (next[at] == UNKNOWN) {
      DFAState target = simulator.target(states.get(row >>> ROW_BITS), representatives[at - row], mode);
      next[at] = target == null ? DEAD : entry(target, mode);
    }
    return next[at];
  }

  /** Number of states known so far. */
  synchronized int size() {
    return states.size() - 1;
  }

  /** Number of character classes. */
  int classCount() {
    return representatives.length;
  }

  /** Computes every entry of every mode; the number of states. */
  synchronized int closeAll() {
    int done = 1;
    int[] modeOf = new int[MAX_STATES];
    for (int mode = 0; mode < starts.length; mode++) {
      modeOf[starts[mode] >>> ROW_BITS] = mode;
    }
    for (; done < states.size(); done++) {
      for (int c = 0; c < representatives.length; c++) {
        int entry = resolve(done << ROW_BITS, representatives[c], modeOf[done]);
        if (entry != DEAD) {
          modeOf[(entry & ROW_MASK) >>> ROW_BITS] = modeOf[done];
        }
      }
    }
    return size();
  }

  private int entry(DFAState state, int mode) {
    Integer known = entries.get(state);
    if (known != null) {
      return known;
    }
    if (states.size() == MAX_STATES) {
      throw new IllegalStateException("the trace lexer has more than " + MAX_STATES + " states");
    }
    int entry = states.size() << ROW_BITS;
    states.add(state);
    if (state.isAcceptState) {
      entry |= accept(state) | (isTerminal(state) ? TERMINAL : 0);
    }
    entries.put(state, entry);
    if (isRun(state, mode)) {
      entry |= RUN;
      entries.put(state, entry);
    }
    return entry;
  }

  private int accept(DFAState state) {
    int type = state.prediction;
    int newMode = -1;
    LexerActionExecutor executor = state.lexerActionExecutor;
    if (executor != null) {
      for (LexerAction action : executor.getLexerActions()) {
        if (action instanceof LexerModeAction m) {
          newMode = m.getMode();
        } else if (action instanceof LexerTypeAction t) {
          type = t.getType();
        } else {
          throw new IllegalStateException("the tables know no lexer action " + action.getActionType());
        }
      }
    }
    if (type > TYPE_MASK || newMode + 1 > MODE_MASK) {
      throw new IllegalStateException("too many token types or modes for the tables");
    }
    return type << TYPE_SHIFT | newMode + 1 << MODE_SHIFT;
  }

  private static boolean isTerminal(DFAState state) {
    for (ATNConfig config : state.configs) {
      if (!(config.state instanceof RuleStopState)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the state is left by line feed and carriage return only. Looks at letters first, which settles most. */
  private boolean isRun(DFAState state, int mode) {
    if (simulator.target(state, 'q', mode) != state) {
      return false;
    }
    for (char c : representatives) {
      if (c != '\n' && c != '\r' && simulator.target(state, c, mode) != state) {
        return false;
      }
    }
    return simulator.target(state, '\n', mode) != state && simulator.target(state, '\r', mode) != state;
  }

  /** Puts characters that no transition tells apart into one class; bytes above 0x7F are 0x7F, as in the stream. */
  private char[] classify() {
    List<Transition> tests = new ArrayList<>();
    for (ATNState state : atn.states) {
      for (int i = 0; state != null && i < state.getNumberOfTransitions(); i++) {
        if (!state.transition(i).isEpsilon()) {
          tests.add(state.transition(i));
        }
      }
    }
    Map<String, Integer> signatures = new HashMap<>();
    StringBuilder found = new StringBuilder();
    for (char c = 0; c < 128; c++) {
      StringBuilder signature = new StringBuilder();
      for (Transition test : tests) {
        signature.append(test.matches(c, Character.MIN_VALUE, Character.MAX_VALUE) ? '1' : '0');
      }
      int id = signatures.computeIfAbsent(signature.toString(), s -> signatures.size());
      if (id == found.length()) {
        found.append(c);
      }
      classes[c] = (byte) id;
    }
    for (int b = 128; b < 256; b++) {
      classes[b] = classes[127];
    }
    if (found.length() > 1 << ROW_BITS) {
      throw new IllegalStateException("the trace lexer tells " + found.length() + " classes of characters apart");
    }
    return found.toString().toCharArray();
  }

  /** ANTLR's simulator, asked for single steps. */
  private static final class Simulator extends LexerATNSimulator {
    Simulator(ATN atn) {
      super(null, atn, dfas(atn), new PredictionContextCache());
    }

    private static DFA[] dfas(ATN atn) {
      DFA[] dfas = new DFA[atn.getNumberOfDecisions()];
      for (int i = 0; i < dfas.length; i++) {
        dfas[i] = new DFA(atn.getDecisionState(i), i);
      }
      return dfas;
    }

    DFAState start(int mode) {
      this.mode = mode;
      ATNConfigSet configs = computeStartState(null, atn.modeToStartState.get(mode));
      if (configs.hasSemanticContext) {
        throw new IllegalStateException("a lexer with predicates cannot be turned into tables");
      }
      return addDFAState(configs);
    }

    /** Null where no token goes on. */
    DFAState target(DFAState from, char c, int mode) {
      this.mode = mode;
      DFAState to = getExistingTargetState(from, c);
      if (to == null) {
        to = computeTargetState(null, from, c);
      }
      return to == ERROR ? null : to;
    }
  }
}
