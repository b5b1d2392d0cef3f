package org.btrsleuth.replay;

import java.util.Locale;

/** Amounts of bytes in sentences; tables and figures give them exactly beside it. */
public final class Bytes {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Bytes() {}

  /** Exact below 1 KiB, otherwise three significant digits with a binary unit: 98304 as "96 KiB". */
  public static String text(long bytes) {
    double value = Math.abs((double) bytes);
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String sign = bytes < 0 ? "-" : "";
    if (unit == 0) {
      return sign + (long) value + " B";
    }
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    String shown = String.format(Locale.ROOT, "%." + digits + "f", value);
    if (shown.indexOf('.') >= 0) {
      shown = shown.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return sign + shown + " " + UNITS[unit];
  }
}
