package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.testing.Captures;
import org.btrsleuth.waitgraph.WaitGraph;
import org.btrsleuth.waitgraph.WaitGraph.EdgeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of held locks without stacks, and the circles that lockdep reports. */
class HeldLocksTest {
  @TempDir Path dir;

  @Test
  void lists_alone_say_who_holds_what_and_who_waits_for_whom() {
    Path capture = Captures.sample("page-lock/v5.4.0-lockdep-fixup-deadlock.sysrq-d.txt");
    List<Finding> findings = Incidents.all(null, capture);
    assertThat(findings).hasSize(1);
    Finding finding = findings.get(0);
    assertThat(finding.pattern()).isEqualTo("locks-held");
    assertThat(finding.severity()).isEqualTo(Severity.INFO);
    assertThat(finding.cycle()).isEmpty();
    assertThat(finding.victims()).extracting(v -> v.task().pid()).containsExactly(2802);
    assertThat(finding.victims().get(0).waitsFor().kind()).isEqualTo("delalloc_root_mutex");
    WaitGraph graph = Incidents.analyse(capture).graph();
    assertThat(graph.edges()).hasSize(2).allMatch(WaitGraph.Edge::certain);
    assertThat(graph.edges()).extracting(WaitGraph.Edge::kind).contains(EdgeKind.HELD_BY, EdgeKind.WAITS_FOR);
  }

