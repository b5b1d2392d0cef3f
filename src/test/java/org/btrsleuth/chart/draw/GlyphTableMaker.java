package org.btrsleuth.chart.draw;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.PathIterator;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the glyph tables of {@code src/main/resources} from a TrueType file: not a test, run by hand when the font
 * changes. Arguments: the .ttf, the table to write, the comment line. The shipped tables come from Roboto 2 (Apache
 * License 2.0), files Roboto-Regular.ttf and Roboto-Bold.ttf.
 */
final class GlyphTableMaker {
  private static final int EM = 2048;
  private static final int[] EXTRA = {0x2013, 0x2014, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2026, 0x2212, 0x2260,
    0x2264, 0x2265};

  private GlyphTableMaker() {}

  public static void main(String[] args) throws Exception {
    Font font = Font.createFont(Font.TRUETYPE_FONT, new File(args[0])).deriveFont((float) EM);
    StringBuilder table = new StringBuilder("# ").append(args[2]).append('\n');
    table.append("# code point (hex), advance, outline; unit 1/").append(EM).append(" em, y down, 0 = base line\n");
    for (int c = 0x20; c < 0x7f; c++) {
      append(table, font, c);
    }
    for (int c = 0xa1; c < 0x100; c++) {
      append(table, font, c);
    }
    for (int c = 0x391; c < 0x3ca; c++) {
      append(table, font, c);
    }
    for (int c = 0x410; c < 0x450; c++) {
      append(table, font, c);
    }
    for (int c : EXTRA) {
      append(table, font, c);
    }
    Files.writeString(Path.of(args[1]), table);
  }

  private static void append(StringBuilder table, Font font, int codePoint) {
    if (!font.canDisplay(codePoint) || codePoint == 0xad) {
      return;
    }
    FontRenderContext frc = new FontRenderContext(null, true, true);
    GlyphVector glyph = font.createGlyphVector(frc, Character.toString(codePoint));
    table.append(Integer.toHexString(codePoint)).append(' ');
    table.append(Math.round(glyph.getGlyphMetrics(0).getAdvanceX())).append(' ');
    double[] p = new double[6];
    for (PathIterator i = glyph.getOutline().getPathIterator(null); !i.isDone(); i.next()) {
      int count =
          switch (i.currentSegment(p)) {
            case PathIterator.SEG_MOVETO -> command(table, 'M', 2);
            case PathIterator.SEG_LINETO -> command(table, 'L', 2);
            case PathIterator.SEG_QUADTO -> command(table, 'Q', 4);
            case PathIterator.SEG_CUBICTO -> command(table, 'C', 6);
            default -> command(table, 'Z', 0);
          };
      for (int k = 0; k < count; k++) {
        table.append(k == 0 ? "" : " ").append(Math.round(p[k]));
      }
    }
    table.append('\n');
  }

  private static int command(StringBuilder table, char letter, int count) {
    table.append(letter);
    return count;
  }
}
