package org.btrsleuth.chart;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Node;

/** Made-up hung-task reports and dumps; none of this was ever captured. */
final class SyntheticHangs {
  private SyntheticHangs() {}

  static TaskSnapshot task(String comm, int pid, long second, long blocked, String function) {
    return task(comm, pid, second, blocked, function, 0);
  }

  static TaskSnapshot task(String comm, int pid, long second, long blocked, String function, int dump) {
    List<Frame> frames =
        List.of(
            new Frame("schedule", "schedule", "", true, 1, 2, 1), new Frame(function, function, "", true, 1, 2, 2));
    return new TaskSnapshot(
        comm, pid, TaskState.UNINTERRUPTIBLE, "", "", frames, blocked > 0 ? Origin.HUNG_TASK : Origin.SYSRQ_W, dump,
        second * 1_000_000_000L, blocked, new Evidence("synthetic.log", pid, ""), pid + 9);
  }

  /** Reports about the tasks of a graph, the later ones blocked later. */
  static Analysis reportsOf(WaitGraph graph, int strangers) {
    List<TaskSnapshot> tasks = new ArrayList<>();
    int k = 0;
    for (Node node : graph.nodes()) {
      for (TaskSnapshot task : node.tasks()) {
        int at = 4000 + 7 * Math.min(k++, 40);
        String function = task.frames().get(task.frames().size() - 1).function();
        tasks.add(task(task.comm(), task.pid(), at, 122, function));
        if (k % 2 == 0) {
          tasks.add(task(task.comm(), task.pid(), at + 120, 243, function));
        }
      }
    }
    for (int i = 0; i < strangers; i++) {
      tasks.add(task("stranger-with-a-name-" + i, 50_000 + i, 4300, 0, "synthetic_sleep"));
    }
    Incident incident = new Incident(List.of(), null, null, tasks, List.of());
    return new Analysis(incident, ReplayReport.EMPTY, graph, List.of());
  }
}
