package org.btrsleuth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Mark;
import org.btrsleuth.replay.ReplayReport.Series;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ChartsTest {
  private static final String HOSTILE = "</text><script>alert(1)</script>\u0000\u202e&\"'\ud800";
  private static final InodeUnits NO_UNITS =
      new InodeUnits(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, InodeUnitRules.UNKNOWN, null);

  @Test
  void an_empty_analysis_has_no_charts() {
    assertThat(Charts.of(ChartGallery.replay(ReplayReport.EMPTY))).isEmpty();
  }

  @Test
  void every_chart_of_a_replay_names_its_units_and_carries_its_series() throws Exception {
    List<Chart> charts = Charts.of(ChartGallery.replay(SyntheticReplays.walk(7, 500)));
    assertThat(charts).extracting(Chart::id)
        .containsExactly(
            "inode-delalloc", "what-if", "inode-units", "space-info-metadata", "space-info-data", "reservation-pools");
    for (Chart chart : charts) {
      assertThat(chart.caption()).as(chart.id()).hasSizeGreaterThan(80);
      Document svg = parse(chart.svg());
      String text = svg.getDocumentElement().getTextContent();
      assertThat(text).as(chart.id()).contains(chart.title());
      if (!chart.id().equals("inode-units")) {
        assertThat(text).as(chart.id()).contains("seconds from start").contains("MiB");
      }
    }
    assertThat(charts.get(5).svg()).contains(">delalloc<").contains(">delayed_inode<").contains(">transaction<");
    assertThat(charts.get(0).svg()).contains("taken, not entitled (").contains("failed (ENOSPC) (")
        .contains("handed over (");
    assertThat(charts.get(2).svg()).contains(">6,532<").contains(">6,721<");
  }

  @Test
  void the_same_data_gives_the_same_bytes() throws IOException {
    Analysis analysis = ChartGallery.replay(SyntheticReplays.walk(3, 400));
    List<Chart> once = Charts.of(analysis);
    List<Chart> again = Charts.of(analysis);
    for (int i = 0; i < once.size(); i++) {
      assertThat(once.get(i).svg()).isEqualTo(again.get(i).svg());
      assertThat(png(once.get(i))).isEqualTo(png(again.get(i)));
    }
  }

  @Test
  void a_png_shows_something_at_twice_the_size() throws IOException {
    Chart chart = Charts.of(ChartGallery.replay(SyntheticReplays.walk(3, 400))).get(0);
    var image = ImageIO.read(new ByteArrayInputStream(png(chart)));
    assertThat(image.getWidth()).isEqualTo(2000);
    int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    assertThat(java.util.Arrays.stream(pixels).distinct().count()).as("colours of lines and of smoothed text")
        .isGreaterThan(20);
  }

  @Test
  void hostile_names_stay_text() throws Exception {
    Series series =
        new Series("pool", HOSTILE, "bytes", new long[] {1, 2}, new long[] {3, 4}, List.of(new Mark(2, HOSTILE)));
    ReplayReport report =
        new ReplayReport(
            List.of(SyntheticReplays.fileSystem(HOSTILE, List.of(), NO_UNITS, List.of(), List.of(series))));
    for (Chart chart : Charts.of(ChartGallery.replay(report))) {
      assertThat(chart.id()).matches("[a-z0-9-]+");
      assertThat(parse(chart.svg()).getElementsByTagName("script").getLength()).isZero();
      assertThat(chart.svg()).doesNotContain("\u202e").contains("&lt;script&gt;");
      assertThat(png(chart)).hasSizeGreaterThan(1000);
    }
  }

  @Test
  void a_hundred_times_more_points_cost_no_more_picture() {
    ReplayReport few = SyntheticReplays.walk(5, 3_000);
    ReplayReport many = SyntheticReplays.walk(5, 300_000);
    int small = Charts.of(ChartGallery.replay(few)).get(2).svg().length();
    int large = Charts.of(ChartGallery.replay(many)).get(2).svg().length();
    assertThat(large).isLessThan(3 * small);
  }

  @Test
  void rows_of_completions_say_when_not_all_were_kept() {
    Series inode =
        new Series(
            "inode", "inode 257", "bytes", new long[] {1, 900}, new long[] {3, 4},
            List.of(new Mark(5, "failed"), new Mark(6, "failed"), new Mark(7, "alreadyDirty")));
    InodeUnits counted = new InodeUnits(70, 5, 0, 0, 0, 0, 0, 0, 65, 0, 0, 0, InodeUnitRules.UNKNOWN, null);
    ReplayReport report =
        new ReplayReport(List.of(SyntheticReplays.fileSystem("", List.of(), counted, List.of(), List.of(inode))));
    assertThat(Charts.of(ChartGallery.replay(report)).get(0).svg()).contains(">failed (ENOSPC) (2 of 65)<");
  }

  @Test
  void odd_series_are_drawn_without_failing() throws IOException {
    List<Series> odd =
        List.of(
            new Series("pool", "one point", "bytes", new long[] {5}, new long[] {7}, List.of()),
            new Series("pool", "none", "bytes", new long[0], new long[0], List.of()),
            new Series("pool", "same time", "bytes", new long[] {5, 5, 5}, new long[] {1, -1, 1}, List.of()),
            new Series(
                "pool", "extremes", "bytes", new long[] {Long.MIN_VALUE, Long.MAX_VALUE},
                new long[] {Long.MAX_VALUE, Long.MIN_VALUE}, List.of(new Mark(0, "failed"))));
    ReplayReport report =
        new ReplayReport(List.of(SyntheticReplays.fileSystem("", List.of(), NO_UNITS, List.of(), odd)));
    for (Chart chart : Charts.of(ChartGallery.replay(report))) {
      assertThat(chart.svg()).contains("one point");
      assertThat(png(chart)).isNotEmpty();
    }
  }

  @Test
  void charts_of_two_file_systems_have_ids_of_their_own() {
    ReplayReport one = SyntheticReplays.walk(1, 50);
    ReplayReport both = new ReplayReport(List.of(one.fileSystems().get(0), one.fileSystems().get(0)));
    List<String> ids = Charts.of(ChartGallery.replay(both)).stream().map(Chart::id).collect(Collectors.toList());
    assertThat(ids).doesNotHaveDuplicates().contains("fs1-reservation-pools", "fs2-reservation-pools");
  }

  @Test
  void of_many_file_systems_those_with_failures_are_drawn_and_the_rest_is_named() {
    InodeUnits failed = new InodeUnits(70, 5, 0, 0, 0, 0, 0, 0, 65, 0, 0, 0, InodeUnitRules.UNKNOWN, null);
    Series line = new Series("pool", "delalloc", "bytes", new long[] {1, 9}, new long[] {3, 4}, List.of());
    List<FileSystem> systems = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      InodeUnits units = i == 17 ? failed : NO_UNITS;
      systems.add(SyntheticReplays.fileSystem("fs-" + i, List.of(), units, List.of(), List.of(line)));
    }
    Analysis analysis = ChartGallery.replay(new ReplayReport(systems));
    List<String> ids = Charts.of(analysis).stream().map(Chart::id).collect(Collectors.toList());
    assertThat(ids).contains("fs18-reservation-pools", "fs1-reservation-pools").doesNotContain("fs20-reservation-pools");
    assertThat(ids.stream().filter(id -> id.endsWith("reservation-pools"))).hasSize(6);
    assertThat(Charts.notDrawn(analysis)).contains("fs-5,", "fs-19.").doesNotContain("fs-17", "fs-0,");
    assertThat(Charts.notDrawn(ChartGallery.replay(new ReplayReport(systems.subList(0, 6))))).isEmpty();
  }

  static Document parse(String svg) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] png(Chart chart) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    chart.png(out);
    return out.toByteArray();
  }
}
