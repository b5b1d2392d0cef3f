package org.btrsleuth.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.TaskRef;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.LostEvents;
import org.btrsleuth.format.Region;
import org.btrsleuth.source.Evidence;

/**
 * The machine-readable report, schema {@value #SCHEMA}. A later version may add keys; renaming or dropping one raises
 * the number. Equal analyses give equal bytes: nothing of the clock, the machine or hash order enters.
 */
public final class JsonReport {
  public static final String SCHEMA = "btrsleuth-report/1";

  private final JsonGenerator json;

  private JsonReport(JsonGenerator json) {
    this.json = json;
  }

  /** Writes one document and a line end; {@code out} stays open. */
  public static void write(Tool tool, Analysis analysis, OutputStream out) throws IOException {
    JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    // A writer replaces half a surrogate pair, which a cut line may end in; the UTF-8 generator would throw.
    Writer utf8 = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    try (JsonGenerator json = factory.createGenerator(utf8)) {
      json.setPrettyPrinter(printer);
      new JsonReport(json).document(tool, analysis);
      json.writeRaw('\n');
    }
    utf8.flush();
  }

  private void document(Tool tool, Analysis analysis) throws IOException {
    json.writeStartObject();
    json.writeStringField("schema", SCHEMA);
    json.writeObjectFieldStart("tool");
    json.writeStringField("name", tool.name());
    json.writeStringField("version", tool.version());
    json.writeEndObject();
    KernelStatement kernel = KernelStatement.of(analysis);
    json.writeObjectFieldStart("kernel");
    text("version", kernel.version());
    json.writeStringField("source", kernel.source());
    text("range", kernel.range());
    json.writeEndObject();
    json.writeArrayFieldStart("inputs");
    for (InputSummary input : analysis.incident().inputs()) {
      input(input);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("findings");
    for (Finding finding : analysis.findings()) {
      finding(finding);
    }
    json.writeEndArray();
    json.writeFieldName("waitGraph");
    new JsonGraph(json).write(analysis.waitGraph());
    json.writeFieldName("replay");
    new JsonReplay(json).write(analysis.replay());
    json.writeEndObject();
  }

  private void input(InputSummary input) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", input.path());
    json.writeNumberField("bytes", input.bytes());
    text("sha256", input.sha256());
    json.writeNumberField("lines", input.lines());
    json.writeArrayFieldStart("regions");
    for (Region region : input.regions()) {
      json.writeStartObject();
      json.writeStringField("format", region.format().id());
      json.writeNumberField("firstLine", region.firstLine());
      json.writeNumberField("lastLine", region.lastLine());
      json.writeNumberField("records", region.records());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("unrecognised");
    json.writeNumberField("lines", input.unrecognisedLines());
    json.writeArrayFieldStart("first");
    for (Evidence line : input.unrecognisedFirst()) {
      json.writeStartObject();
      json.writeNumberField("line", line.line());
      json.writeStringField("text", line.text());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeArrayFieldStart("lost");
    for (LostEvents lost : input.lost()) {
      json.writeStartObject();
      number("cpu", lost.cpu(), -1);
      number("events", lost.events(), -1);
      json.writeNumberField("line", lost.line());
      json.writeEndObject();
    }
    json.writeEndArray();
    strings("problems", input.problems());
    json.writeEndObject();
  }

  private void finding(Finding f) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", f.id());
    json.writeStringField("pattern", f.pattern());
    json.writeStringField("title", f.title());
    json.writeStringField("summary", f.summary());
    json.writeStringField("severity", Words.lower(f.severity()));
    json.writeStringField("confidence", Words.lower(f.confidence()));
    json.writeArrayFieldStart("cycle");
    for (CycleStep step : f.cycle()) {
      json.writeStartObject();
      task("task", step.task());
      resource("holds", step.holds());
      resource("waitsFor", step.waitsFor());
      evidence("evidence", step.evidence());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("victims");
    for (Victim victim : f.victims()) {
      json.writeStartObject();
      task("task", victim.task());
      resource("waitsFor", victim.waitsFor());
      if (victim.evidence() != null) {
        evidence("evidence", List.of(victim.evidence()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("fixes");
    for (MatchedFix fix : f.fixes()) {
      json.writeStartObject();
      json.writeStringField("commit", fix.fix().commit());
      json.writeStringField("subject", fix.fix().subject());
      text("fixedIn", fix.fix().fixedIn());
      text("introducedBy", fix.fix().introducedBy());
      json.writeStringField("match", fix.bySignature() ? "signature" : "mechanism");
      json.writeEndObject();
    }
    json.writeEndArray();
    evidence("evidence", f.evidence());
    strings("nextSteps", f.nextSteps());
    json.writeObjectFieldStart("numbers");
    for (Map.Entry<String, Long> number : new TreeMap<>(f.numbers()).entrySet()) {
      json.writeNumberField(number.getKey(), number.getValue());
    }
    json.writeEndObject();
    strings("explanation", f.explanation());
    strings("certain", f.certain());
    strings("inferred", f.inferred());
    json.writeEndObject();
  }

  private void task(String name, TaskRef task) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("comm", task.comm());
    number("pid", task.pid(), -1);
    json.writeEndObject();
  }

  private void resource(String name, ResourceRef ref) throws IOException {
    if (ref == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeStringField("kind", ref.kind());
    text("instance", ref.instance());
    json.writeStringField("certainty", Words.certainty(ref.certain()));
    json.writeStringField("because", ref.because());
    json.writeEndObject();
  }

  private void evidence(String name, List<Evidence> lines) throws IOException {
    JsonReplay.evidence(json, name, lines);
  }

  private void strings(String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** Null and empty both mean unknown. */
  private void text(String name, String value) throws IOException {
    if (value == null || value.isEmpty()) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }

  private void number(String name, long value, long unknown) throws IOException {
    if (value == unknown) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, value);
    }
  }
}
