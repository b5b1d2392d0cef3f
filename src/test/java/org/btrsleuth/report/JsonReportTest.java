package org.btrsleuth.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.btrsleuth.finding.Analysis;
import org.junit.jupiter.api.Test;

/** The keys here are the output contract: a test that has to change means that the schema number must. */
class JsonReportTest {
  @Test
  void top_level_has_the_keys_of_the_contract_in_order() throws IOException {
    Map<String, Object> json = parse(SyntheticAnalysis.rich());
    assertThat(json.keySet())
        .containsExactly("schema", "tool", "kernel", "inputs", "findings", "waitGraph", "replay");
    assertThat(json).containsEntry("schema", "btrsleuth-report/1");
    assertThat(at(json, "tool")).isEqualTo(Map.of("name", "btrsleuth", "version", "0.0-test"));
    assertThat(at(json, "kernel")).isEqualTo(Map.of("version", "5.4.0-test", "source", "stated", "range", "3.3-4.7"));
  }

  @Test
  void an_unknown_kernel_is_null_and_says_so() throws IOException {
    Map<?, ?> kernel = (Map<?, ?>) at(parse(SyntheticAnalysis.nothing()), "kernel");
    assertThat(kernel.get("version")).isNull();
    assertThat(kernel.get("range")).isNull();
    assertThat(kernel.get("source")).isEqualTo("unknown");
  }

  @Test
  void inputs_have_the_keys_of_the_contract() throws IOException {
    Map<String, Object> json = parse(SyntheticAnalysis.rich());
    assertThat(keys(json, "inputs", 0)).contains("path", "bytes", "sha256", "lines", "regions", "unrecognised", "lost");
    assertThat(at(json, "inputs", 0, "regions", 0))
        .isEqualTo(Map.of("format", "proc-stack", "firstLine", 1L, "lastLine", 39L, "records", 2L));
    assertThat(at(json, "inputs", 0, "unrecognised", "lines")).isEqualTo(2L);
    assertThat(keys(json, "inputs", 0, "unrecognised", "first", 0)).containsExactly("line", "text");
    assertThat(at(json, "inputs", 0, "lost", 0)).isEqualTo(Map.of("cpu", 1L, "events", 366L, "line", 50L));
    Map<?, ?> unknown = (Map<?, ?>) at(json, "inputs", 0, "lost", 1);
    assertThat(unknown.containsKey("cpu")).isTrue();
    assertThat(unknown.get("cpu")).isNull();
    assertThat(unknown.get("events")).isNull();
  }

  @Test
  void findings_have_the_keys_of_the_contract() throws IOException {
    Map<String, Object> json = parse(SyntheticAnalysis.rich());
    assertThat(keys(json, "findings", 0))
        .contains(
            "id", "pattern", "title", "summary", "severity", "confidence", "cycle", "victims", "fixes", "evidence",
            "nextSteps", "numbers");
    assertThat(at(json, "findings", 0, "severity")).isEqualTo("error");
    assertThat(at(json, "findings", 0, "confidence")).isEqualTo("likely");
    assertThat(at(json, "findings", 0, "cycle", 0, "task")).isEqualTo(Map.of("comm", "kworker/u4:3", "pid", 73L));
    assertThat(at(json, "findings", 0, "cycle", 0, "holds"))
        .isEqualTo(
            Map.of(
                "kind", "page_lock", "instance", "inode 5/257", "certainty", "certain", "because",
                "taken before the reservation"));
    assertThat(keys(json, "findings", 0, "cycle", 1, "waitsFor")).containsExactly("kind", "instance", "certainty", "because");
    assertThat(at(json, "findings", 0, "cycle", 1, "waitsFor", "instance")).isNull();
    assertThat(at(json, "findings", 0, "cycle", 1, "waitsFor", "certainty")).isEqualTo("inferred");
    assertThat(keys(json, "findings", 0, "victims", 0)).contains("task", "waitsFor");
    assertThat(at(json, "findings", 1, "victims", 0, "task", "pid")).isNull();
    assertThat(keys(json, "findings", 0, "fixes", 0))
        .containsExactly("commit", "subject", "fixedIn", "introducedBy", "match");
    assertThat(at(json, "findings", 0, "fixes", 0, "introducedBy")).isNull();
    assertThat(at(json, "findings", 0, "fixes", 0, "match")).isEqualTo("signature");
    assertThat(keys(json, "findings", 0, "evidence", 0)).containsExactly("path", "line", "text");
    assertThat(keys(json, "findings", 0, "numbers")).containsExactly("aTasks", "zTasks");
  }

