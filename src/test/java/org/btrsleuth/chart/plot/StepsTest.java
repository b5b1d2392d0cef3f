package org.btrsleuth.chart.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StepsTest {
  @Test
  void a_short_series_keeps_every_step() {
    Steps steps = Steps.of(new long[] {0, 1_000_000_000}, new long[] {10, 20}, 0, 2_000_000_000, 10);
    assertThat(steps.seconds()).containsExactly(0, 1, 1, 2);
    assertThat(steps.values()).containsExactly(1, 1, 2, 2);
  }

  @Test
  void thinning_keeps_the_extremes_and_is_bounded() {
    long seed = 20260101;
    Random random = new Random(seed);
    int n = 1_000_000;
    long[] times = new long[n];
    long[] values = new long[n];
    for (int i = 0; i < n; i++) {
      times[i] = i * 1000L;
      values[i] = random.nextInt(1000);
    }
    values[123_456] = 5_000_000;
    values[654_321] = -5_000_000;
    Steps steps = Steps.of(times, values, times[0], times[n - 1], 1);
    assertThat(steps.seconds()).as("seed " + seed).hasSizeLessThanOrEqualTo(Steps.MOST).isSorted();
    assertThat(steps.values()).contains(5_000_000, -5_000_000);
    assertThat(steps.values()[steps.values().length - 1]).isEqualTo(values[n - 1]);
  }

  @Test
  void the_value_at_a_moment_is_that_of_the_last_change() {
    Steps steps = Steps.of(new long[] {1_000_000_000, 2_000_000_000}, new long[] {5, 9}, 0, 3_000_000_000L, 1);
    assertThat(steps.at(0.5)).isZero();
    assertThat(steps.at(1)).isEqualTo(5);
    assertThat(steps.at(1.5)).isEqualTo(5);
    assertThat(steps.at(2)).isEqualTo(9);
    assertThat(steps.at(99)).isEqualTo(9);
  }
}
