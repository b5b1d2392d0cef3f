package org.btrsleuth.chart.draw;

import java.util.List;

/**
 * Colours as 0xRRGGBB. The series colours are those of Okabe and Ito, which stay apart in every common form of colour
 * blindness; nothing is told by colour alone (dashes, marker shapes, line width and words repeat it).
 */
public final class Palette {
  public static final int INK = 0x1f2933;
  public static final int MUTED = 0x5b6770;
  public static final int GRID = 0xdfe4e8;
  public static final int PAPER = 0xffffff;
  public static final int BLUE = 0x0072b2;
  public static final int ORANGE = 0xe69f00;
  public static final int GREEN = 0x009e73;
  public static final int VERMILION = 0xd55e00;
  public static final int PURPLE = 0xcc79a7;
  public static final int SKY = 0x56b4e9;

  /** For lines, in the order of use. Okabe and Ito's yellow is left out: it vanishes on white. */
  public static final List<Integer> SERIES = List.of(BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, INK, 0x8c6d31);

  private Palette() {}

  public static int opaque(int rgb) {
    return 0xff000000 | rgb;
  }

  /** {@code rgb} mixed with white: 0 is white, 1 the colour. */
  public static int tint(int rgb, double strength) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int channel = rgb >> shift & 0xff;
      mixed |= (int) Math.round(255 - (255 - channel) * strength) << shift;
    }
    return mixed;
  }
}