  @Test
  void two_mutexes_held_crosswise_are_a_deadlock() throws IOException {
    List<Finding> findings =
        findings(
            """
            [  50.000001] Showing all locks held in the system:
            [  50.000002] 2 locks held by btrfs/100:
            [  50.000003]  #0: ffff888001000010 (&fs_info->chunk_mutex){+.+.}-{3:3}, at: btrfs_chunk_alloc+0x10/0x90
            [  50.000004]  #1: ffff888001000020 (&fs_info->reclaim_bgs_lock){+.+.}-{3:3}, at: btrfs_relocate_chunk+0x10/0x90
            [  50.000005] 2 locks held by btrfs/200:
            [  50.000006]  #0: ffff888001000020 (&fs_info->reclaim_bgs_lock){+.+.}-{3:3}, at: btrfs_delete_unused_bgs+0x10/0x90
            [  50.000007]  #1: ffff888001000010 (&fs_info->chunk_mutex){+.+.}-{3:3}, at: btrfs_remove_chunk+0x10/0x90
            """);
    assertThat(findings.get(0).confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(findings.get(0).cycle()).extracting(s -> s.waitsFor().kind())
        .containsExactlyInAnyOrder("chunk_mutex", "reclaim_bgs_lock");
    assertThat(findings.get(0).cycle()).extracting(s -> s.task().pid()).containsExactlyInAnyOrder(100, 200);
  }

  @Test
  void locks_for_readers_and_marks_prove_no_wait() throws IOException {
    List<Finding> findings =
        findings(
            """
            [  50.000001] Showing all locks held in the system:
            [  50.000002] 3 locks held by btrfs/100:
            [  50.000003]  #0: ffff888001000010 (&fs_info->commit_root_sem){++++}-{3:3}, at: caching_thread+0x10/0x90
            [  50.000004]  #1: ffffffff81000020 (fs_reclaim){+.+.}-{0:0}, at: fs_reclaim_acquire+0x10/0x90
            [  50.000005]  #2: ffffffff81000030 (rcu_read_lock){....}-{1:2}, at: debug_show_all_locks+0x10/0x90
            [  50.000006] 1 lock held by btrfs/200:
            [  50.000007]  #0: ffff888001000010 (&fs_info->commit_root_sem){++++}-{3:3}, at: caching_thread+0x10/0x90
            [  50.000008] 1 lock held by kswapd0/50:
            [  50.000009]  #0: ffffffff81000020 (fs_reclaim){+.+.}-{0:0}, at: fs_reclaim_acquire+0x10/0x90
            [  50.000010] 1 lock held by sh/300:
            [  50.000011]  #0: ffffffff81000030 (rcu_read_lock){....}-{1:2}, at: debug_show_all_locks+0x10/0x90
            """);
    assertThat(findings).hasSize(1).allSatisfy(f -> assertThat(f.victims()).isEmpty());
    assertThat(findings.get(0).numbers()).containsEntry("tasksWithLocks", 2L);
  }

  @Test
  void a_lock_that_was_let_go_between_two_lists_is_not_waited_for() throws IOException {
    List<Finding> findings =
        findings(
            """
            [  50.000001] Showing all locks held in the system:
            [  50.000002] 2 locks held by btrfs/100:
            [  50.000003]  #0: ffff888001000010 (&fs_info->chunk_mutex){+.+.}-{3:3}, at: btrfs_chunk_alloc+0x10/0x90
            [  50.000004]  #1: ffff888001000020 (&fs_info->reclaim_bgs_lock){+.+.}-{3:3}, at: btrfs_relocate_chunk+0x10/0x90
            [  50.000005] 1 lock held by btrfs/200:
            [  50.000006]  #0: ffff888001000010 (&fs_info->chunk_mutex){+.+.}-{3:3}, at: btrfs_remove_chunk+0x10/0x90
            [  90.000001] Showing all locks held in the system:
            [  90.000005] 1 lock held by btrfs/200:
            [  90.000006]  #0: ffff888001000010 (&fs_info->chunk_mutex){+.+.}-{3:3}, at: btrfs_remove_chunk+0x10/0x90
            """);
    assertThat(findings).allSatisfy(f -> assertThat(f.victims()).isEmpty());
  }

  /** Chain of two links, as a mail quotes it: #1 was taken under #0, which the reporting task takes under #1. */
  @Test
  void lockdep_circle_is_told_in_waiting_order() throws IOException {
    String log =
        """
        [  50.000001] WARNING: possible circular locking dependency detected
        [  50.000002] 6.8.0 #1 Not tainted
        [  50.000003] ------------------------------------------------------
        [  50.000004] btrfs/4711 is trying to acquire lock:
        [  50.000005] ffff888001000010 (&fs_info->chunk_mutex){+.+.}-{3:3}, at: btrfs_chunk_alloc+0x10/0x90
        [  50.000006]\s
                      but task is already holding lock:
        [  50.000007] ffff888001000020 (btrfs-chunk-00){++++}-{3:3}, at: btrfs_tree_lock+0x10/0x90
        [  50.000008]\s
                      which lock already depends on the new lock.
        [  50.000009] the existing dependency chain (in reverse order) is:
        [  50.000010] -> #1 (btrfs-chunk-00){++++}-{3:3}:
        [  50.000011]        down_read_nested+0x10/0x90
        [  50.000012]        btrfs_update_device+0x10/0x90
        [  50.000013]        btrfs_chunk_alloc+0x10/0x90
        [  50.000014] -> #0 (&fs_info->chunk_mutex){+.+.}-{3:3}:
        [  50.000015]        __mutex_lock+0x10/0x90
        [  50.000016]        btrfs_chunk_alloc+0x10/0x90
        [  50.000017]        find_free_extent+0x10/0x90
        """;
    Path file = Files.writeString(dir.resolve("circle.log"), log);
    HangAnalysis.Result result = Incidents.analyse(file);
    assertThat(result.findings()).as("nobody waits").noneMatch(f -> f.severity() == Severity.ERROR);
    assertThat(result.graph().knots()).hasSize(1).allMatch(WaitGraph.Knot::resolvable);
    assertThat(result.graph().edges()).hasSize(4).allMatch(WaitGraph.Edge::certain);
    Finding finding = Incidents.all(null, file).get(0);
    assertThat(finding.cycle()).hasSize(2);
    assertThat(finding.cycle().get(0).task().pid()).isEqualTo(4711);
    assertThat(finding.cycle().get(0).holds().kind()).isEqualTo("tree_lock");
    assertThat(finding.cycle().get(0).waitsFor().kind()).isEqualTo("chunk_mutex");
    assertThat(finding.cycle().get(1).task().comm()).contains("btrfs_update_device");
    assertThat(finding.cycle().get(1).waitsFor().kind()).isEqualTo("tree_lock");
  }

  private List<Finding> findings(String log) throws IOException {
    return Incidents.all(null, Files.writeString(dir.resolve("locks.log"), log));
  }
}
