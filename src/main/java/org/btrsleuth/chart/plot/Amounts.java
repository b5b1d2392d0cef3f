package org.btrsleuth.chart.plot;

import java.util.Locale;

/** Numbers as charts print them, in every locale alike. */
public final class Amounts {
  /** Bytes of a MiB, the unit of all byte axes. */
  public static final double MIB = 1 << 20;

  private Amounts() {}

  /** 1234567 as "1,234,567". */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
