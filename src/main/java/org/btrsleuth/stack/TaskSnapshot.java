package org.btrsleuth.stack;

import java.util.List;
import org.btrsleuth.source.Evidence;

/**
 * A task and its kernel stack at one moment, whatever printed it.
 *
 * @param comm task name; "" if the listing does not say
 * @param pid -1 if the listing does not say
 * @param workqueue work queue the task was running for ({@code btrfs-fixup}, {@code events_unbound}); "" if not said
 * @param workFunction function of that work ({@code wb_workfn}, {@code btrfs_work_helper}); "" if not said
 * @param frames innermost first; empty if only the header was found
 * @param origin what printed it
 * @param dump number of the dump within the incident, ascending in time: snapshots of one dump were taken together,
 *     those of different dumps can be compared to see who moved
 * @param timeNanos time stamp of the header line in nanoseconds since boot, -1 if none
 * @param blockedSeconds what a hung-task report says, else -1
 * @param header the line that introduces the task; the first frame where there is none
 * @param lastLine last line of the stack in the same input
 */
public record TaskSnapshot(
    String comm,
    int pid,
    TaskState state,
    String workqueue,
    String workFunction,
    List<Frame> frames,
    Origin origin,
    int dump,
    long timeNanos,
    long blockedSeconds,
    Evidence header,
    long lastLine) {

  /** What printed a snapshot. */
  public enum Origin {
    /** {@code /proc/PID/stack}. */
    PROC_STACK,
    /** {@code INFO: task X blocked for more than N seconds}. */
    HUNG_TASK,
    /** sysrq-w: all tasks in D state. */
    SYSRQ_W,
    /** sysrq-t: all tasks. */
    SYSRQ_T,
    /** sysrq-l or an NMI backtrace: what runs on a CPU. */
    SYSRQ_L,
    /** The task that printed a WARN, BUG, oops or lockdep report. */
    SPLAT,
    /** A stack in a mail or a debugger's backtrace without a task header. */
    BARE,
    /** A stack recorded by a tracer. */
    TRACE
  }

  public TaskSnapshot {
    frames = List.copyOf(frames);
  }

  /** {@code comm (pid)}, as much of it as is known. */
  public String name() {
    String shown = comm.isEmpty() ? "task" : comm;
    return pid < 0 ? shown : shown + " (" + pid + ")";
  }
}
