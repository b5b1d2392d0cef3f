package org.btrsleuth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.Region;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes that people send, in texts written for these tests: none of them is a capture. */
class SyntheticShapesTest {

  /** The same three messages as journals, containers and collectors of consoles hand them out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"__CURSOR":"s=1","_TRANSPORT":"kernel","MESSAGE":"task:btrfs-worker    state:D stack:0     pid:812   ppid:2"}
        {"_TRANSPORT":"kernel","_K":["x"],"MESSAGE":" schedule+0x50/0xa8"}
        {"_TRANSPORT":"stdout","MESSAGE":" not_the_kernel+0x50/0xa8"}
        {"_TRANSPORT":"kernel","MESSAGE":" btrfs_tree_lock+0x28/0x58 [btrfs]"}
        """,
        """
        __REALTIME_TIMESTAMP=1700000000000000
        _TRANSPORT=kernel
        MESSAGE=task:btrfs-worker    state:D stack:0     pid:812   ppid:2

        __REALTIME_TIMESTAMP=1700000000000001
        MESSAGE= schedule+0x50/0xa8
        PRIORITY=6

        __REALTIME_TIMESTAMP=1700000000000002
        MESSAGE= btrfs_tree_lock+0x28/0x58 [btrfs]
        """,
        """
        2026-11-20 10:11:00 console7 [  240.000001] task:btrfs-worker    state:D stack:0     pid:812   ppid:2
        2026-11-20 10:11:00 console7 [  240.000002]  schedule+0x50/0xa8
        2026-11-20 10:11:00 console7 [  240.000003]  btrfs_tree_lock+0x28/0x58 [btrfs]
        """,
        """
        2026-11-20T10:11:00.1Z stdout F [  240.000001] task:btrfs-worker    state:D stack:0     pid:812   ppid:2
        2026-11-20T10:11:00.1Z stdout F [  240.000002]  schedule+0x50/0xa8
        2026-11-20T10:11:00.1Z stdout F [  240.000003]  btrfs_tree_lock+0x28/0x58 [btrfs]
        """,
        """
        Nov 20 10:11:00 disk7 vmunix: [  240.000001] task:btrfs-worker    state:D stack:0     pid:812   ppid:2
        Nov 20 10:11:00 disk7 vmunix: [  240.000002]  schedule+0x50/0xa8
        Nov 20 10:11:00 disk7 sshd[99]: Accepted publickey
        Nov 20 10:11:00 disk7 vmunix: [  240.000003]  btrfs_tree_lock+0x28/0x58 [btrfs]
        """,
        """
        [  240.000001] disk7.example kernel: task:btrfs-worker    state:D stack:0     pid:812   ppid:2
        [  240.000002] disk7.example kernel:  schedule+0x50/0xa8
        [  240.000003] disk7.example kernel:  btrfs_tree_lock+0x28/0x58 [btrfs]
        """,
        """
        [  240.000001 ] task:btrfs-worker    state:D stack:0     pid:812   ppid:2
        [  240.000002 ]  schedule+0x50/0xa8
        [  240.000003 ]  btrfs_tree_lock+0x28/0x58 [btrfs]
        """
      })
  void what_journals_and_collectors_write_around_a_line(String log) {
    LogText text = Logs.read(log);
    assertThat(functions(only(text))).containsExactly("schedule", "btrfs_tree_lock");
    assertThat(only(text).pid()).isEqualTo(812);
    assertThat(text.unrecognisedLines()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        [  240.000001] btrfs-worker    D    0  812      2 0x00000000
        [  240.000002] [<80790010>] (__schedule) from [<80790200>] (schedule+0x50/0xa8)
        [  240.000003] [<80790200>] (schedule) from [<7f500010>] (btrfs_tree_lock+0x28/0x58 [btrfs])
        [  240.000004] [<7f500010>] (btrfs_tree_lock [btrfs]) from [<7f500020>] (btrfs_search_slot+0x40/0x9c [btrfs])
        """,
        """
        [  240.000001] task:btrfs-worker    state:D stack:0     pid:812   ppid:2      flags:0x00000000
        [  240.000002]  __schedule from schedule+0x50/0xa8
        [  240.000003]  schedule from btrfs_tree_lock+0x28/0x58 [btrfs]
        [  240.000004]  btrfs_tree_lock [btrfs] from btrfs_search_slot+0x40/0x9c [btrfs]
        """
      })
  void arm_names_each_frame_with_its_caller(String log) {
    TaskSnapshot task = only(Logs.read(log));
    assertThat(functions(task))
        .containsExactly("__schedule", "schedule", "btrfs_tree_lock", "btrfs_search_slot");
    assertThat(task.frames().get(2).module()).isEqualTo("btrfs");
    assertThat(task.frames().get(3).offset()).isEqualTo(0x40);
    assertThat(task.frames().get(3).size()).isEqualTo(0x9c);
  }

  @Test
  void threads_of_any_process_are_listed_by_their_own_number() {
    LogText text =
        Logs.read(
            """
            # cat /proc/*/task/812/stack
            [<0>] wait_current_trans+0x10/0x20 [btrfs]
            [<0>] start_transaction+0x10/0x20 [btrfs]
            # cat /proc/7/task/813/stack
            [<0>] wait_current_trans+0x10/0x20 [btrfs]
            """);
    assertThat(text.tasks()).extracting(TaskSnapshot::pid).containsExactly(812, 813);
  }

  @Test
  void xorg_writes_seconds_too_but_not_to_the_microsecond() {
    LogText text =
        Logs.read(
            """
            Nov 20 10:11:00 disk7 kernel: [  240.000001] BTRFS info (device sdb): using free space tree
            Nov 20 10:11:00 disk7 gdm-x-session[7]: [   240.001] btrfs_tree_lock+0x28/0x58
            """);
    assertThat(text.tasks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        RIP: 0010:btrfs_zone_finish+0x34/0x160 [btrfs]
        RSP: 0018:ffff88800000bb08 EFLAGS: 00010206
        Call Trace:
         <TASK>
         btrfs_finish_one_ordered+0x8a6/0x13c0 [btrfs]
        """,
        """
        pc : btrfs_zone_finish+0x34/0x160 [btrfs]
        lr : btrfs_finish_one_ordered+0x474/0x924 [btrfs]
        Call trace:
         btrfs_finish_one_ordered+0x8a6/0x13c0 [btrfs]
        """
      })
  void registers_without_a_headline_are_those_of_a_running_task(String log) {
    TaskSnapshot task = only(Logs.read(log));
    assertThat(task.state()).isEqualTo(TaskState.RUNNING);
    assertThat(functions(task)).containsExactly("btrfs_zone_finish", "btrfs_finish_one_ordered");
  }

  @Test
  void hung_task_quoted_and_wrapped_by_a_mail_program() {
    LogText text =
        Logs.read(
            """
            On Monday somebody wrote:
            > > [  123.000001] INFO: task my app: io:4242 blocked for more
            > > than 122 seconds.
            > > [  123.000002]       Not tainted 6.1.13-5.el7.x86_64 #1
            > > [  123.000003] "echo 0 > /proc/sys/kernel/hung_task_timeout_secs"
            > > disables this message.
            > > [  123.000004] task:my app: io      state:D stack:0     pid:4242
            > > ppid:2      flags:0x00004006
            > > [  123.000005] Workqueue: events_unbound
            > > btrfs_async_reclaim_metadata_space [btrfs]
            > > [  123.000006] Call Trace:
            > > [  123.000007]  <TASK>
            > > [  123.000008]  __schedule+0x2cb/0x880
            > > [  123.000009]  ?
            > > __pfx_autoremove_wake_function+0x10/0x10
            > > [  123.000010]  btrfs_commit_transaction+0x982/0xbc0
            > > [btrfs]
            > > [  123.000011]  </TASK>

            Any idea?
            """);
    TaskSnapshot task = only(text);
    assertThat(task.name()).isEqualTo("my app: io (4242)");
    assertThat(task.state()).isEqualTo(TaskState.UNINTERRUPTIBLE);
    assertThat(task.blockedSeconds()).isEqualTo(122);
    assertThat(task.workqueue()).isEqualTo("events_unbound");
    assertThat(task.workFunction()).isEqualTo("btrfs_async_reclaim_metadata_space");
    assertThat(functions(task))
        .containsExactly("__schedule", "__pfx_autoremove_wake_function", "btrfs_commit_transaction");
    assertThat(task.frames().get(1).reliable()).isFalse();
    assertThat(task.frames().get(2).module()).isEqualTo("btrfs");
    assertThat(text.kernels()).extracting(KernelHint::version).containsExactly("6.1.13-5.el7.x86_64");
    assertThat(text.regions()).extracting(Region::format)
        .containsExactly(Format.PROSE, Format.KERNEL_LOG, Format.PROSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"> ", "> > ", ">> ", ">>>> ", "> > > > ", "| ", ">| "})
  void every_quoting_says_the_same(String quote) {
    String log = "INFO: task sync:7 blocked for more than 120 seconds.\n"
        + "sync  D    0     7      2 0x80000000\nCall Trace:\n"
        + " schedule+0x1/0x2\n wait_current_trans+0x3/0x4 [btrfs]\n";
    TaskSnapshot task = only(Logs.read(log.replaceAll("(?m)^(?=.)", java.util.regex.Matcher.quoteReplacement(quote))));
    assertThat(task.name()).isEqualTo("sync (7)");
    assertThat(functions(task)).containsExactly("schedule", "wait_current_trans");
  }

  @Test
  void two_cpus_that_print_at_once_are_told_apart() {
    LogText text =
        Logs.read(
            """
            [  100.000001][  T100] INFO: task a:1 blocked for more than 120 seconds.
            [  100.000002][  T100] task:a               state:D stack:0     pid:1     ppid:0      flags:0x00000002
            [  100.000003][   C1] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [b:2]
            [  100.000004][  T100] Call Trace:
            [  100.000005][   C1] CPU: 1 PID: 2 Comm: b Not tainted 6.2.0 #1
            [  100.000006][  T100]  __schedule+0x1/0x2
            [  100.000007][   C1] RIP: 0010:btrfs_tree_lock+0x5/0x6
            [  100.000008][  T100]  schedule+0x1/0x2
            [  100.000009][   C1] Call Trace:
            [  100.000010][   C1]  btrfs_search_slot+0x7/0x8
            [  100.000011][  T100]  wait_current_trans+0x3/0x4
            """);
    assertThat(text.tasks()).hasSize(2);
    assertThat(functions(text.tasks().get(0))).containsExactly("__schedule", "schedule", "wait_current_trans");
    assertThat(functions(text.tasks().get(1))).containsExactly("btrfs_tree_lock", "btrfs_search_slot");
    LogRecord.Splat splat = first(text, LogRecord.Splat.class);
    assertThat(splat.kind()).isEqualTo("soft-lockup");
    assertThat(splat.function()).isEqualTo("btrfs_tree_lock");
    assertThat(splat.task().name()).isEqualTo("b (2)");
  }

  @Test
  void two_dumps_in_one_file() {
    String dump = "sysrq: Show Blocked State\ntask:a state:D stack:0 pid:1 ppid:0 flags:0x0\n"
        + "Call Trace:\n schedule+0x1/0x2\n"
        + "task:b state:D stack:0 pid:2 ppid:0 flags:0x0\nCall Trace:\n schedule+0x1/0x2\n";
    LogText text = Logs.read(dump + dump);
    assertThat(text.tasks()).extracting(TaskSnapshot::dump).containsExactly(0, 0, 1, 1);
    assertThat(text.tasks()).extracting(TaskSnapshot::origin).containsOnly(Origin.SYSRQ_W);
    assertThat(text.nextDump()).isEqualTo(2);
  }

  @Test
  void same_pid_again_is_another_dump() {
    String report = "INFO: task a:1 blocked for more than 120 seconds.\n schedule+0x1/0x2\n";
    assertThat(Logs.read(report + report).tasks()).extracting(TaskSnapshot::dump).containsExactly(0, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "task:btrfs  state:D stack:    0 pid:13117 ppid: 13115 flags:0x00004000; btrfs; 13117; UNINTERRUPTIBLE",
        "task:btrfs  state:D stack:0     pid:29703 ppid:29700  flags:0x00004006; btrfs; 29703; UNINTERRUPTIBLE",
        "task:a b c  state:S stack:0     pid:1     tgid:1     ppid:0      flags:0x00000002; a b c; 1; SLEEPING",
        "task:x:y  state:R  running task  stack:2 pid:61684 tgid:6 ppid:9 task_flags:0x4 flags:0x2; x:y; 61684; RUNNING",
        "btrfs-transacti D    0 10227      2 0x80000000; btrfs-transacti; 10227; UNINTERRUPTIBLE",
        "my app: io      D ffff88007734c500     0     6      2 0x00000000; my app: io; 6; UNINTERRUPTIBLE",
        "sh              R  running task        0   370     34 0x00000000; sh; 370; RUNNING",
        "kworker/u4:0    D    0     7      2 0x80004000; kworker/u4:0; 7; UNINTERRUPTIBLE",
      })
  void task_headers_of_all_generations(String header, String comm, int pid, TaskState state) {
    TaskSnapshot task = only(Logs.read(header + "\nCall Trace:\n __schedule+0x1/0x2\n"));
    assertThat(task.comm()).isEqualTo(comm);
    assertThat(task.pid()).isEqualTo(pid);
    assertThat(task.state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "=== 12 (btrfs-transacti) ===; btrfs-transacti; 12; UNKNOWN",
        "== 12 my app: io; my app: io; 12; UNKNOWN",
        "12 (my app: io) D 2 0 0 0 -1 69238880; my app: io; 12; UNINTERRUPTIBLE",
        "btrfs-transacti/12; btrfs-transacti; 12; UNKNOWN",
        "PID 12: sync; sync; 12; UNKNOWN",
        "12; ''; 12; UNKNOWN",
        "# cat /proc/12/stack; ''; 12; UNKNOWN",
        "cat /proc/7/task/12/stack; ''; 12; UNKNOWN",
        "Stack of the task that holds everything up; ''; -1; UNKNOWN",
      })
  void what_stands_above_a_stack(String title, String comm, int pid, TaskState state) {
    TaskSnapshot task = only(Logs.read(title + "\n[<0>] schedule+0x1/0x2\n[<0>] do_fsync+0x3/0x4\n"));
    assertThat(task.comm()).isEqualTo(comm);
    assertThat(task.pid()).isEqualTo(pid);
    assertThat(task.state()).isEqualTo(state);
    assertThat(task.origin()).isEqualTo(Origin.PROC_STACK);
    assertThat(functions(task)).containsExactly("schedule", "do_fsync");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[<0>] f+0x12/0x34 [btrfs]; f; btrfs; 18; 52; true",
        "[<ffffffff810c4a7e>] f.isra.0+0x12/0x34; f; ''; 18; 52; true",
        "[<ffffffff810c4a7e>] ? f+0x12/0x34; f; ''; 18; 52; false",
        "f.constprop.0.cold+0x12/0x34 [btrfs 0123456789abcdef0123456789abcdef01234567]; f; btrfs; 18; 52; true",
        "f+0x12/0x34 fs/btrfs/inode.c:123; f; ''; 18; 52; true",
        "f+0x12/0x34 fs/btrfs/inode.c:123 [btrfs]; f; btrfs; 18; 52; true",
        "f fs/btrfs/inode.c:123 [inline]; f; ''; -1; -1; true",
        "f (fs/btrfs/inode.c:123:5); f; ''; -1; -1; true",
        "? f (fs/btrfs/inode.c:123) btrfs; f; ''; -1; -1; false",
        "#1  f (fs/btrfs/inode.c:123:5); f; ''; -1; -1; true",
        "#1 [ffffc90002467160] f at ffffffff8260da25; f; ''; -1; -1; true",
        "[c00000000260b860] [c00000000260b8e0] f+0x12/0x34 (unreliable); f; ''; 18; 52; false",
        "[c00000000260b860] [c00000000260b8e0] .f+0x12/0x34; f; ''; 18; 52; true",
        "f+18; f; ''; 18; -1; true",
        "ffffffff81a36c0d f+18; f; ''; 18; -1; true",
      })
  void frames_of_all_printers(String line, String function, String module, int offset, int size, boolean reliable) {
    Frame frame = only(Logs.read(line + "\n")).frames().get(0);
    assertThat(frame.function()).isEqualTo(function);
    assertThat(frame.module()).isEqualTo(module);
    assertThat(frame.offset()).isEqualTo(offset);
    assertThat(frame.size()).isEqualTo(size);
    assertThat(frame.reliable()).isEqualTo(reliable);
  }

  @Test
  void traced_stacks_are_no_waiting_tasks() {
    LogText text = Logs.read("Attaching 1 probe...\n1 off-cpu pid=9 comm=sync\n\tschedule+35\n\tworker_thread+152\n");
    assertThat(only(text).origin()).isEqualTo(Origin.TRACE);
    assertThat(only(text).pid()).isEqualTo(9);
  }

  @Test
  void stacks_without_anything_between_are_cut_at_their_bottom() {
    String stack = "[<0>] io_schedule+0x12/0x40\n[<0>] kthread+0x113/0x130\n[<0>] ret_from_fork+0x35/0x40\n";
    assertThat(Logs.read(stack + stack + "[<0>] 0xffffffffffffffff\n").tasks()).hasSize(2);
  }

  @Test
  void console_output_of_others_in_front_of_a_stamp() {
    LogText text = Logs.read("debian login: [  123.456789] INFO: task a:1 blocked for more than 120 seconds.\n");
    assertThat(only(text).pid()).isEqualTo(1);
  }

  @Test
  void binary_is_unrecognised_and_prose_alone_too() {
    LogText text = Logs.read("\u0001\u0002\u0003\nHello there\n");
    assertThat(text.unrecognisedLines()).isEqualTo(2);
    assertThat(text.regions()).isEmpty();
    assertThat(text.unrecognisedFirst()).extracting(e -> e.line()).containsExactly(1L, 2L);
  }

  private static TaskSnapshot only(LogText text) {
    assertThat(text.tasks()).hasSize(1);
    return text.tasks().get(0);
  }

  private static <T> T first(LogText text, Class<T> type) {
    return text.records().stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private static List<String> functions(TaskSnapshot task) {
    return task.frames().stream().map(Frame::function).toList();
  }
}
