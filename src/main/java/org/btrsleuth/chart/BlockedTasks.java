package org.btrsleuth.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.btrsleuth.chart.graph.Cycles;
import org.btrsleuth.chart.plot.BlockedModel;
import org.btrsleuth.chart.plot.BlockedModel.Role;
import org.btrsleuth.chart.plot.BlockedModel.Row;
import org.btrsleuth.chart.plot.BlockedModel.Span;
import org.btrsleuth.chart.plot.BlockedPlot;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;

/** The timeline of blocked tasks, from hung-task reports and dumps that carry a time. */
final class BlockedTasks {
  /** More rows than this are folded by what the tasks wait for. */
  private static final int SINGLE_ROWS = 24;

  private static final int MOST_ROWS = 36;

  /** Longest row of markers that still shows single ones. */
  private static final int MOST_SEEN = 200;

  /** A pause without any blocked task that separates two episodes, which are drawn apart. */
  private static final long PAUSE_NANOS = 900_000_000_000L;

  private static final int MOST_EPISODES = 3;

  private final Map<String, List<TaskSnapshot>> byTask = new LinkedHashMap<>();
  private final Map<String, String> waitsFor = new HashMap<>();
  private final Set<String> inCycle = new HashSet<>();
  private final long start;

  private BlockedTasks(List<TaskSnapshot> episode) {
    start = since(episode.get(0));
    for (TaskSnapshot task : episode) {
      byTask.computeIfAbsent(key(task), k -> new ArrayList<>()).add(task);
    }
    byTask.values().forEach(seen -> seen.sort(Comparator.comparingLong(TaskSnapshot::timeNanos)));
  }

  /** One chart an episode; none where no task is known to have been blocked over a time. */
  static List<Chart> of(Analysis analysis) {
    List<TaskSnapshot> timed = new ArrayList<>();
    int untimed = timed(analysis.incident().tasks(), timed);
    List<List<TaskSnapshot>> episodes = new ArrayList<>(episodes(timed));
    // The one with most to see first; the sort is stable, so of two alike the earlier one.
    episodes.sort(Comparator.comparingInt(episode -> -episode.size()));
    List<BlockedTasks> lasting = new ArrayList<>();
    for (List<TaskSnapshot> episode : episodes) {
      BlockedTasks tasks = new BlockedTasks(episode);
      tasks.name(analysis.waitGraph());
      if (tasks.lasted()) {
        lasting.add(tasks);
      }
    }
    List<Chart> charts = new ArrayList<>();
    for (BlockedTasks tasks : lasting.subList(0, Math.min(MOST_EPISODES, lasting.size()))) {
      charts.add(tasks.chart(charts.size() + 1, lasting.size(), untimed));
    }
    return charts;
  }

  private boolean lasted() {
    return byTask.values().stream().flatMap(List::stream).anyMatch(task -> task.timeNanos() > start);
  }

  /** Collects the blocked tasks whose time is known, and counts the others. */
  private static int timed(List<TaskSnapshot> all, List<TaskSnapshot> timed) {
    Map<Integer, Long> dumps = new HashMap<>();
    for (TaskSnapshot task : all) {
      if (task.timeNanos() >= 0 && task.origin() != Origin.HUNG_TASK) {
        dumps.merge(task.dump(), task.timeNanos(), Math::min);
      }
    }
    int untimed = 0;
    for (TaskSnapshot task : all) {
      if (task.origin() == Origin.HUNG_TASK || task.state() == TaskState.UNINTERRUPTIBLE) {
        if (task.timeNanos() < 0 || task.pid() < 0) {
          untimed++;
        } else {
          timed.add(atItsMoment(task, dumps));
        }
      }
    }
    return untimed;
  }

  /** Splits at long pauses. */
  private static List<List<TaskSnapshot>> episodes(List<TaskSnapshot> timed) {
    List<TaskSnapshot> sorted = new ArrayList<>(timed);
    sorted.sort(Comparator.comparingLong(BlockedTasks::since));
    List<List<TaskSnapshot>> episodes = new ArrayList<>();
    long end = 0;
    for (TaskSnapshot task : sorted) {
      if (episodes.isEmpty() || since(task) - end > PAUSE_NANOS) {
        episodes.add(new ArrayList<>());
        end = task.timeNanos();
      }
      episodes.get(episodes.size() - 1).add(task);
      end = Math.max(end, task.timeNanos());
    }
    return episodes;
  }

  /** A dump shows one moment, however long the console took to print it. */
  private static TaskSnapshot atItsMoment(TaskSnapshot task, Map<Integer, Long> dumps) {
    if (task.timeNanos() < 0 || task.origin() == Origin.HUNG_TASK) {
      return task;
    }
    return new TaskSnapshot(
        task.comm(), task.pid(), task.state(), task.workqueue(), task.workFunction(), task.frames(), task.origin(),
        task.dump(), dumps.get(task.dump()), task.blockedSeconds(), task.header(), task.lastLine());
  }

  private static String key(TaskSnapshot task) {
    return task.comm() + " " + task.pid();
  }

  private static long since(TaskSnapshot task) {
    return task.timeNanos() - Math.max(0, task.blockedSeconds()) * 1_000_000_000L;
  }

  private void name(WaitGraph graph) {
    for (Edge edge : graph.edges()) {
      if (edge.kind() == EdgeKind.WAITS_FOR) {
        Node resource = graph.nodes().get(edge.to());
        graph.nodes().get(edge.from()).tasks().forEach(task -> waitsFor.putIfAbsent(key(task), resource.label()));
      }
    }
    for (Knot knot : graph.knots()) {
      if (Cycles.isDeadlock(knot)) {
        for (int e : knot.cycle()) {
          graph.nodes().get(graph.edges().get(e).from()).tasks().forEach(task -> inCycle.add(key(task)));
        }
      }
    }
  }

