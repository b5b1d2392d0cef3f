package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.finding.ReservationFindings;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A genuine capture in which one line is what a kernel that miscounts would have printed. */
class MutatedBalancesTest {
  private static final Path CAPTURE = Captures.sample("enospc/v6.18-data-full.trace.txt.gz");
  private static final Incident NOTHING = new Incident(List.of(), null, null, List.of(), List.of());
  private static final Pattern CHANGE =
      Pattern.compile("update_bytes_may_use: [0-9a-f-]+: type=METADATA old=(\\d+) diff=-(\\d+)");

  private static final Pattern RELEASE = Pattern.compile("delalloc: (\\d+) release (\\d+)$");

  @Test
  void the_capture_itself_has_none() throws IOException {
    assertThat(replay(lines()).fileSystems()).allMatch(fs -> fs.anomalies().stream().noneMatch(this::isNegative));
  }

  /** The kernel takes more than there is: it prints old and diff, warns, and goes on from 0. */
  @Test
  void a_counter_that_falls_below_zero() throws IOException {
    List<String> lines = lines();
    int at = -1;
    long old = 0;
    for (int i = lines.size() / 2; at < 0; i++) {
      Matcher m = CHANGE.matcher(lines.get(i));
      if (m.find()) {
        at = i;
        old = Long.parseLong(m.group(1));
      }
    }
    List<String> changed = new ArrayList<>(lines);
    long taken = old + 131072;
    changed.set(at, changed.get(at).replaceFirst("diff=-\\d+", "diff=-" + taken));
    changed.set(at + 1, changed.get(at + 1).replaceFirst("release \\d+", "release " + taken));
    ReplayReport report = replay(changed);
    List<Anomaly> found = report.fileSystems().get(0).anomalies().stream().filter(this::isNegative).toList();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).amount()).isEqualTo(131072);
    assertThat(found.get(0).evidence().get(0).line()).isEqualTo(at + 1);
    Finding finding =
        ReservationFindings.of(report, NOTHING).stream()
            .filter(f -> f.pattern().equals("negative-balance"))
            .findFirst()
            .orElseThrow();
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.confidence()).isIn(Confidence.CERTAIN, Confidence.LIKELY);
    assertThat(finding.evidence().get(0).text()).contains("old=" + old + " diff=-" + taken);
  }

  @Test
  void outstanding_extents_that_wrap_around() throws IOException {
    List<String> lines = lines();
    List<String> changed = new ArrayList<>(lines);
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).contains("mod=-1 outstanding=0")) {
        changed.set(i, lines.get(i).replace("outstanding=0", "outstanding=4294967295"));
        break;
      }
    }
    assertThat(replay(changed).fileSystems().get(0).anomalies())
        .filteredOn(this::isNegative)
        .extracting(Anomaly::pool)
        .containsExactly("outstanding_extents");
  }

  /** Lost lines make the sums of the replay wrong, but not the kernel's. */
  @Test
  void lost_events_are_no_negative_balance() throws IOException {
    List<String> lines = lines();
    for (int from = 100; from < lines.size() - 400; from += 700) {
      List<String> cut = new ArrayList<>(lines.subList(0, from));
      cut.addAll(lines.subList(from + 300, lines.size()));
      assertThat(replay(cut).fileSystems().get(0).anomalies()).as("cut at %d", from).noneMatch(this::isNegative);
    }
  }

  /** The last release of an inode's delalloc bytes gives back less, or more, than is left. */
  @ParameterizedTest
  @CsvSource({"-24576, leaked-reservation", "24576, double-release"})
  void a_release_that_miscounts(long more, String kind) throws IOException {
    List<String> lines = lines();
    int at = lines.size() - 1;
    Matcher m = RELEASE.matcher("");
    while (!m.reset(lines.get(at)).find() || Long.parseLong(m.group(2)) < 65536) {
      at--;
    }
    long ino = Long.parseLong(m.group(1));
    List<String> changed = new ArrayList<>(lines);
    changed.set(at, lines.get(at).replaceFirst("release \\d+", "release " + (Long.parseLong(m.group(2)) + more)));
    List<Anomaly> found = replay(changed).fileSystems().get(0).anomalies();
    List<Anomaly> miscounted = found.stream().filter(a -> a.kind().equals(kind)).toList();
    assertThat(miscounted).hasSize(1);
    assertThat(miscounted.get(0).owner()).isEqualTo(ino);
    assertThat(miscounted.get(0).amount()).isEqualTo(24576);
    assertThat(miscounted.get(0).evidence()).isNotEmpty();
    Finding finding =
        ReservationFindings.of(replay(changed), NOTHING).stream()
            .filter(f -> f.pattern().equals(kind))
            .findFirst()
            .orElseThrow();
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
  }

  private boolean isNegative(Anomaly anomaly) {
    return anomaly.kind().equals("negative-balance");
  }

  private static ReplayReport replay(List<String> lines) {
    ReplayEngine engine = new ReplayEngine();
    TextFeeder feeder = new TextFeeder(engine, "capture");
    lines.forEach(feeder::line);
    return engine.finish(NOTHING);
  }

  private static List<String> lines() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(CAPTURE)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
