package org.btrsleuth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.report.JsonReport;
import org.btrsleuth.report.Tool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Speed changes no verdict: the whole report is the same whichever lexer, workers and blocks the input is read with. */
class ReadingPathsTest {
  private static final int LINE = 1 << 24;

  private static final List<TraceReader.Options> WAYS =
      List.of(
          new TraceReader.Options(1, 65_537, LINE, false),
          new TraceReader.Options(2, 4_099, LINE, false),
          new TraceReader.Options(7, 1 << 20, LINE, false),
          new TraceReader.Options(7, 8_191, LINE, true));

  @ParameterizedTest
  @MethodSource("samples")
  void the_report_is_the_same_bytes(Expected expected) throws IOException {
    byte[] stock = report(expected, new TraceReader.Options(1, 1 << 21, LINE, true));
    for (TraceReader.Options way : WAYS) {
      assertThat(new String(report(expected, way), StandardCharsets.UTF_8))
          .as(way.toString())
          .isEqualTo(new String(stock, StandardCharsets.UTF_8));
    }
  }

  static List<Expected> samples() {
    return Expected.all();
  }

  private static byte[] report(Expected expected, TraceReader.Options way) throws IOException {
    PrintStream none = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    AnalysisRequest request = new AnalysisRequest(expected.paths(), null, null, List.of(), EventFilter.NONE)
        .reading(way);
    Outcome outcome = Pipeline.analyse(request, new Terminal(none, none, false, false, true), false);
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    JsonReport.write(new Tool("btrsleuth", "test"), outcome.analysis(), json);
    return json.toByteArray();
  }
}
