package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATN;
import org.antlr.v4.runtime.atn.DecisionState;
import org.antlr.v4.runtime.atn.LL1Analyzer;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.btrsleuth.event.Corpus.Text;
import org.btrsleuth.grammar.TraceLexer;
import org.btrsleuth.grammar.TraceParser;
import org.btrsleuth.source.Block;
import org.junit.jupiter.api.Test;

/** The tables yield what ANTLR's own lexer yields, and the grammar keeps what the fast path rests on. */
class TraceLexerTest {
  private static final int LIMIT = 192 << 10;

  private final TraceLexer stock = new TraceLexer(new ByteCharStream());
  private final BlockTokens tokens = new BlockTokens(LexerAutomaton.SHARED, new TokenMemo());

  @Test
  void tables_and_simulator_yield_the_same_tokens_on_every_capture() {
    long compared = 0;
    for (Text text : Corpus.captures(LIMIT)) {
      compared += compare(text.name(), text.bytes());
    }
    assertThat(compared).isPositive();
  }

  @Test
  void tables_and_simulator_yield_the_same_tokens_on_mutated_captures() {
    List<Text> texts = Corpus.captures(16 << 10);
    long seed = 20261120;
    for (int round = 0; round < 1500; round++) {
      Random random = new Random(seed + round);
      Text text = texts.get(random.nextInt(texts.size()));
      compare(text + " mutated with seed " + (seed + round), Corpus.mutate(text.bytes(), random));
    }
  }

  private long compare(String name, byte[] bytes) {
    ByteCharStream characters = new ByteCharStream();
    characters.reset(bytes, 0, bytes.length);
    stock.removeErrorListeners();
    stock.setInputStream(characters);
    tokens.reset(java.util.Arrays.copyOf(bytes, bytes.length + Block.SLACK), 0, bytes.length);
    long n = 0;
    while (true) {
      Token expected = stock.nextToken();
      Token actual = tokens.LT(1);
      if (expected.getType() != actual.getType()
          || expected.getType() != Token.EOF
              && (expected.getStartIndex() != actual.getStartIndex() || expected.getStopIndex() != actual.getStopIndex())) {
        fail("%s: token %d at byte %d is %s to %d, tables say %s at %d to %d", name, n, expected.getStartIndex(),
            TraceLexer.VOCABULARY.getDisplayName(expected.getType()), expected.getStopIndex(),
            TraceLexer.VOCABULARY.getDisplayName(actual.getType()), actual.getStartIndex(), actual.getStopIndex());
      }
      if (expected.getType() == Token.EOF) {
        return n;
      }
      tokens.consume();
      n++;
    }
  }

  @Test
  void no_decision_of_the_parser_needs_more_than_one_token() {
    ATN atn = TraceParser._ATN;
    LL1Analyzer analyzer = new LL1Analyzer(atn);
    assertThat(atn.decisionToState).isNotEmpty();
    for (DecisionState decision : atn.decisionToState) {
      IntervalSet[] alternatives = analyzer.getDecisionLookahead(decision);
      IntervalSet seen = new IntervalSet();
      for (IntervalSet alternative : alternatives) {
        assertThat(alternative).as("decision %d", decision.decision).isNotNull();
        assertThat(seen.and(alternative).isNil()).as("decision %d is not LL(1)", decision.decision).isTrue();
        seen.addAll(alternative);
      }
    }
  }

  @Test
  void automaton_closes_within_the_tables() {
    assertThat(new LexerAutomaton().closeAll()).isBetween(100, 4000);
  }

  /** EventType says what is decoded, the grammar which texts are cut into fields: neither may lack what the other has. */
  @Test
  void grammar_cuts_the_text_of_every_event_that_is_decoded() {
    for (String name : EventType.decodedNames()) {
      Read read = Read.text("   dd-900 [002] .... 99.1: " + name + ": bytes=7");
      assertThat(read.events).hasSize(1);
      if (!name.equals("sched_switch")) {
        assertThat(read.events.get(0)).endsWith(" BYTES=7");
      }
    }
  }
}