  @Test
  void wait_graph_edges_lead_between_listed_tasks() throws IOException {
    Map<String, Object> json = parse(SyntheticAnalysis.rich());
    assertThat(keys(json, "waitGraph")).contains("tasks", "edges", "components");
    List<?> tasks = (List<?>) at(json, "waitGraph", "tasks");
    List<?> edges = (List<?>) at(json, "waitGraph", "edges");
    assertThat(tasks).hasSize(3);
    assertThat(edges).hasSize(3);
    for (Object edge : edges) {
      assertThat(((Map<?, ?>) edge).keySet().stream().map(Object::toString)).contains("from", "to", "resource", "certainty");
    }
    // holder -> flusher through the flush, inferred because one of its two steps is
    assertThat(at(json, "waitGraph", "edges", 0, "from")).isEqualTo(0L);
    assertThat(at(json, "waitGraph", "edges", 0, "to")).isEqualTo(1L);
    assertThat(at(json, "waitGraph", "edges", 0, "resource")).isEqualTo("delalloc_flush");
    assertThat(at(json, "waitGraph", "edges", 0, "certainty")).isEqualTo("inferred");
    assertThat(at(json, "waitGraph", "edges", 1, "to")).isEqualTo(0L);
    assertThat(at(json, "waitGraph", "edges", 1, "certainty")).isEqualTo("certain");
    // nobody in the input holds what the victim waits for
    assertThat(at(json, "waitGraph", "edges", 2, "to")).isNull();
    assertThat(at(json, "waitGraph", "components", 0, "tasks")).isEqualTo(List.of(0L, 1L));
  }

  @Test
  void replay_has_the_keys_of_the_contract() throws IOException {
    Map<String, Object> json = parse(SyntheticAnalysis.rich());
    assertThat(keys(json, "replay", "filesystems", 0))
        .contains(
            "fsid", "era", "unit", "spaceInfos", "pools", "inodes", "tickets", "flushes", "inodeUnits", "checks");
    assertThat(at(json, "replay", "filesystems", 0, "unit")).isEqualTo(Map.of("insert", 786_432L, "update", 393_216L));
    assertThat(keys(json, "replay", "filesystems", 0, "spaceInfos", 0))
        .containsExactly("flags", "name", "anchored", "mayUse", "pinned");
    assertThat(keys(json, "replay", "filesystems", 0, "spaceInfos", 0, "mayUse")).containsExactly("first", "last", "max");
    assertThat(keys(json, "replay", "filesystems", 0, "pools", 0))
        .contains("type", "reserved", "released", "consumed", "migrated", "outstanding");
    String[] unitKeys = {
      "completions", "alreadyDirty", "handedOver", "withoutEntitlement", "withoutEntitlementBytes", "onDemand",
      "stolenFromDelalloc", "stolenFromGlobal", "failed", "directUpdate", "undecided"
    };
    assertThat(keys(json, "replay", "filesystems", 0, "inodeUnits")).contains(unitKeys).contains("whatIf");
    assertThat(keys(json, "replay", "filesystems", 0, "inodeUnits", "whatIf")).contains(unitKeys);
    assertThat(at(json, "replay", "filesystems", 0, "inodeUnits", "withoutEntitlementBytes")).isEqualTo(1_966_080L);
    assertThat(keys(json, "replay", "filesystems", 0, "checks", 0))
        .contains("name", "compared", "mismatches", "undecided", "firstMismatch");
    assertThat(at(json, "replay", "filesystems", 0, "checks", 0, "firstMismatch")).isNull();
    assertThat(keys(json, "replay", "filesystems", 0, "checks", 1, "firstMismatch")).containsExactly("path", "line", "text");
  }

  @Test
  void equal_analyses_give_equal_bytes_in_every_locale() throws IOException {
    Locale before = Locale.getDefault();
    byte[] first = write(SyntheticAnalysis.rich());
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      assertThat(write(SyntheticAnalysis.rich())).isEqualTo(first);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void half_a_surrogate_pair_does_not_break_the_document() throws IOException {
    Map<String, Object> json = parse(SyntheticAnalysis.rich("half \ud83d"));
    assertThat(at(json, "waitGraph", "tasks", 2, "comm").toString()).startsWith("half ");
  }

  private static byte[] write(Analysis analysis) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.write(SyntheticAnalysis.TOOL, analysis, out);
    return out.toByteArray();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> parse(Analysis analysis) throws IOException {
    String text = new String(write(analysis), StandardCharsets.UTF_8);
    assertThat(text).endsWith("}\n");
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      Map<String, Object> json = (Map<String, Object>) value(parser);
      assertThat(parser.nextToken()).as("one document").isNull();
      return json;
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          assertThat(map.put(key, value(parser))).as("key %s twice", key).isNull();
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }

  private static Object at(Object json, Object... path) {
    Object value = json;
    for (Object step : path) {
      if (step instanceof Integer i) {
        value = ((List<?>) value).get(i);
      } else {
        assertThat(((Map<?, ?>) value).containsKey(step)).as("key %s", step).isTrue();
        value = ((Map<?, ?>) value).get(step);
      }
    }
    return value;
  }

  private static List<String> keys(Object json, Object... path) {
    return ((Map<?, ?>) at(json, path)).keySet().stream().map(Object::toString).toList();
  }
}
