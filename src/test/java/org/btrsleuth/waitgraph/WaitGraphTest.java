package org.btrsleuth.waitgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;
import org.junit.jupiter.api.Test;

class WaitGraphTest {
  private static final String[] FSYNC =
      {"schedule", "wait_current_trans", "start_transaction", "btrfs_start_transaction", "btrfs_sync_file"};
  private static final String[] COMMIT =
      {"schedule", "io_schedule", "rq_qos_wait", "wbt_wait", "submit_bio", "write_all_supers", "btrfs_commit_transaction"};

  @Test
  void equal_stacks_are_one_node_that_keeps_all_tasks() {
    List<TaskSnapshot> tasks = new ArrayList<>();
    for (int pid = 1000; pid < 11_000; pid++) {
      tasks.add(task("writer-" + pid, pid, 0, FSYNC));
    }
    tasks.add(task("btrfs-transacti", 99, 0, COMMIT));
    WaitGraph graph = graph(tasks);
    assertThat(graph.nodes()).hasSizeLessThan(10);
    assertThat(graph.nodes().get(0).tasks()).hasSize(10_000);
    // Everybody stands behind the device, the committer among them.
    int root = graph.forest().behind().keySet().iterator().next();
    assertThat(graph.nodes().get(root).kind()).isEqualTo("block_io");
    assertThat(graph.forest().behind().get(root).stream().mapToInt(graph::weight).sum()).isEqualTo(10_001);
    assertThat(graph.knots()).isEmpty();
  }

  @Test
  void a_task_that_waits_elsewhere_in_the_next_dump_moved() {
    WaitGraph graph = graph(List.of(task("a", 1, 0, FSYNC), task("a", 1, 1, COMMIT)));
    assertThat(graph.nodes().get(0).tasks()).hasSize(1);
    assertThat(graph.edges().get(0).because()).contains("rq_qos_wait");
  }

  @Test
  void a_pid_with_another_name_is_another_task() {
    WaitGraph graph = graph(List.of(task("a", 1, 0, FSYNC), task("b", 1, 1, COMMIT), task("c", 2, 1, COMMIT)));
    assertThat(graph.nodes().stream().filter(n -> n.nodeKind() == NodeKind.TASK)).hasSize(2);
  }

  @Test
  void dot_quotes_names_and_marks_what_is_inferred() throws IOException {
    List<Node> nodes =
        List.of(
            new Node(0, NodeKind.TASK, "", "", "a \"quoted\\ name", List.of(), false),
            new Node(1, NodeKind.RESOURCE, "page_lock", "", "page lock", List.of(), false));
    List<Edge> edges =
        List.of(
            new Edge(0, 1, EdgeKind.WAITS_FOR, 1, true, "why", List.of()),
            new Edge(1, 0, EdgeKind.HELD_BY, 0.85, false, "perhaps", List.of()));
    StringBuilder dot = new StringBuilder();
    new WaitGraph(nodes, edges, Knots.find(nodes, edges)).toDot(dot);
    assertThat(dot)
        .contains("label=\"a \\\"quoted\\\\ name\"")
        .contains("n1 -> n0 [label=\"held by (inferred 0.85)\"")
        .contains("style=dashed")
        .contains("color=red");
  }

  private static WaitGraph graph(List<TaskSnapshot> tasks) {
    Incident incident = new Incident(List.of(), KernelVersion.parse("5.4.0"), null, tasks, List.of());
    return HangGraph.of(incident, Knowledge.shipped(), TraceEvidence.none()).graph();
  }

  private static TaskSnapshot task(String comm, int pid, int dump, String... functions) {
    List<Frame> frames = new ArrayList<>();
    for (String function : functions) {
      frames.add(new Frame(function, function, "btrfs", true, 16, 64, frames.size() + 2));
    }
    return new TaskSnapshot(
        comm, pid, TaskState.UNINTERRUPTIBLE, "", "", frames, Origin.SYSRQ_W, dump, -1, -1,
        new Evidence("test.log", 1, comm), frames.size() + 1);
  }
}
