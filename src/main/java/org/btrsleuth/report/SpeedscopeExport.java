package org.btrsleuth.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Stacks in speedscope's own format (https://www.speedscope.app/file-format-schema.json): one profile for each dump,
 * one sample for each task, so that the width of a frame is the number of tasks in it.
 */
public final class SpeedscopeExport {
  private final Map<String, Integer> frames = new LinkedHashMap<>();

  private SpeedscopeExport() {}

  public static void write(Tool tool, List<TaskSnapshot> tasks, Writer out) throws IOException {
    new SpeedscopeExport().all(tool, tasks, out);
  }

  private void all(Tool tool, List<TaskSnapshot> tasks, Writer out) throws IOException {
    Map<Integer, List<int[]>> dumps = new TreeMap<>();
    for (TaskSnapshot task : tasks) {
      dumps.computeIfAbsent(task.dump(), k -> new ArrayList<>()).add(sample(task));
    }
    JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("$schema", "https://www.speedscope.app/file-format-schema.json");
      json.writeStringField("exporter", tool.name() + "@" + tool.version());
      json.writeStringField("name", "blocked tasks");
      json.writeObjectFieldStart("shared");
      json.writeArrayFieldStart("frames");
      for (String frame : frames.keySet()) {
        json.writeStartObject();
        json.writeStringField("name", frame);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeArrayFieldStart("profiles");
      for (Map.Entry<Integer, List<int[]>> dump : dumps.entrySet()) {
        profile(json, dump.getKey(), dump.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  /** Outermost first, the task on top of all. */
  private int[] sample(TaskSnapshot task) {
    List<Integer> stack = new ArrayList<>();
    stack.add(frame(task.comm().isEmpty() ? "task" : task.comm()));
    for (int i = task.frames().size() - 1; i >= 0; i--) {
      Frame frame = task.frames().get(i);
      if (FoldedExport.isFunction(frame)) {
        stack.add(frame(frame.function()));
      }
    }
    return stack.stream().mapToInt(Integer::intValue).toArray();
  }

  private int frame(String name) {
    return frames.computeIfAbsent(name, k -> frames.size());
  }

  private static void profile(JsonGenerator json, int dump, List<int[]> samples) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "sampled");
    json.writeStringField("name", "dump " + (dump + 1));
    json.writeStringField("unit", "none");
    json.writeNumberField("startValue", 0);
    json.writeNumberField("endValue", samples.size());
    json.writeArrayFieldStart("samples");
    for (int[] sample : samples) {
      json.writeArray(sample, 0, sample.length);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("weights");
    for (int i = 0; i < samples.size(); i++) {
      json.writeNumber(1);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
