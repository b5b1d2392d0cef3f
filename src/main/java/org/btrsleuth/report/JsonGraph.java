package org.btrsleuth.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.btrsleuth.report.GraphView.TaskEdge;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;

/**
 * Key {@code waitGraph} of the JSON report. {@code tasks} has one entry per task; tasks with one stack share a
 * {@code group}, the id of the first of them. {@code edges} lead from group to group ({@code to} is null where no task
 * of the input is known to hold what is waited for); {@code nodes} and {@code links} are the graph behind them, with
 * resources and services as nodes of their own.
 */
final class JsonGraph {
  private final JsonGenerator json;

  JsonGraph(JsonGenerator json) {
    this.json = json;
  }

  void write(WaitGraph graph) throws IOException {
    GraphView view = new GraphView(graph);
    Map<Integer, Integer> group = new HashMap<>();
    json.writeStartObject();
    json.writeArrayFieldStart("tasks");
    int id = 0;
    for (Node node : graph.nodes()) {
      for (TaskSnapshot task : node.tasks()) {
        group.putIfAbsent(node.id(), id);
        task(task, id++, group.get(node.id()));
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("edges");
    for (TaskEdge edge : view.taskEdges()) {
      if (group.containsKey(edge.from())) {
        edge(graph, edge, group);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("components");
    for (Knot knot : graph.knots()) {
      knot(knot, group);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("nodes");
    for (Node node : graph.nodes()) {
      node(node, group);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("links");
    for (Edge edge : graph.edges()) {
      link(edge);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void task(TaskSnapshot task, int id, int group) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", id);
    json.writeNumberField("group", group);
    json.writeStringField("comm", task.comm());
    if (task.pid() < 0) {
      json.writeNullField("pid");
    } else {
      json.writeNumberField("pid", task.pid());
    }
    json.writeStringField("state", String.valueOf(task.state().letter()));
    json.writeStringField("workqueue", task.workqueue());
    json.writeStringField("path", task.header().path());
    json.writeNumberField("line", task.header().line());
    if (id == group) {
      json.writeArrayFieldStart("stack");
      for (Frame frame : task.frames()) {
        json.writeString(frame.reliable() ? frame.function() : "? " + frame.function());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void edge(WaitGraph graph, TaskEdge edge, Map<Integer, Integer> group) throws IOException {
    Node resource = graph.nodes().get(edge.resource());
    json.writeStartObject();
    json.writeNumberField("from", group.get(edge.from()));
    Integer to = edge.to() < 0 ? null : group.get(edge.to());
    if (to == null) {
      json.writeNullField("to");
    } else {
      json.writeNumberField("to", to);
    }
    json.writeStringField("resource", resource.kind().isEmpty() ? resource.label() : resource.kind());
    json.writeStringField("certainty", Words.certainty(edge.certain()));
    if (resource.instance().isEmpty()) {
      json.writeNullField("instance");
    } else {
      json.writeStringField("instance", resource.instance());
    }
    json.writeNumberField("confidence", percent(edge.confidence()));
    json.writeStringField("because", edge.because());
    json.writeEndObject();
  }

  private void knot(Knot knot, Map<Integer, Integer> group) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("tasks");
    for (int node : knot.nodes()) {
      if (group.containsKey(node)) {
        json.writeNumber(group.get(node));
      }
    }
    json.writeEndArray();
    ints("nodes", knot.nodes());
    ints("cycle", knot.cycle());
    json.writeNumberField("confidence", percent(knot.confidence()));
    json.writeBooleanField("resolvable", knot.resolvable());
    json.writeEndObject();
  }

  private void node(Node node, Map<Integer, Integer> group) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", node.id());
    json.writeStringField("nodeKind", Words.lower(node.nodeKind()));
    json.writeStringField("kind", node.kind());
    if (node.instance().isEmpty()) {
      json.writeNullField("instance");
    } else {
      json.writeStringField("instance", node.instance());
    }
    json.writeStringField("label", node.label());
    json.writeBooleanField("anyOf", node.anyOf());
    if (group.containsKey(node.id())) {
      json.writeNumberField("group", group.get(node.id()));
    }
    json.writeEndObject();
  }

  private void link(Edge edge) throws IOException {
    json.writeStartObject();
    json.writeNumberField("from", edge.from());
    json.writeNumberField("to", edge.to());
    json.writeStringField("kind", Words.lower(edge.kind()));
    json.writeStringField("certainty", Words.certainty(edge.certain()));
    json.writeNumberField("confidence", percent(edge.confidence()));
    json.writeStringField("because", edge.because());
    JsonReplay.evidence(json, "evidence", edge.evidence());
    json.writeEndObject();
  }

  private void ints(String name, Iterable<Integer> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (int value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  /** Two decimals: a product of confidences is not known better, and every machine prints it alike. */
  private static double percent(double confidence) {
    return Math.round(confidence * 100) / 100.0;
  }
}
