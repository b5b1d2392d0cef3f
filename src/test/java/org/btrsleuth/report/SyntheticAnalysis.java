package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.CycleStep;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.TaskRef;
import org.btrsleuth.finding.Finding.Victim;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.LostEvents;
import org.btrsleuth.format.Region;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.EnospcMoment;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.Flush;
import org.btrsleuth.replay.ReplayReport.Gap;
import org.btrsleuth.replay.ReplayReport.Holder;
import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeShare;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Mark;
import org.btrsleuth.replay.ReplayReport.Pool;
import org.btrsleuth.replay.ReplayReport.Range;
import org.btrsleuth.replay.ReplayReport.Series;
import org.btrsleuth.replay.ReplayReport.SpaceInfo;
import org.btrsleuth.replay.ReplayReport.Tickets;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.replay.ReplayReport.Question;
import org.btrsleuth.replay.ReplayReport.UnitVictim;
import org.btrsleuth.replay.ReplayReport.WhatIf;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;
import org.btrsleuth.waitgraph.WaitGraph.NodeKind;

/** Analyses made up for tests of the report formats. Nothing in them was captured anywhere. */
final class SyntheticAnalysis {
  static final Tool TOOL = new Tool("btrsleuth", "0.0-test");
  static final String UUID = "0ddba11e-feed-4bad-beef-c0ffee000001";
  static final String HOST = "very-secret-host";
  static final String USER_TASK = "secretproc";
  static final String USER_FILE = "/home/alice/private-plan.ods";
  static final String HOSTILE_TASK = "<script>alert(1)</script>";
  static final String PATH = "/srv/acme-cases/4711/dump.txt";

  private SyntheticAnalysis() {}

  static Analysis nothing() {
    InputSummary input =
        new InputSummary(
            "trace.txt", 100, "ab".repeat(32), 3, List.of(new Region(Format.FTRACE, 1, 3, 3)), 0, List.of(), List.of(), List.of());
    return new Analysis(
        new Incident(List.of(input), null, null, List.of(), List.of()), ReplayReport.EMPTY, WaitGraph.EMPTY, List.of());
  }

  static Analysis rich() {
    return rich(USER_TASK);
  }

  /** A made-up deadlock with a ledger; {@code comm} is the name of its victim. */
  static Analysis rich(String comm) {
    TaskSnapshot holder = task("kworker/u4:3", 73, 17, "btrfs_delalloc_reserve_space", "btrfs_writepage_fixup_worker");
    TaskSnapshot flusher = task("kworker/u4:0", 7, 2, "__lock_page", "extent_write_cache_pages");
    TaskSnapshot victim = task(comm, 4321, 40, "wait_current_trans", "start_transaction");
    List<TaskSnapshot> tasks = List.of(holder, flusher, victim);
    return new Analysis(
        new Incident(List.of(input()), KernelVersion.parse("5.4.0-test"), at(1), tasks, List.<LogRecord>of()),
        new ReplayReport(List.of(fileSystem(comm))),
        graph(tasks),
        List.of(deadlock(comm), warning(comm)));
  }

  private static InputSummary input() {
    return new InputSummary(
        PATH,
        123_456,
        "0123456789abcdef".repeat(4),
        60,
        List.of(new Region(Format.PROC_STACK, 1, 39, 2), new Region(Format.KERNEL_LOG, 40, 60, 1)),
        2,
        List.of(new Evidence(PATH, 33, "=cmd|'/c calc'!A1 " + HOST), new Evidence(PATH, 34, "\u001b[31mred <b>bold</b>")),
        List.of(new LostEvents(1, 366, 50), new LostEvents(-1, -1, 51)),
        List.of("the file ends in the middle of a line; the rest was analysed"));
  }

  private static TaskSnapshot task(String comm, int pid, long line, String... functions) {
    List<Frame> frames = new ArrayList<>();
    for (String function : functions) {
      frames.add(new Frame(function, function, "btrfs", true, 0x1fc, 0x2a0, line + 1 + frames.size()));
    }
    return new TaskSnapshot(
        comm, pid, TaskState.UNINTERRUPTIBLE, "", "", frames, TaskSnapshot.Origin.SYSRQ_W, 0, 1_000_000_000L, -1,
        new Evidence(PATH, line, "task:" + comm + " state:D stack:0 pid:" + pid), line + frames.size());
  }

  static Evidence at(long line) {
    return new Evidence(
        PATH, line, "Nov 20 12:00:00 " + HOST + " kernel: task " + USER_TASK + ":4321 wrote " + USER_FILE + " on " + UUID);
  }

  private static WaitGraph graph(List<TaskSnapshot> tasks) {
    List<Node> nodes =
        List.of(
            new Node(0, NodeKind.TASK, "", "", tasks.get(0).name(), List.of(tasks.get(0)), false),
            new Node(1, NodeKind.TASK, "", "", tasks.get(1).name(), List.of(tasks.get(1)), false),
            new Node(2, NodeKind.TASK, "", "", tasks.get(2).name(), List.of(tasks.get(2)), false),
            new Node(3, NodeKind.RESOURCE, "delalloc_flush", "", "delalloc flush", List.of(), false),
            new Node(4, NodeKind.RESOURCE, "page_lock", "inode 5/257", "page lock", List.of(), false),
            new Node(5, NodeKind.RESOURCE, "transaction_unblocked", "", "transaction", List.of(), false));
    List<Edge> edges =
        List.of(
            new Edge(0, 3, EdgeKind.WAITS_FOR, 0.95, true, "frame start_delalloc_inodes", List.of(at(18))),
            new Edge(3, 1, EdgeKind.NEEDS, 0.85, false, "every dirty inode must be written", List.of()),
            new Edge(1, 4, EdgeKind.WAITS_FOR, 1.0, true, "__lock_page", List.of(at(3))),
            new Edge(4, 0, EdgeKind.HELD_BY, 0.85, true, "the fixup worker holds it", List.of()),
            new Edge(2, 5, EdgeKind.WAITS_FOR, 1.0, true, "wait_current_trans", List.of(at(41))));
    return new WaitGraph(nodes, edges, List.of(new Knot(List.of(0, 1, 3, 4), List.of(0, 1, 2, 3), 0.85, false)));
  }

