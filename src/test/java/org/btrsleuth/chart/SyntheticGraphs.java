package org.btrsleuth.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Made-up wait graphs that drawing is tested with; none of this was ever captured. */
public final class SyntheticGraphs {
  private final List<Node> nodes = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final List<Knot> knots = new ArrayList<>();

  /** Two tasks that hold what the other one waits for. */
  public static WaitGraph twoTasks() {
    SyntheticGraphs g = new SyntheticGraphs();
    int a = g.task("kworker/u8:2", 4711, "synthetic_wait_a");
    int b = g.task("synthetic-writer", 815, "synthetic_wait_b");
    int ra = g.resource("synthetic_lock_a", "synthetic lock A", "inode 5/257 page 0");
    int rb = g.resource("synthetic_lock_b", "synthetic lock B", "");
    int e0 = g.edge(a, rb, EdgeKind.WAITS_FOR, 1, true);
    int e1 = g.edge(rb, b, EdgeKind.HELD_BY, 0.8, false);
    int e2 = g.edge(b, ra, EdgeKind.WAITS_FOR, 1, true);
    int e3 = g.edge(ra, a, EdgeKind.HELD_BY, 1, true);
    g.knots.add(new Knot(List.of(a, b, ra, rb), List.of(e0, e1, e2, e3), 0.8, false));
    return g.graph();
  }

  /** A cycle through services, with victims behind it, a stall and a chain that ends at a device. */
  public static WaitGraph cycleWithVictims() {
    SyntheticGraphs g = new SyntheticGraphs();
    int fixup = g.task("kworker/u8:3+synthetic-fixup", 101, "synthetic_wait_ticket");
    int worker = g.task("kworker/u8:7+synthetic-delalloc", 102, "synthetic_lock_page");
    int ticket = g.anyOf("synthetic_ticket", "space reservation ticket of a very long resource name", "");
    int flush = g.resource("synthetic_flush", "delalloc flush", "");
    int page = g.resource("synthetic_page", "page lock", "inode 5/259 page 512");
    int reclaim = g.service("synthetic_reclaim", "metadata reclaim worker");
    int reclaimTask = g.task("kworker/u8:0+events_unbound", 55, "synthetic_wait_flush");
    List<Integer> cycle =
        List.of(
            g.edge(fixup, ticket, EdgeKind.WAITS_FOR, 1, true), g.edge(ticket, reclaim, EdgeKind.NEEDS, 1, true),
            g.edge(reclaim, reclaimTask, EdgeKind.NEEDS, 1, true),
            g.edge(reclaimTask, flush, EdgeKind.WAITS_FOR, 1, true), g.edge(flush, worker, EdgeKind.NEEDS, 0.85, false),
            g.edge(worker, page, EdgeKind.WAITS_FOR, 1, true), g.edge(page, fixup, EdgeKind.HELD_BY, 0.95, false));
    g.knots.add(new Knot(List.of(fixup, worker, ticket, flush, page, reclaim, reclaimTask), cycle, 0.81, false));
    for (int i = 0; i < 23; i++) {
      g.edge(g.task("synthetic-dd", 2000 + i, "synthetic_wait_ticket"), ticket, EdgeKind.WAITS_FOR, 1, true);
    }
    for (int i = 0; i < 4; i++) {
      int flusher = g.task("kworker/u8:" + i + "+flush", 300 + i, "synthetic_lock_page");
      g.edge(flusher, page, EdgeKind.WAITS_FOR, 0.9, false);
    }
    int commit = g.resource("synthetic_commit", "transaction commit", "");
    int committer = g.task("synthetic-transaction", 77, "synthetic_io");
    int device = g.resource("synthetic_device", "writeback of the device", "");
    g.edge(g.task("sync", 9000, "synthetic_wait_commit"), commit, EdgeKind.WAITS_FOR, 1, true);
    g.edge(commit, committer, EdgeKind.HELD_BY, 1, true);
    g.edge(committer, device, EdgeKind.WAITS_FOR, 1, true);
    for (int i = 0; i < 9; i++) {
      int holder = g.task("bystander-" + i, 9100 + i, "");
      g.edge(device, holder, EdgeKind.HELD_BY, 0.1, false);
    }
    return g.graph();
  }

  /** One task that waits for what it holds. */
  public static WaitGraph selfDeadlock() {
    SyntheticGraphs g = new SyntheticGraphs();
    int task = g.task("synthetic-reader", 1, "synthetic_down_read");
    int lock = g.resource("synthetic_sem", "read-write semaphore", "");
    int e0 = g.edge(task, lock, EdgeKind.WAITS_FOR, 1, true);
    int e1 = g.edge(lock, task, EdgeKind.HELD_BY, 0.9, false);
    g.knots.add(new Knot(List.of(task, lock), List.of(e0, e1), 0.9, false));
    return g.graph();
  }

