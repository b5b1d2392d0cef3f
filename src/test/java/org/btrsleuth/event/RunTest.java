package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A skip never passes a character that the state does not loop on. */
class RunTest {
  private static boolean loops(Run run, int c) {
    return switch (run) {
      case LINE -> c != '\n' && c != '\r';
      case VALUE -> c > ' ' && c < 0x80 && c != ',';
      case WORD -> c >= 'a' && c <= 'z' || c == '_';
      case DIGITS -> c >= '0' && c <= '9';
      case NONE -> false;
    };
  }

  @Test
  void skips_end_at_the_first_character_that_is_none_of_the_run() {
    long seed = 7;
    Random random = new Random(seed);
    byte[] near = "^_`a`_z{{/09:?,!- \n\r\0\u007f".getBytes(StandardCharsets.US_ASCII);
    for (int round = 0; round < 200_000; round++) {
      Run run = Run.values()[1 + round % 4];
      byte[] b = new byte[40];
      for (int i = 0; i < 32; i++) {
        // mostly characters of the run, so that skips get somewhere
        int c = random.nextInt(3) == 0 ? near[random.nextInt(near.length)] : random.nextInt(run == Run.DIGITS ? 0x3a : 256);
        b[i] = (byte) (random.nextInt(8) > 0 && !loops(run, c & 0xff) ? run == Run.DIGITS ? '7' : '_' : c);
      }
      b[32] = '\n';
      int expected = 0;
      while (loops(run, b[expected] & 0xff)) {
        expected++;
      }
      assertThat(Run.skip(run.ordinal(), b, 0)).as("seed %d, round %d, %s", seed, round, run).isEqualTo(expected);
    }
  }

  @Test
  void a_state_gets_the_widest_run_that_it_loops_on() {
    assertThat(Run.of(c -> c != '\n' && c != '\r')).isEqualTo(Run.LINE);
    assertThat(Run.of(c -> c > ' ' && c != ',')).isEqualTo(Run.VALUE);
    assertThat(Run.of(c -> Character.isLetterOrDigit(c) || c == '_')).isEqualTo(Run.WORD);
    assertThat(Run.of(Character::isDigit)).isEqualTo(Run.DIGITS);
    assertThat(Run.of(c -> c == ' ')).isEqualTo(Run.NONE);
  }
}
