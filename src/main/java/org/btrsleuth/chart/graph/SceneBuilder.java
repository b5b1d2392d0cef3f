package org.btrsleuth.chart.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.btrsleuth.chart.graph.Scene.Arrow;
import org.btrsleuth.chart.graph.Scene.Box;
import org.btrsleuth.chart.graph.Scene.Emphasis;
import org.btrsleuth.chart.graph.Scene.Shape;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Puts the boxes and arrows of a folded graph into words. */
final class SceneBuilder {
  /** Names of a group that are spelled out. */
  private static final int NAMES = 3;

  /** Lines of a tooltip. */
  private static final int TOOLTIP = 30;

  private final WaitGraph graph;
  private final Folding.View view;

  SceneBuilder(WaitGraph graph, Folding.View view) {
    this.graph = graph;
    this.view = view;
  }

  Scene build() {
    Map<Integer, Integer> index = new HashMap<>();
    BitSet holders = new BitSet();
    BitSet waiters = new BitSet();
    view.edges().stream().mapToObj(graph.edges()::get).forEach(
        edge -> {
          holders.set(edge.to());
          waiters.set(edge.from());
        });
    List<Box> boxes = new ArrayList<>();
    view.nodes().stream().forEach(
        i -> {
          index.put(i, boxes.size());
          boxes.add(box(i, holders.get(i), waiters.get(i)));
        });
    List<Arrow> arrows = new ArrayList<>();
    view.edges().stream().forEach(e -> arrows.add(arrow(e, index)));
    return new Scene(boxes, arrows, view.notes());
  }

  private Box box(int id, boolean waitedFor, boolean waits) {
    Node node = graph.nodes().get(id);
    boolean inCycle = view.cycleNodes().get(id);
    if (node.nodeKind() != NodeKind.TASK) {
      return thing(node, inCycle);
    }
    List<Node> all = view.members().getOrDefault(id, List.of(id)).stream().map(graph.nodes()::get).toList();
    List<String> names = new ArrayList<>();
    List<TaskSnapshot> tasks = new ArrayList<>();
    for (Node member : all) {
      tasks.addAll(member.tasks());
      if (member.tasks().isEmpty()) {
        names.add(member.label());
      }
      // A nameless task is called by its role, which only the label of a node of its own tells.
      boolean role = member.tasks().size() == 1 && member.tasks().get(0).comm().isEmpty();
      member.tasks().forEach(task -> names.add(role ? member.label() : task.name()));
    }
    int count = names.size();
    List<String> title = new ArrayList<>();
    List<String> details = new ArrayList<>();
    if (count == 1) {
      title.add(node.label());
    } else {
      title.add(count + (waitedFor ? " tasks, same stack" : " waiting tasks"));
      details.addAll(commonNames(tasks, names));
    }
    if (!tasks.isEmpty()) {
      details.addAll(where(tasks));
    }
    more(id, details);
    Shape shape = count > 1 ? Shape.GROUP : waitedFor ? Shape.HOLDER : Shape.WAITER;
    if (waitedFor && !waits) {
      details.add("not seen waiting: root blocker");
    }
    return new Box(shape, title, details, tooltip(names, tasks), inCycle, count + view.behind()[id]);
  }

  private Box thing(Node node, boolean inCycle) {
    List<String> details = new ArrayList<>();
    String label = node.label().isEmpty() ? node.kind() : node.label();
    List<String> title = List.of(label);
    if (!node.instance().isEmpty() && label.endsWith(": " + node.instance())) {
      title = List.of(label.substring(0, label.length() - node.instance().length() - 2));
      details.add(node.instance());
    } else if (!node.instance().isEmpty() && !label.contains(node.instance())) {
      details.add(node.instance());
    }
    if (node.anyOf()) {
      details.add("one of its arrows is enough");
    }
    int left = view.unlikely().getOrDefault(node.id(), 0);
    if (left > 0) {
      details.add(left == 1 ? "1 unlikely arrow not drawn" : left + " unlikely arrows not drawn");
    }
    more(node.id(), details);
    Shape shape = node.nodeKind() == NodeKind.SERVICE ? Shape.SERVICE : Shape.RESOURCE;
    String tooltip = label + (node.kind().isEmpty() ? "" : "\nkind: " + node.kind());
    return new Box(shape, title, details, tooltip, inCycle, view.behind()[node.id()]);
  }

  private void more(int id, List<String> details) {
    int behind = view.behind()[id];
    if (behind > 0) {
      details.add("+ " + behind + (behind == 1 ? " more task behind" : " more tasks behind"));
    }
  }

