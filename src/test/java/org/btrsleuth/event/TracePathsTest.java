package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.btrsleuth.event.Corpus.Text;
import org.junit.jupiter.api.Test;

/** Events and left-over lines do not depend on lexer, number of workers or block size. */
class TracePathsTest {
  private static final int[] WORKERS = {1, 2, 7};
  private static final int[] BLOCKS = {65_537, 4_099, 1 << 20};

  @Test
  void every_capture_reads_the_same_on_both_paths() {
    List<Text> texts = Corpus.captures(96 << 10);
    for (int i = 0; i < texts.size(); i++) {
      Text text = texts.get(i);
      Read expected = Read.bytes(text.bytes(), Read.options(1, 1 << 24, true));
      for (int k = 0; k < WORKERS.length; k++) {
        // every worker count meets every block size on some capture
        int block = BLOCKS[(i + k) % BLOCKS.length];
        compare(text.name(), expected, Read.bytes(text.bytes(), Read.options(WORKERS[k], block, false)));
      }
    }
  }

  @Test
  void blocks_smaller_than_a_line_and_mutated_text_read_the_same_on_both_paths() {
    List<Text> texts = Corpus.captures(16 << 10);
    long seed = 5;
    for (int round = 0; round < 300; round++) {
      Random random = new Random(seed + round);
      byte[] bytes = Corpus.mutate(texts.get(random.nextInt(texts.size())).bytes(), random);
      Read expected = Read.bytes(bytes, Read.options(1, 1 << 24, true));
      int workers = WORKERS[round % 3];
      int block = 400 + random.nextInt(3000);
      String name = "seed " + (seed + round) + ", " + workers + " workers, blocks of " + block;
      compare(name, expected, Read.bytes(bytes, Read.options(workers, block, false)));
      compare(name + ", stock", expected, Read.bytes(bytes, Read.options(workers, block, true)));
    }
  }

  private static void compare(String name, Read expected, Read actual) {
    assertThat(actual.events).as(name).isEqualTo(expected.events);
    assertThat(actual.others).as(name).isEqualTo(expected.others);
    assertThat(actual.stats).as(name).isEqualTo(expected.stats);
  }
}
