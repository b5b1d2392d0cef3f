package org.btrsleuth.chart.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Path2D;
import org.junit.jupiter.api.Test;

class DrawTest {
  @Test
  void every_printable_ascii_character_has_an_outline() {
    for (Face face : Face.values()) {
      for (char c = '!'; c < 0x7f; c++) {
        String text = String.valueOf(c);
        assertThat(face.width(text, 10)).as(text).isGreaterThan(1);
        assertThat(face.outline(text, 10).getBounds2D().getHeight()).as(text).isGreaterThan(0.5);
      }
    }
  }

  @Test
  void elided_text_fits_and_keeps_both_ends() {
    String name = "kworker/u8:12+btrfs-endio-write-and-a-very-long-suffix";
    String shown = Face.REGULAR.elide(name, 12, 120);
    assertThat(Face.REGULAR.width(shown, 12)).isLessThanOrEqualTo(120);
    assertThat(shown).startsWith("kworker").endsWith("ix").contains("\u2026");
    assertThat(Face.REGULAR.elide(name, 12, 10_000)).isEqualTo(name);
    assertThat(Face.REGULAR.elide(name, 12, 1)).isEmpty();
  }

  @Test
  void text_that_xml_forbids_or_that_turns_around_is_replaced() {
    assertThat(Glyphs.xml("a<b>&\"'\u0007\u202e\ud800\uffff\n")).isEqualTo(
        "a&lt;b&gt;&amp;&quot;&#39;\ufffd\ufffd\ufffd\ufffd\ufffd");
    assertThat(Glyphs.clean("gr\u00fc\u00dfe \ud83d\ude00")).isEqualTo("gr\u00fc\u00dfe \ud83d\ude00");
  }

  @Test
  void steps_become_horizontal_and_vertical_lines() {
    Path2D path = new Path2D.Double();
    path.moveTo(0, 0);
    path.lineTo(10.04, 0);
    path.lineTo(10.04, 0.01);
    path.lineTo(10.04, 5);
    path.lineTo(12, 7.26);
    assertThat(SvgPath.of(path)).isEqualTo("M0 0H10.05V5L12 7.25");
    assertThat(SvgPath.number(-0.001)).isEqualTo("0");
    assertThat(SvgPath.number(1e12)).isEqualTo("1000000000000");
  }

  @Test
  void ids_of_a_picture_start_with_its_name() {
    SvgCanvas canvas = new SvgCanvas("a\"b");
    canvas.clip(new java.awt.geom.Rectangle2D.Double(0, 0, 1, 1));
    canvas.fill(new java.awt.geom.Rectangle2D.Double(0, 0, 2, 2), Palette.opaque(Palette.BLUE));
    String svg = canvas.finish(10, 10, "<title>", "");
    assertThat(svg).contains("url(#a-b-clip1)").contains("id=\"a-b-clip1\"").contains("&lt;title&gt;");
  }
}
