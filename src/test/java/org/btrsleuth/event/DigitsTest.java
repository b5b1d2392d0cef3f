package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigitsTest {
  @Test
  void numbers_of_every_length_equal_those_of_the_library() {
    Digits digits = new Digits();
    Random random = new Random(3);
    String behind = "/: (),x\u00ff\n";
    for (int round = 0; round < 100_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(22); i > 0; i--) {
        text.append((char) ('0' + random.nextInt(10)));
      }
      String number = text.toString();
      text.append(behind.charAt(random.nextInt(behind.length()))).append("1234567890");
      byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      long expected = number.isEmpty() ? 0 : new BigInteger(number).longValue();
      assertThat(digits.read(bytes, 0)).as(text.toString()).isEqualTo(expected);
      assertThat(digits.end).as(text.toString()).isEqualTo(number.length());
    }
  }
}