  private static Finding deadlock(String comm) {
    TaskRef holder = new TaskRef("kworker/u4:3", 73);
    TaskRef flusher = new TaskRef("kworker/u4:0", 7);
    ResourceRef page = new ResourceRef("page_lock", "inode 5/257", true, "taken before the reservation");
    ResourceRef flush = new ResourceRef("delalloc_flush", "", true, "start_delalloc_inodes");
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("zTasks", 3L);
    numbers.put("aTasks", 2L);
    return new Finding(
        "sig:0123", "synthetic-deadlock", "a made-up deadlock", "The fixup worker holds a page and waits for a flush.",
        List.of(comm + " (4321) waits behind it."), Finding.Severity.ERROR, Finding.Confidence.LIKELY,
        List.of(
            new CycleStep(holder, page, flush, List.of(at(17))),
            new CycleStep(flusher, flush, new ResourceRef("page_lock", "", false, "the only holder"), List.of(at(2)))),
        List.of(new Victim(new TaskRef(comm, 4321), new ResourceRef("transaction_unblocked", "", true, "frame"), at(40))),
        List.of(new MatchedFix(new Fix("f4b1363cae43", "btrfs: do not do delalloc reservation under page lock", "5.6", ""), true)),
        List.of("two tasks were seen asleep"), List.of("the page is the same one"), List.of(at(17), at(2)),
        List.of("record btrfs:__extent_writepage"), numbers);
  }

  private static Finding warning(String comm) {
    return new Finding(
        "sig:0456", "synthetic-warning", "a made-up warning about " + USER_FILE, "=1+1", List.of(), Finding.Severity.WARNING,
        Finding.Confidence.POSSIBLE, List.of(),
        List.of(new Victim(new TaskRef(comm, -1), null, null)), List.of(), List.of(), List.of(),
        List.of(new Evidence(PATH, 50, "=HYPERLINK(\"http://x\") " + UUID + " " + comm)), List.of(), Map.of("bytesTaken", 393_216L));
  }

  private static FileSystem fileSystem(String comm) {
    InodeUnitEvent event = new InodeUnitEvent("withoutEntitlement", -1, 257, 393_216, comm + "-4321", 1_500_000_000L, at(50));
    InodeUnits whatIf = new InodeUnits(10, 4, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, InodeUnitRules.UNKNOWN, null);
    InodeUnitRules rules =
        new InodeUnitRules(
            UnitRules.BEFORE_FIX, true, List.of("no unit is reserved at write time"), 1, 393_216, at(51),
            List.of(new UnitVictim(258, 786_432, 393_216, 1_600_000_000L)), event);
    InodeUnits units = new InodeUnits(10, 4, 0, 5, 1_966_080, 0, 0, 0, 1, 1, 0, 0, rules, whatIf);
    return new FileSystem(
        UUID, "3.3-4.7 delalloc bucket", 786_432, 393_216,
        List.of(new SpaceInfo(4, "METADATA", true, new Range(0, 4096, 1 << 20), null)),
        List.of(new Pool("delalloc", 10, 4, 3, 2, 1, 6)), 2, new Tickets(3, 1, 0, List.of(1000L, 2000L, 3000L, 4000L)),
        List.of(new Flush("FLUSH_DELALLOC", 2, 1, 8192, 1, 4096)), units, List.of(event),
        List.of(
            new Check("bytes_may_use", 100, 0, 0, null, ""),
            new Check("outstanding_extents", 10, 1, 2, at(52), "expected 1, printed 2")),
        List.of(
            new Series(
                "space_info", "METADATA bytes_may_use", "bytes", new long[] {1_000_000_000L, 2_000_000_000L},
                new long[] {0, 4096}, List.of(new Mark(1_500_000_000L, "withoutEntitlement")))),
        List.of(new Gap(at(50), "366 events lost")),
        List.of(
            new EnospcMoment(
                at(53), 1_700_000_000L, 4, comm, 4096, "ticket", "metadata had 0 free",
                List.of(new Holder("inode", "inode 257 of root 5", 8192)))),
        List.of(new Anomaly("leaked-reservation", "delalloc", 5, 257, 4096, false, "released by nobody", Map.of("n", 1L), List.of(at(54)))),
        List.of("the capture starts in the middle"),
        new WhatIf(
            "fixed", "after the fix", true, "5 would have been handed over.", event, null,
            List.of(
                new InodeDifference(
                    -1, 257, 10, 5, 1_500_000_000L, new InodeShare(8192, 0, 0, 5, 1),
                    new InodeShare(12288, 6, 0, 0, 0))),
            List.of("taken to be granted")),
        List.of(new Question("flush-storm", "no flush step in this capture", "btrfs:btrfs_flush_space")));
  }
}