  /** Chains and trees at random, without cycles; most tasks stand behind few blockers, some wait for nothing. */
  public static WaitGraph large(long seed, int tasks) {
    Random random = new Random(seed);
    SyntheticGraphs g = new SyntheticGraphs();
    List<Integer> holders = new ArrayList<>();
    List<Integer> resources = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int task = g.task("synthetic-task-" + i % 7, i + 1, "synthetic_wait_" + i % 5);
      if (random.nextInt(10) == 0) {
        continue;
      }
      if (resources.isEmpty() || random.nextInt(25) == 0) {
        int resource =
            g.resource(
                "synthetic_kind_" + i % 6, "synthetic resource " + i % 6, random.nextBoolean() ? "" : "inode 5/" + i);
        if (!holders.isEmpty()) {
          int holder = holders.get((int) (Math.pow(random.nextDouble(), 2) * holders.size()));
          g.edge(resource, holder, EdgeKind.HELD_BY, 0.3 + random.nextDouble() * 0.7, random.nextBoolean());
        }
        resources.add(resource);
      }
      int wanted = resources.get((int) (Math.pow(random.nextDouble(), 3) * resources.size()));
      g.edge(task, wanted, EdgeKind.WAITS_FOR, 1, true);
      if (random.nextInt(10) == 0) {
        holders.add(task);
      }
    }
    return g.graph();
  }

  /** Anything at all: random nodes and edges with cycles, knots named at random. */
  public static WaitGraph anything(long seed) {
    Random random = new Random(seed);
    SyntheticGraphs g = new SyntheticGraphs();
    int n = 2 + random.nextInt(60);
    for (int i = 0; i < n; i++) {
      switch (random.nextInt(4)) {
        case 0 -> g.resource("kind" + i, "x".repeat(random.nextInt(90)) + " " + i, "y ".repeat(random.nextInt(30)));
        case 1 -> g.service("service" + i, "service " + i);
        default -> g.task("t".repeat(1 + random.nextInt(40)), i, "function_" + i);
      }
    }
    int m = random.nextInt(2 * n);
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < m; i++) {
      EdgeKind kind = EdgeKind.values()[random.nextInt(3)];
      int e = g.edge(random.nextInt(n), random.nextInt(n), kind, random.nextDouble(), random.nextBoolean());
      if (random.nextInt(8) == 0) {
        some.add(e);
      }
    }
    List<Integer> members = some.stream().map(e -> g.edges.get(e).from()).distinct().sorted().toList();
    if (!some.isEmpty()) {
      g.knots.add(new Knot(members, some, 0.5, random.nextBoolean()));
    }
    return g.graph();
  }

  private WaitGraph graph() {
    return new WaitGraph(nodes, edges, knots);
  }

  private int task(String comm, int pid, String function) {
    List<Frame> frames = new ArrayList<>();
    frames.add(new Frame("__schedule", "__schedule", "", true, 1, 2, 1));
    frames.add(new Frame("schedule", "schedule", "", true, 1, 2, 1));
    if (!function.isEmpty()) {
      frames.add(new Frame(function, function, "synthetic", true, 1, 2, 1));
    }
    TaskSnapshot task =
        new TaskSnapshot(
            comm, pid, TaskState.UNINTERRUPTIBLE, "", "", frames, Origin.SYSRQ_W, 0, 1000L * pid, 120,
            new Evidence("synthetic.log", pid, comm), pid);
    nodes.add(new Node(nodes.size(), NodeKind.TASK, "", "", task.name(), List.of(task), false));
    return nodes.size() - 1;
  }

  private int resource(String kind, String shown, String instance) {
    String label = instance.isEmpty() ? shown : shown + ": " + instance;
    nodes.add(new Node(nodes.size(), NodeKind.RESOURCE, kind, instance, label, List.of(), false));
    return nodes.size() - 1;
  }

  private int anyOf(String kind, String label, String instance) {
    nodes.add(new Node(nodes.size(), NodeKind.RESOURCE, kind, instance, label, List.of(), true));
    return nodes.size() - 1;
  }

  private int service(String kind, String label) {
    nodes.add(new Node(nodes.size(), NodeKind.SERVICE, kind, "", label, List.of(), false));
    return nodes.size() - 1;
  }

  private int edge(int from, int to, EdgeKind kind, double confidence, boolean certain) {
    edges.add(new Edge(from, to, kind, confidence, certain, "made up <for> a test & \"drawn\"", List.of()));
    return edges.size() - 1;
  }
}
