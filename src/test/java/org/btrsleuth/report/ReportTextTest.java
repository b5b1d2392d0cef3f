package org.btrsleuth.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.finding.Analysis;
import org.junit.jupiter.api.Test;

/** Text, Markdown and HTML: what stands first, and that foreign text stays text. */
class ReportTextTest {
  private static final List<String> HOSTILE =
      List.of(
          SyntheticAnalysis.HOSTILE_TASK, "\"><img src=x>", "a|b`c", "``` end", "]](x)", "\u001b[2J\u0007", "'; DROP", "&lt;",
          "\u202Etxt.exe", "*x* _y_ # z");

  @Test
  void the_verdict_is_the_first_line() {
    String text = TextReport.render(SyntheticAnalysis.rich(), Style.PLAIN, false);
    assertThat(text.lines().findFirst()).contains("DEADLOCK, likely: a made-up deadlock");
  }

  @Test
  void cycle_stands_before_evidence_and_evidence_before_inputs() {
    String text = TextReport.render(SyntheticAnalysis.rich(), Style.PLAIN, false);
    assertThat(text.indexOf("holds")).isPositive().isLessThan(text.indexOf("Evidence"));
    assertThat(text.indexOf("Evidence")).isLessThan(text.indexOf("Inputs"));
    assertThat(text).contains("kworker/u4:3 (73)", "page lock of inode 5/257", "f4b1363cae43", "dump.txt:17");
  }

  @Test
  void unrecognised_lines_and_losses_are_shown() {
    String text = TextReport.render(SyntheticAnalysis.rich(), Style.PLAIN, false);
    assertThat(text)
        .contains("2 lines not recognised", "33: =cmd", "events lost at 2 places: 366 and an unknown number", "ends in the middle");
  }

  @Test
  void without_findings_it_says_what_it_looked_at_and_claims_no_health() {
    String text = TextReport.render(SyntheticAnalysis.nothing(), Style.PLAIN, false);
    assertThat(text.lines().findFirst().orElseThrow()).startsWith("NOTHING FOUND");
    assertThat(text).contains("3 trace events", "capture hang").doesNotContain("healthy");
  }

  @Test
  void plain_text_has_no_control_characters_whatever_a_task_is_called() {
    for (String name : HOSTILE) {
      String text = TextReport.render(SyntheticAnalysis.rich(name), Style.PLAIN, true);
      assertThat(text.chars().filter(c -> Character.isISOControl(c) && c != '\n').count()).as(name).isZero();
    }
  }

  @Test
  void colour_changes_nothing_but_colour() {
    String plain = TextReport.render(SyntheticAnalysis.rich(), Style.PLAIN, true);
    String ansi = TextReport.render(SyntheticAnalysis.rich(), Style.ANSI, true);
    assertThat(ansi).contains("\u001b[");
    assertThat(ansi.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
  }

  @Test
  void lines_do_not_end_in_blanks_and_prose_fits_the_width() {
    for (String line : TextReport.render(SyntheticAnalysis.rich(), Style.PLAIN, false).split("\n")) {
      assertThat(line).isEqualTo(line.stripTrailing());
    }
  }

  @Test
  void html_escapes_every_foreign_text() {
    for (String name : HOSTILE) {
      String html = HtmlReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich(name));
      assertThat(html).as(name).doesNotContain("<script", "<img", "<b>bold");
      assertThat(html.chars().filter(c -> Character.isISOControl(c) && c != '\n').count()).as(name).isZero();
    }
    assertThat(HtmlReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich(SyntheticAnalysis.HOSTILE_TASK)))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  @Test
  void html_needs_nothing_from_elsewhere() {
    String html = HtmlReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich());
    assertThat(html).startsWith("<!DOCTYPE html>").contains("default-src 'none'");
    assertThat(html.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "").replace("http://x", ""))
        .doesNotContain("http:", "https:", "<link", "<script", "@import", "url(h", " src=", "<iframe", " onload");
    assertThat(html).contains("<svg");
  }

  @Test
  void html_opens_its_tags_as_often_as_it_closes_them() {
    for (Analysis analysis : List.of(SyntheticAnalysis.rich(), SyntheticAnalysis.nothing())) {
      String html = HtmlReport.render(SyntheticAnalysis.TOOL, analysis);
      for (String tag : List.of("section", "table", "tr", "td", "ul", "ol", "li", "div", "details", "figure", "main", "p")) {
        assertThat(count(html, "<" + tag + "[ >]")).as(tag).isEqualTo(count(html, "</" + tag + ">"));
      }
    }
  }

  @Test
  void equal_analyses_give_equal_html_and_markdown() {
    assertThat(HtmlReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich()))
        .isEqualTo(HtmlReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich()));
    assertThat(MarkdownReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich()))
        .isEqualTo(MarkdownReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich()));
  }

  @Test
  void markdown_fences_are_longer_than_any_run_of_ticks_in_them() {
    String markdown = MarkdownReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich("```` x"));
    assertThat(markdown).startsWith("# DEADLOCK, likely: a made-up deadlock");
    assertThat(markdown).contains("\n`````\n").doesNotContain("<script>");
    String withScript = MarkdownReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich(SyntheticAnalysis.HOSTILE_TASK));
    assertThat(withScript.replaceAll("(?s)`+[^`]*`+", "")).doesNotContain("<script");
  }

  @Test
  void markdown_table_rows_keep_their_columns_when_a_name_holds_a_bar() {
    String markdown = MarkdownReport.render(SyntheticAnalysis.TOOL, SyntheticAnalysis.rich("a|b"));
    for (String line : markdown.split("\n")) {
      if (line.startsWith("| `kworker")) {
        assertThat(line.replaceAll("\\\\\\|", "").chars().filter(c -> c == '|').count()).isEqualTo(4);
      }
    }
  }

  private static int count(String text, String regex) {
    return text.split(regex, -1).length - 1;
  }
}
