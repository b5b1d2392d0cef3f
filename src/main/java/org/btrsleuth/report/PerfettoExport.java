package org.btrsleuth.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.Mark;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * The trace event JSON that Perfetto's viewer and chrome://tracing load: counters of the replay, completions as
 * instants, and the time for which tasks were blocked. One process for each file system, one for the tasks. Times are
 * microseconds with three digits, so no nanosecond is lost.
 */
public final class PerfettoExport {
  private final JsonGenerator json;

  private PerfettoExport(JsonGenerator json) {
    this.json = json;
  }

  public static void write(Analysis analysis, Writer out) throws IOException {
    JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("displayTimeUnit", "ns");
      json.writeArrayFieldStart("traceEvents");
      new PerfettoExport(json).events(analysis);
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private void events(Analysis analysis) throws IOException {
    int process = 1;
    for (FileSystem fs : analysis.replay().fileSystems()) {
      name("process_name", process, 0, "btrfs " + (fs.fsid().isEmpty() ? "without uuid" : fs.fsid()));
      for (Series series : fs.series()) {
        counter(process, series);
      }
      for (InodeUnitEvent event : fs.inodeUnitEvents()) {
        if (event.timeNanos() >= 0) {
          begin("i", Words.name(event.outcome()), process, 0, event.timeNanos());
          json.writeStringField("s", "p");
          json.writeObjectFieldStart("args");
          json.writeNumberField("ino", event.ino());
          json.writeNumberField("bytes", event.bytes());
          json.writeStringField("task", event.task());
          json.writeEndObject();
          json.writeEndObject();
        }
      }
      process++;
    }
    tasks(analysis, process);
  }

  private void counter(int process, Series series) throws IOException {
    for (int i = 0; i < series.timesNanos().length; i++) {
      begin("C", series.group() + " " + series.name(), process, 0, series.timesNanos()[i]);
      json.writeObjectFieldStart("args");
      json.writeNumberField(series.unit(), series.values()[i]);
      json.writeEndObject();
      json.writeEndObject();
    }
    for (Mark mark : series.marks()) {
      begin("i", mark.kind() + " " + series.name(), process, 0, mark.timeNanos());
      json.writeStringField("s", "p");
      json.writeEndObject();
    }
  }

  private void tasks(Analysis analysis, int process) throws IOException {
    boolean named = false;
    int thread = 1_000_000_000;
    for (TaskSnapshot task : analysis.incident().tasks()) {
      if (task.timeNanos() < 0) {
        continue;
      }
      if (!named) {
        name("process_name", process, 0, "tasks");
        named = true;
      }
      int tid = task.pid() >= 0 ? task.pid() : thread++;
      name("thread_name", process, tid, task.comm().isEmpty() ? "task" : task.comm());
      String top = task.frames().isEmpty() ? "blocked" : task.frames().get(0).function();
      if (task.blockedSeconds() > 0) {
        long length = task.blockedSeconds() * 1_000_000_000L;
        begin("X", top, process, tid, Math.max(0, task.timeNanos() - length));
        json.writeNumberField("dur", micros(Math.min(length, task.timeNanos())));
      } else {
        begin("i", top, process, tid, task.timeNanos());
        json.writeStringField("s", "t");
      }
      json.writeObjectFieldStart("args");
      json.writeStringField("state", String.valueOf(task.state().letter()));
      json.writeStringField("line", task.header().location());
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  private void name(String what, int process, int thread, String name) throws IOException {
    json.writeStartObject();
    json.writeStringField("ph", "M");
    json.writeStringField("name", what);
    json.writeNumberField("pid", process);
    json.writeNumberField("tid", thread);
    json.writeObjectFieldStart("args");
    json.writeStringField("name", name);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void begin(String phase, String name, int process, int thread, long nanos) throws IOException {
    json.writeStartObject();
    json.writeStringField("ph", phase);
    json.writeStringField("name", name);
    json.writeNumberField("pid", process);
    json.writeNumberField("tid", thread);
    json.writeNumberField("ts", micros(nanos));
  }

  private static BigDecimal micros(long nanos) {
    return BigDecimal.valueOf(nanos, 3);
  }
}
