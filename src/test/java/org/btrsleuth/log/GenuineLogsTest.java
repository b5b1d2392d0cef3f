package org.btrsleuth.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Captures of real kernels: what stands in them was counted by hand or with grep. */
class GenuineLogsTest {

  @Test
  void two_stacks_between_prose_name_nobody() {
    LogText text = Logs.read(Captures.shared("traces/seed2-report/page-lock-two-stacks.txt"));
    assertThat(text.tasks()).hasSize(2);
    assertThat(text.tasks()).allSatisfy(task -> {
      assertThat(task.pid()).isEqualTo(-1);
      assertThat(task.comm()).isEmpty();
      assertThat(task.state()).isEqualTo(TaskState.UNKNOWN);
      assertThat(task.origin()).isEqualTo(Origin.PROC_STACK);
      assertThat(task.dump()).isZero();
    });
    assertThat(functions(text.tasks().get(0))).startsWith("io_schedule", "__lock_page", "extent_write_cache_pages");
    assertThat(functions(text.tasks().get(1))).startsWith("start_delalloc_inodes", "btrfs_start_delalloc_roots");
    assertThat(text.unrecognisedLines()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "v5.4/v5.4.0-fixup-deadlock-A.sysrq-w.txt, SYSRQ_W, 75",
    "v5.4/v5.4.0-fixup-deadlock-A.sysrq-t.txt, SYSRQ_T, 128",
    "v5.4/v5.4.0-fixup-deadlock-A.stacks_D.txt, PROC_STACK, 2",
    "v5.4/v5.4.0-fixup-deadlock-A.dmesg.hung.txt, HUNG_TASK, 10",
    "v5.4/v5.4.0-fixup-deadlock-D-fgraph.sysrq-w.txt.gz, SYSRQ_W, 119",
    "v4.19/v4.19.40-fixup-deadlock-B-stacktrig.sysrq-w.txt, SYSRQ_W, 36",
    "v4.19/v4.19.40-fixup-deadlock-B-stacktrig.stacks_D.txt, PROC_STACK, 34",
    "v3.16/v3.16.0-fixup-deadlock-flushoncommit.sysrq-w.txt, SYSRQ_W, 36",
    "v3.16/v3.16.0-fixup-deadlock-flushoncommit.stacks_D.txt, PROC_STACK, 33",
    "v3.6/v3.6.0-enospc-flush-deadlock.sysrq-w.txt, SYSRQ_W, 51",
    "v3.6/v3.6.0-enospc-flush-deadlock.stacks_D.txt, PROC_STACK, 51",
    "v3.6/v3.6.0-enospc-flush-deadlock.dmesg.hung.txt, HUNG_TASK, 9",
  })
  void every_task_of_a_dump(String capture, Origin origin, int tasks) {
    LogText text = Logs.read(Captures.shared("traces/" + capture));
    assertThat(text.tasks()).filteredOn(task -> task.origin() == origin).hasSize(tasks);
    assertThat(text.tasks()).allSatisfy(task -> {
      assertThat(task.pid()).as(task.header().text()).isPositive();
      assertThat(task.comm()).as(task.header().text()).isNotEmpty();
      assertThat(task.frames()).as(task.header().text()).isNotEmpty();
    });
    assertThat(text.unrecognisedLines()).isZero();
  }

  /** Hung-task rounds that run into a sysrq-t keep their own tasks and dumps. */
  @ParameterizedTest
  @CsvSource({
    "v4.4/v4.4.155-fixup-deadlock-B-manyrounds.serial.txt.gz, 1490, 187, 255",
    "v4.19/v4.19.40-fixup-deadlock-B-stacktrig.sysrq-t.txt, 34, 0, 92",
    "v3.16/v3.16.0-fixup-deadlock-flushoncommit.sysrq-t.txt, 35, 0, 90",
    "v3.6/v3.6.0-enospc-flush-deadlock.sysrq-t.txt, 29, 0, 120",
  })
  void dumps_of_several_origins(String capture, int hung, int blocked, int all) {
    LogText text = Logs.read(Captures.shared("traces/" + capture));
    assertThat(text.tasks()).filteredOn(task -> task.origin() == Origin.HUNG_TASK).hasSize(hung);
    assertThat(text.tasks()).filteredOn(task -> task.origin() == Origin.SYSRQ_W).hasSize(blocked);
    assertThat(text.tasks()).filteredOn(task -> task.origin() == Origin.SYSRQ_T).hasSize(all)
        .extracting(TaskSnapshot::dump).hasSameElementsAs(List.of(sysrqDump(text)));
    assertThat(text.unrecognisedLines()).isZero();
  }

  private static int sysrqDump(LogText text) {
    return text.tasks().stream().filter(t -> t.origin() == Origin.SYSRQ_T).findFirst().orElseThrow().dump();
  }

  @Test
  void the_parties_of_the_page_lock_deadlock() {
    LogText text = Logs.read(Captures.shared("traces/v5.4/v5.4.0-fixup-deadlock-A.stacks_D.txt"));
    TaskSnapshot flush = text.tasks().get(0);
    assertThat(flush.name()).isEqualTo("kworker/u4:0 (7)");
    assertThat(flush.workqueue()).isEqualTo("btrfs-flush_delalloc");
    assertThat(flush.state()).isEqualTo(TaskState.UNINTERRUPTIBLE);
    assertThat(functions(flush)).contains("extent_write_cache_pages", "btrfs_run_delalloc_work");
    TaskSnapshot fixup = text.tasks().get(1);
    assertThat(fixup.workqueue()).isEqualTo("btrfs-fixup");
    assertThat(fixup.dump()).isEqualTo(flush.dump());
    assertThat(functions(fixup)).contains("btrfs_writepage_fixup_worker");
  }

  static List<String> functions(TaskSnapshot task) {
    return task.frames().stream().map(Frame::function).toList();
  }
}
