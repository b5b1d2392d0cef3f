package org.btrsleuth.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockCutterTest {
  private static List<String> cut(BlockCutter cutter) {
    List<String> blocks = new ArrayList<>();
    Block block = new Block(0);
    while (cutter.next(block)) {
      assertThat(block.bytes()).hasSizeGreaterThanOrEqualTo(block.length() + Block.SLACK);
      blocks.add(new String(block.bytes(), 0, block.length(), StandardCharsets.ISO_8859_1));
    }
    return blocks;
  }

  private static BlockCutter cutter(String text, int blockSize, int maxLine) {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    return new BlockCutter(in, blockSize, maxLine, (b, from, to) -> b[from] == ' ');
  }

  @Test
  void blocks_are_whole_lines_and_nothing_is_lost() {
    for (long seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(random.nextInt(4) == 0 ? " " : "").append("x".repeat(random.nextInt(30))).append('\n');
      }
      int size = 1 + random.nextInt(200);
      BlockCutter cutter = cutter(text.toString(), size, 1 << 20);
      List<String> blocks = cut(cutter);
      assertThat(String.join("", blocks)).as("seed " + seed).isEqualTo(text.toString());
      assertThat(blocks).as("seed " + seed).allMatch(b -> b.endsWith("\n"));
      assertThat(cutter.cutLines()).isZero();
      assertThat(cutter.textBytes()).isEqualTo(text.length());
    }
  }

  @Test
  void lines_that_belong_together_stay_together_where_a_block_can_hold_them() {
    assertThat(cut(cutter("aaaa\n b\n c\ndddd\n e\n f\n", 14, 100)))
        .containsExactly("aaaa\n b\n c\n", "dddd\n e\n f\n");
  }

  @Test
  void a_line_longer_than_a_block_is_kept_up_to_the_bound_and_then_cut() {
    String longLine = "y".repeat(300) + "\n";
    BlockCutter kept = cutter("a\n" + longLine + "b\n", 16, 1000);
    assertThat(String.join("", cut(kept))).isEqualTo("a\n" + longLine + "b\n");
    assertThat(kept.cutLines()).isZero();
    BlockCutter cutShort = cutter("a\n" + longLine + "b\n", 16, 100);
    String all = String.join("", cut(cutShort));
    assertThat(cutShort.cutLines()).isBetween(2L, 3L);
    assertThat(all.replace("\n", "")).isEqualTo("a" + "y".repeat(300) + "b");
  }

  @Test
  void a_missing_line_end_is_added() {
    assertThat(cut(cutter("a\nb", 100, 100))).containsExactly("a\nb\n");
    assertThat(cut(cutter("", 100, 100))).isEmpty();
  }

  @Test
  void what_came_before_a_failure_is_given_out() {
    InputStream broken = new InputStream() {
      private int left = 5;

      @Override
      public int read() throws IOException {
        if (left-- <= 0) {
          throw new IOException("torn");
        }
        return left == 3 ? '\n' : 'z';
      }
    };
    BlockCutter cutter = new BlockCutter(broken, 4, 100, (b, f, t) -> false);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Block block = new Block(0);
    while (cutter.next(block)) {
      all.write(block.bytes(), 0, block.length());
    }
    assertThat(all.toString(StandardCharsets.US_ASCII)).isEqualTo("z\nzzz\n");
    assertThat(cutter.failure()).hasMessage("torn");
  }
}
