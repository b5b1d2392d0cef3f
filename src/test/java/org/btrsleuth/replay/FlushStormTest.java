package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

/** Flushing in vain is a fault only where there was something to get. */
class FlushStormTest {
  @Test
  void on_a_full_file_system_flushing_had_nothing_to_give() throws IOException {
    assertThat(storm(line -> line).numbers())
        .containsEntry("wantedBytes", 4L << 30)
        .containsEntry("reclaimableBytes", 451936256L - 134217728L);
  }

  @Test
  void with_enough_promised_to_others_it_should_have_helped() throws IOException {
    Anomaly storm =
        storm(
            line ->
                line.contains("btrfs_fail_all_tickets")
                    ? line.replace("bytes_may_use=0", "bytes_may_use=5368709120")
                    : line);
    assertThat(storm.numbers()).containsKey("cycles").doesNotContainKey("reclaimableBytes");
  }

  private static Anomaly storm(UnaryOperator<String> change) throws IOException {
    ReplayEngine engine = new ReplayEngine();
    TextFeeder feeder = new TextFeeder(engine, "capture");
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Captures.sample("enospc/enospc-falloc-512m.trace.txt.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        feeder.line(change.apply(line));
      }
    }
    List<Anomaly> anomalies =
        engine.finish(new Incident(List.of(), null, null, List.of(), List.of())).fileSystems().stream()
            .flatMap(fs -> fs.anomalies().stream())
            .toList();
    return anomalies.stream().filter(a -> a.kind().equals("flush-storm")).findFirst().orElseThrow();
  }
}
