package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.testing.Captures;
import org.btrsleuth.waitgraph.TraceEvidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a correct kernel shows as well, when space really runs out or work takes long, names no bug. */
class CommonSignsTest {
  private static final long MOST_BYTES = 6 << 20;

  private static final String FULL =
      """
      [  100.1] BTRFS info (device sdb): Linux version 6.19.0
      [  100.2] BTRFS info (device sdb): cannot satisfy tickets, dumping space info
      [  100.3] BTRFS info (device sdb): space_info METADATA (sub-group id 0) has 0 free, is full
      [  100.4] BTRFS info (device sdb): space_info total=268435456, used=201326592, pinned=0, reserved=0, \
      may_use=67108864, readonly=0 zone_unusable=0
      [  100.5] BTRFS info (device sdb): global_block_rsv: size 13631488 reserved 13631488
      [  100.6] BTRFS info (device sdb): trans_block_rsv: size 0 reserved 0
      [  100.7] BTRFS info (device sdb): chunk_block_rsv: size 0 reserved 0
      [  100.8] BTRFS info (device sdb): delayed_block_rsv: size 0 reserved 0
      [  100.9] BTRFS info (device sdb): delayed_refs_rsv: size 524288 reserved 524288
      """;

  @TempDir Path dir;

  private List<Finding> findings(Path... files) {
    return signatures(Incidents.of(files), Knowledge.shipped());
  }

  private static List<Finding> signatures(Incident incident, Knowledge knowledge) {
    return SignatureFindings.of(incident, knowledge, List.of());
  }

  private Path log(String text) throws IOException {
    return Files.writeString(dir.resolve("log.txt"), text);
  }

  @Test
  void a_full_file_system_is_no_bug() throws IOException {
    assertThat(named(findings(log(FULL)))).isEmpty();
  }

  @Test
  void an_abort_while_references_are_updated_says_where_space_was_missing_and_not_why() throws IOException {
    List<Finding> findings =
        findings(
            log(
                """
                [  200.0] BTRFS: Transaction aborted (error -28)
                [  200.1] WARNING: CPU: 1 PID: 77 at fs/btrfs/extent-tree.c:3053 __btrfs_free_extent+0x6f0/0x9f0 [btrfs]
                [  200.2] CPU: 1 PID: 77 Comm: btrfs-transacti Not tainted 5.15.0 #1
                [  200.3] Call Trace:
                [  200.4]  <TASK>
                [  200.5]  __btrfs_run_delayed_refs+0x6a4/0x1230 [btrfs]
                [  200.6]  btrfs_run_delayed_refs+0x7b/0x1f0 [btrfs]
                [  200.7]  btrfs_commit_transaction+0x6b/0xc80 [btrfs]
                [  200.8]  transaction_kthread+0x138/0x1b0 [btrfs]
                [  200.9]  kthread+0x12a/0x150
                [  200.9]  ret_from_fork+0x22/0x30
                [  200.9]  </TASK>
                """));
    assertThat(named(findings)).isEmpty();
    assertThat(findings).extracting(Finding::pattern).contains("transaction-abort-enospc", "resembles-known-bugs");
    Finding alike = findings.stream().filter(f -> f.pattern().equals("resembles-known-bugs")).findFirst().orElseThrow();
    assertThat(alike.severity()).isEqualTo(Severity.INFO);
    assertThat(alike.fixes()).extracting(f -> f.fix().commit()).contains("28270e25c69a");
  }

  @Test
  void a_bug_is_named_by_what_is_not_common() throws IOException {
    Knowledge knowledge =
        Knowledge.shipped()
            .with(
                "user.rules",
                """
                bug odd-message-and-dump
                    kind    enospc-abort
                    fix     "btrfs: the fix"
                    common message "*global_block_rsv: size * reserved *"
                    common message "*trans_block_rsv: size * reserved *"
                    message "*a thing that only this bug prints*"
                    says    "one thing leads to another"
                """);
    assertThat(knowledge.diagnostics()).isEmpty();
    Incident full = Incidents.of(log(FULL));
    assertThat(signatures(full, knowledge)).extracting(Finding::pattern).doesNotContain("odd-message-and-dump");
    Incident odd = Incidents.of(log(FULL + "[  101.0] BTRFS error (device sdb): a thing that only this bug prints\n"));
    assertThat(signatures(odd, knowledge)).extracting(Finding::pattern).contains("odd-message-and-dump");
  }

