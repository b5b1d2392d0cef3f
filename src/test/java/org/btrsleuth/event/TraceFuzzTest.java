package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.btrsleuth.event.Corpus.Text;
import org.junit.jupiter.api.Test;

/** No bytes make the reader fail, and no line is lost, whatever the bytes are. */
class TraceFuzzTest {
  @Test
  void mutated_captures() {
    List<Text> texts = Corpus.captures(16 << 10);
    for (long seed = 100; seed < 1600; seed++) {
      Random random = new Random(seed);
      check("seed " + seed, Corpus.mutate(texts.get(random.nextInt(texts.size())).bytes(), random));
    }
  }

  @Test
  void truncated_captures() {
    byte[] text = ShapesOfLines.TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (int cut = 1; cut < text.length; cut++) {
      check("cut at " + cut, java.util.Arrays.copyOf(text, cut));
    }
  }

  @Test
  void random_bytes() {
    String spice = "btrfs_space_reservation: =-[]()\n\n\n 0123:.#>";
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(600)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt(0x60) + 0x20 : spice.charAt(random.nextInt(spice.length())));
      }
      check("seed " + seed, bytes);
    }
  }

  private static void check(String name, byte[] bytes) {
    Read read = Read.bytes(bytes, Read.options(1, 1 << 20, false));
    InputStats stats = read.stats;
    if (stats.binary()) {
      return;
    }
    long feeds = 0;
    for (byte b : bytes) {
      feeds += b == '\n' ? 1 : 0;
    }
    long lines = feeds + (bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0);
    assertThat(stats.problems()).as(name).filteredOn(p -> !p.startsWith("is empty")).isEmpty();
    assertThat(stats.lines()).as(name).isEqualTo(lines);
    assertThat(stats.eventLines() + stats.stackLines() + stats.headerLines() + stats.otherLines())
        .as(name).isEqualTo(lines);
    assertThat(read.others).as(name).hasSize((int) stats.otherLines());
  }
}