  private List<Row> rows() {
    List<Row> single = new ArrayList<>();
    byTask.forEach((key, seen) -> single.add(row(seen.get(seen.size() - 1).name(), key, seen)));
    single.sort(
        Comparator.comparing(Row::role).thenComparing(row -> row.spans().get(0).from()).thenComparing(Row::name));
    if (single.size() <= SINGLE_ROWS) {
      return single;
    }
    Map<String, List<Row>> byWait = new LinkedHashMap<>();
    for (Row row : single) {
      // Members of the cycle stay single whatever there is.
      byWait.computeIfAbsent(row.role() == Role.CYCLE ? row.name() : row.what(), k -> new ArrayList<>()).add(row);
    }
    List<Row> folded = new ArrayList<>();
    for (List<Row> alike : byWait.values()) {
      if (alike.size() < 3) {
        folded.addAll(alike);
      } else {
        folded.add(fold(alike));
      }
    }
    return folded;
  }

  private Row row(String name, String key, List<TaskSnapshot> seen) {
    List<Span> spans = new ArrayList<>();
    double[] moments = new double[seen.size()];
    String before = null;
    for (int i = 0; i < moments.length; i++) {
      TaskSnapshot task = seen.get(i);
      moments[i] = seconds(task.timeNanos());
      double from = seconds(since(task));
      String where = sleepingIn(task);
      Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
      if (last != null && (where.equals(before) || from <= last.from())) {
        spans.set(spans.size() - 1, new Span(Math.min(last.from(), from), moments[i]));
      } else {
        spans.add(new Span(last == null ? from : Math.max(from, last.to()), moments[i]));
      }
      before = where;
    }
    String wait = waitsFor.get(key);
    Role role = inCycle.contains(key) ? Role.CYCLE : wait == null ? Role.UNKNOWN : Role.WAITS;
    String what = wait != null ? wait : before == null || before.isEmpty() ? "stack not read" : "in " + before;
    return new Row(name, what, role, spans, moments);
  }

  private static Row fold(List<Row> rows) {
    List<Span> all = new ArrayList<>();
    TreeSet<Double> seen = new TreeSet<>();
    for (Row row : rows) {
      all.addAll(row.spans());
      for (double moment : row.seen()) {
        seen.add(moment);
      }
    }
    all.sort(Comparator.comparingDouble(Span::from));
    // A bar where at least one of the tasks was blocked.
    List<Span> spans = new ArrayList<>();
    for (Span span : all) {
      Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
      if (last != null && span.from() <= last.to()) {
        spans.set(spans.size() - 1, new Span(last.from(), Math.max(last.to(), span.to())));
      } else {
        spans.add(span);
      }
    }
    double[] moments = seen.stream().limit(MOST_SEEN).mapToDouble(Double::doubleValue).toArray();
    Row first = rows.get(0);
    Set<String> comms = new HashSet<>();
    rows.forEach(row -> comms.add(row.name().replaceFirst(" \\(\\d+\\)$", "")));
    String name = rows.size() + (comms.size() == 1 ? " \u00d7 " + comms.iterator().next() : " tasks");
    return new Row(name, first.what(), first.role(), spans, moments);
  }

  private double seconds(long nanos) {
    return ((double) nanos - start) / 1e9;
  }

  /** The innermost function that is not the scheduler itself. */
  private static String sleepingIn(TaskSnapshot task) {
    return task.frames().stream()
        .filter(Frame::reliable)
        .map(Frame::function)
        .filter(f -> !f.contains("schedule") && !f.startsWith("__switch_to"))
        .findFirst()
        .orElse("");
  }

  private Chart chart(int number, int episodes, int untimed) {
    List<Row> rows = rows();
    int tasks = byTask.size();
    List<Row> drawn = rows.size() <= MOST_ROWS ? rows : rows.subList(0, MOST_ROWS);
    String title = "Blocked tasks over time" + (number == 1 ? "" : ", episode " + number);
    String subtitle =
        tasks + (tasks == 1 ? " task" : " tasks")
            + ".  A bar begins where the task was surely blocked already, and ends where it was last seen blocked.";
    String caption =
        "Every task that a hung-task report or a dump showed in uninterruptible sleep. A hung-task report says for how "
            + "long at least a task had been blocked, which gives the beginning of its bar; a dump only says that it "
            + "was blocked at that moment. Ticks are these reports and dumps; what happened after the last one is not "
            + "known. The text at a bar is what the task waits for."
            + (rows.size() < tasks ? " Tasks that wait for the same share a row." : "")
            + (rows.size() > MOST_ROWS ? " " + (rows.size() - MOST_ROWS) + " more rows are not drawn." : "")
            + (episodes > 1
                ? " The capture has " + episodes + " times with blocked tasks, far apart; this is number " + number
                    + " by the number of reports" + (episodes > MOST_EPISODES ? ", and only " + MOST_EPISODES
                    + " are drawn." : ".")
                : "")
            + (untimed > 0
                ? " " + untimed + (untimed == 1 ? " stack carries" : " stacks carry")
                    + " no time or no pid and cannot be drawn."
                : "");
    String axis = String.format(Locale.ROOT, "time (seconds from start, log time %.3f)", start / 1e9);
    String id = "blocked-tasks" + (number == 1 ? "" : "-" + number);
    return new Chart(id, title, caption, () -> BlockedPlot.of(new BlockedModel(title, subtitle, axis, drawn)));
  }
}