  /** Names with what differs at their ends folded: "3 x kworker/u8", the most frequent first. */
  private static List<String> commonNames(List<TaskSnapshot> tasks, List<String> names) {
    if (names.size() <= NAMES) {
      return names;
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, Integer> numbered = new HashMap<>();
    boolean known = tasks.size() == names.size();
    for (TaskSnapshot task : tasks) {
      numbered.merge(unnumbered(task.comm()), 1, Integer::sum);
    }
    for (int i = 0; i < names.size(); i++) {
      String name = known ? stem(tasks.get(i), names.get(i)) : names.get(i);
      // dioread54, dioread56, ...: workers of one program.
      String family = unnumbered(name);
      boolean many = known && family.length() > 2 && numbered.getOrDefault(family, 0) >= NAMES;
      counts.merge(many && !family.equals(name) ? family + "*" : name, 1, Integer::sum);
    }
    List<Map.Entry<String, Integer>> sorted = new ArrayList<>(counts.entrySet());
    sorted.sort((a, b) -> Integer.compare(b.getValue(), a.getValue()));
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Integer> entry : sorted.subList(0, Math.min(NAMES, sorted.size()))) {
      lines.add(entry.getValue() == 1 ? entry.getKey() : entry.getValue() + " \u00d7 " + entry.getKey());
    }
    int left = sorted.size() - NAMES;
    if (left > 0) {
      lines.add("and " + left + (left == 1 ? " more name" : " more names"));
    }
    return lines;
  }

  private static String unnumbered(String comm) {
    int end = comm.length();
    while (end > 0 && Character.isDigit(comm.charAt(end - 1))) {
      end--;
    }
    return comm.substring(0, end);
  }

  private static String stem(TaskSnapshot task, String name) {
    String comm = task.comm();
    if (comm.isEmpty()) {
      return name;
    }
    int colon = comm.startsWith("kworker/") ? comm.indexOf(':') : -1;
    int plus = comm.indexOf('+');
    return colon < 0 ? comm : comm.substring(0, colon) + (plus < 0 ? "" : comm.substring(plus));
  }

  /** Where the tasks sleep, how long they have done so. */
  private static List<String> where(List<TaskSnapshot> tasks) {
    List<String> lines = new ArrayList<>();
    Map<String, Integer> functions = new LinkedHashMap<>();
    Map<String, Integer> callers = new LinkedHashMap<>();
    long longest = -1;
    for (TaskSnapshot task : tasks) {
      longest = Math.max(longest, task.blockedSeconds());
      String function = sleepingIn(task);
      String caller = fileSystemFunction(task);
      functions.merge(function, 1, Integer::sum);
      callers.merge(caller.equals(function) ? "" : caller, 1, Integer::sum);
    }
    most("in ", functions, lines);
    most("from ", callers, lines);
    if (longest > 0) {
      lines.add("blocked for more than " + longest + " s");
    }
    return lines;
  }

  private static void most(String word, Map<String, Integer> functions, List<String> lines) {
    String most = functions.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
    int others = functions.size() - 1;
    if (!most.isEmpty()) {
      lines.add(word + most + (others == 0 ? "" : others == 1 ? " and 1 other" : " and " + others + " others"));
    }
  }

  /** The innermost function of btrfs. */
  private static String fileSystemFunction(TaskSnapshot task) {
    for (Frame frame : task.frames()) {
      if (frame.reliable() && (frame.module().equals("btrfs") || frame.function().contains("btrfs"))) {
        return frame.function();
      }
    }
    return "";
  }

  /** The innermost function that is not the scheduler itself. */
  private static String sleepingIn(TaskSnapshot task) {
    for (Frame frame : task.frames()) {
      String f = frame.function();
      boolean scheduler =
          f.startsWith("schedule") || f.startsWith("__schedule") || f.startsWith("io_schedule")
              || f.startsWith("__switch_to") || f.startsWith("context_switch") || f.startsWith("preempt_schedule");
      if (frame.reliable() && !scheduler) {
        return f;
      }
    }
    return "";
  }

  private static String tooltip(List<String> names, List<TaskSnapshot> tasks) {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (String name : names) {
      if (shown++ == TOOLTIP / 2) {
        text.append("and ").append(names.size() - TOOLTIP / 2).append(" more\n");
        break;
      }
      text.append(name).append('\n');
    }
    if (!tasks.isEmpty()) {
      List<Frame> frames = tasks.get(0).frames();
      frames.stream().limit(TOOLTIP / 2).forEach(f -> text.append("  ").append(f.function()).append('\n'));
      text.append(tasks.get(0).header().location()).append('\n');
    }
    return text.toString().stripTrailing();
  }

  private int tasks(int id) {
    List<Integer> members = view.members().getOrDefault(id, List.of(id));
    return members.stream().mapToInt(i -> graph.nodes().get(i).tasks().size()).sum();
  }

  private Arrow arrow(int e, Map<Integer, Integer> index) {
    Edge edge = graph.edges().get(e);
    String verb =
        switch (edge.kind()) {
          case WAITS_FOR -> "waits for";
          case HELD_BY -> "held by";
          case NEEDS -> "needs";
        };
    if (edge.kind() == EdgeKind.WAITS_FOR && tasks(edge.from()) > 1) {
      verb = "wait for";
    }
    String label =
        edge.certain() ? verb : verb + String.format(Locale.ROOT, " (inferred, %.0f %%)", edge.confidence() * 100);
    StringBuilder tooltip = new StringBuilder(edge.certain() ? "certain: " : "inferred: ").append(edge.because());
    for (Evidence at : edge.evidence()) {
      tooltip.append('\n').append(at.location());
    }
    Emphasis emphasis =
        view.cycleEdges().get(e)
            ? Emphasis.CYCLE
            : view.doubtfulEdges().get(e) ? Emphasis.DOUBTFUL : Emphasis.NONE;
    return new Arrow(
        index.get(edge.from()), index.get(edge.to()), label, edge.certain(), emphasis, tooltip.toString());
  }
}