  /** One look at a task that flushes or balances shows no loop. */
  @Test
  void one_look_at_a_working_task_is_no_loop() throws IOException {
    List<Finding> findings =
        findings(
            log(
                """
                PID 812 (kworker/u8:2)
                [<0>] flush_space+0x2c6/0x5a0
                [<0>] btrfs_async_reclaim_data_space+0x111/0x1c0
                [<0>] process_one_work+0x18d/0x3f0
                [<0>] worker_thread+0x251/0x360
                [<0>] kthread+0xf8/0x250
                """));
    assertThat(named(findings)).isEmpty();
  }

  @Test
  void headlines_of_hung_tasks_are_not_nothing() throws IOException {
    List<Finding> findings =
        findings(
            log(
                """
                [  363.573875] INFO: task mount:1103 blocked for more than 120 seconds.
                [  484.405875] INFO: task mount:1103 blocked for more than 241 seconds.
                [  605.252478] INFO: task mount:1211 blocked for more than 120 seconds.
                [  864.982108] BTRFS error (device dm-7): open_ctree failed
                """));
    assertThat(findings).extracting(Finding::pattern).containsExactly("hung-tasks-without-stacks");
    assertThat(findings.get(0).summary()).contains("mount (1103) for more than 241 seconds", "mount (1211)");
  }

  /** What stands behind any stuck commit is the place of this bug, too, and no proof of it. */
  @Test
  void a_worker_behind_a_commit_only_resembles_the_join_that_waits_wrongly() throws IOException {
    List<Finding> findings =
        findings(
            log(
                """
                [ 9000.0] INFO: task kworker/u8:1:50 blocked for more than 120 seconds.
                [ 9000.0]       Not tainted 6.12.0 #1
                [ 9000.0] task:kworker/u8:1    state:D stack:0     pid:50  tgid:50  ppid:2      flags:0x00004000
                [ 9000.0] Workqueue: btrfs-endio-write btrfs_work_helper [btrfs]
                [ 9000.0] Call Trace:
                [ 9000.0]  __schedule+0x2e7/0x8a0
                [ 9000.0]  schedule+0x64/0xe0
                [ 9000.0]  wait_current_trans+0xb0/0x110 [btrfs]
                [ 9000.0]  start_transaction+0x346/0x5b0 [btrfs]
                [ 9000.0]  btrfs_finish_one_ordered+0x49b/0x9c0 [btrfs]
                [ 9000.0]  btrfs_work_helper+0xe8/0x350 [btrfs]
                [ 9000.0]  process_one_work+0x1d3/0x3c0
                [ 9000.1] INFO: task sync:60 blocked for more than 120 seconds.
                [ 9000.1]       Not tainted 6.12.0 #1
                [ 9000.1] task:sync            state:D stack:0     pid:60  tgid:60  ppid:1      flags:0x00004000
                [ 9000.1] Call Trace:
                [ 9000.1]  __schedule+0x2e7/0x8a0
                [ 9000.1]  schedule+0x64/0xe0
                [ 9000.1]  btrfs_commit_transaction+0xbf7/0xda0 [btrfs]
                [ 9000.1]  btrfs_sync_file+0x342/0x4d0 [btrfs]
                [ 9000.1]  __x64_sys_fdatasync+0x4b/0x80
                """));
    assertThat(named(findings)).isEmpty();
    assertThat(findings.get(0).fixes().get(0).fix().commit()).isEqualTo("5037b342825d");
  }

  /** All captures of kernels that ran what they were built for; those made to fail have it in their names. */
  @Test
  void no_bug_is_named_on_correct_kernels() throws IOException {
    Path traces = Captures.shared("traces");
    Map<String, List<String>> wrong = new TreeMap<>();
    try (Stream<Path> files = Files.walk(traces)) {
      for (Path file : files.filter(CommonSignsTest::readable).sorted().toList()) {
        Incident incident = Incidents.of(file);
        List<Finding> all = new ArrayList<>(HangAnalysis.analyse(incident, Knowledge.shipped(),
            TraceEvidence.none()).findings());
        all.addAll(SignatureFindings.of(incident, Knowledge.shipped(), all));
        if (!named(all).isEmpty()) {
          wrong.put(file.toString(), named(all));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static boolean readable(Path file) {
    String name = file.getFileName().toString();
    boolean captured = name.contains(".txt") || name.endsWith(".log");
    boolean broken =
        name.contains("deadlock") || name.contains("unfixed") || file.toString().contains("seed2-report");
    // Trace text alone has no stacks of blocked tasks and no log.
    return Files.isRegularFile(file) && captured && !broken && !name.contains(".trace.") && file.toFile().length() < MOST_BYTES;
  }

  private static List<String> named(List<Finding> findings) {
    return findings.stream().map(Finding::pattern).filter(p -> Knowledge.shipped().bugs().containsKey(p)).toList();
  }
}
