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
 * The trace lexer's automaton, computed step by step by ANTLR's own simulator from the grammar. All modes together
 * close at some 2,900 states, which takes seconds; a capture visits a few hundred, so steps are computed when they are
 * first asked for, once for all workers.
 */
final class LexerAutomaton {
  /** No token goes on with this character. */
  static final int DEAD = -1;
  static final int MAX_STATES = 1 << 12;

  /** Shared by all readers of the process: what one capture taught, the next need not compute. */
  static final LexerAutomaton SHARED = new LexerAutomaton();

  private final ATN atn = TraceLexer._ATN;
  private final Simulator simulator = new Simulator(atn);
  private final Map<DFAState, Integer> numbers = new IdentityHashMap<>();
  private final List<State> states = new ArrayList<>();
  /** Class of each byte: characters that no rule of the grammar tells apart share one. */
  private final byte[] classes = new byte[256];
  private final char[] representatives;
  private final int[] starts;

  /**
   * A state.
   *
   * @param mode mode to which it belongs
   * @param type type of the token that ends here, 0 for none
   * @param newMode lexer mode after that token, -1 for no change
   * @param terminal whether nothing goes on from here
   * @param run characters that lead back here and may be skipped
   * @param next target by class of character, null for not yet computed
   */
  record State(DFAState dfa, int mode, int type, int newMode, boolean terminal, Run run, Integer[] next) {}

  LexerAutomaton() {
    representatives = classify();
    starts = new int[atn.modeToStartState.size()];
    for (int mode = 0; mode < starts.length; mode++) {
      starts[mode] = number(simulator.start(mode), mode);
    }
  }

  /** Number of the state that {@code state} leads to by characters of class {@code c}, or {@link #DEAD}. */
  synchronized int next(int state, int c) {
    State from = states.get(state);
    if (from.next[c] == null) {
      DFAState target = simulator.target(from.dfa, representatives[c], from.mode);
      from.next[c] = target == null ? DEAD : number(target, from.mode);
    }
    return from.next[c];
  }

  synchronized State state(int number) {
    return states.get(number);
  }

  /** Class of byte {@code b & 0xff}; a copy. */
  byte[] classes() {
    return classes.clone();
  }

  int classCount() {
    return representatives.length;
  }

  /** Start state of each mode; a copy. */
  int[] starts() {
    return starts.clone();
  }

  /** Number of states known so far. */
  synchronized int size() {
    return states.size();
  }

  /** Computes every step of every mode; the number of states. */
  synchronized int closeAll() {
    for (int state = 0; state < states.size(); state++) {
      for (int c = 0; c < representatives.length; c++) {
        next(state, c);
      }
    }
    return size();
  }

  private int number(DFAState dfa, int mode) {
    Integer known = numbers.get(dfa);
    if (known != null) {
      return known;
    }
    if (states.size() == MAX_STATES) {
      throw new IllegalStateException("the trace lexer has more than " + MAX_STATES + " states");
    }
    int type = 0;
    int newMode = -1;
    if (dfa.isAcceptState) {
      type = dfa.prediction;
      LexerActionExecutor executor = dfa.lexerActionExecutor;
      LexerAction[] actions = executor == null ? new LexerAction[0] : executor.getLexerActions();
      for (LexerAction action : actions) {
        if (action instanceof LexerModeAction m) {
          newMode = m.getMode();
        } else if (action instanceof LexerTypeAction t) {
          type = t.getType();
        } else {
          throw new IllegalStateException("the tables know no lexer action " + action.getActionType());
        }
      }
    }
    int number = states.size();
    Integer[] next = new Integer[representatives.length];
    Run run = Run.of(c -> simulator.target(dfa, representatives[classes[c]], mode) == dfa);
    numbers.put(dfa, number);
    states.add(new State(dfa, mode, type, newMode, isTerminal(dfa), run, next));
    return number;
  }

  private static boolean isTerminal(DFAState state) {
    for (ATNConfig config : state.configs) {
      if (!(config.state instanceof RuleStopState)) {
        return false;
      }
    }
    return true;
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
    if (found.length() > 128) {
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
