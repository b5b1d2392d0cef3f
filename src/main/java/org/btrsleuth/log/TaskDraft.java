package org.btrsleuth.log;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskSnapshot.Origin;
import org.btrsleuth.stack.TaskState;

/** A task whose lines are still coming. */
final class TaskDraft {
  /** Deeper than any kernel stack (16 KiB, THREAD_SIZE): what comes beyond is another stack run into this one. */
  static final int MAX_FRAMES = 256;

  final Origin origin;
  final Evidence header;
  final int dump;
  final long nanos;
  String comm = "";
  int pid = -1;
  TaskState state = TaskState.UNKNOWN;
  String workqueue = "";
  String workFunction = "";
  long blockedSeconds = -1;
  long lastLine;

  /** Whether anything but frames told about it. */
  boolean named;

  /** Whether "Call Trace:" was seen. */
  boolean inTrace;

  /** Whether the stack's outermost function was seen. */
  boolean bottom;

  /** Whether the log says that the stack ends here. */
  boolean closed;

  private final List<Frame> frames = new ArrayList<>();

  TaskDraft(Origin origin, Evidence header, int dump, long nanos) {
    this.origin = origin;
    this.header = header;
    this.dump = dump;
    this.nanos = nanos;
    lastLine = header.line();
  }

  boolean hasFrames() {
    return !frames.isEmpty();
  }

  void add(Frame frame) {
    frames.add(frame);
    lastLine = frame.line();
    bottom |= frame.reliable() && isBottom(frame.function());
  }

  /** Whether this frame cannot belong to the same stack. */
  boolean refuses(Frame frame) {
    return closed || frames.size() >= MAX_FRAMES || bottom && frame.reliable() && !isBottom(frame.function());
  }

  /** Takes a task name, splitting off the work queue that kernels from 4.18 append to a kworker's. */
  void name(String name) {
    named = true;
    comm = name;
    if (name.startsWith("kworker/")) {
      int plus = name.indexOf('+');
      int minus = name.indexOf('-');
      if (plus > 0) {
        workqueue = name.substring(plus + 1);
        comm = name.substring(0, plus);
      } else if (minus > 0) {
        // After '-' stands the queue it served last: it is idle or between two works.
        comm = name.substring(0, minus);
      }
    }
  }

  /** {@code Workqueue: events_unbound btrfs_async_reclaim_metadata_space [btrfs]}. */
  void work(String text) {
    String[] words = text.strip().split("\\s+", 3);
    workqueue = words[0];
    workFunction = words.length > 1 ? words[1] : "";
  }

  TaskSnapshot finish() {
    return new TaskSnapshot(
        comm, pid, state, workqueue, workFunction, frames, origin, dump, nanos, blockedSeconds, header, lastLine);
  }

  /** Outermost functions of kernel stacks: where threads and system calls enter the kernel. */
  private static boolean isBottom(String function) {
    return function.startsWith("ret_from_fork")
        || function.startsWith("entry_SYSCALL")
        || function.startsWith("entry_SYSENTER")
        || function.startsWith("entry_INT80")
        || function.startsWith("ret_fast_syscall")
        || function.equals("el0_svc")
        || function.equals("el0_svc_naked")
        || function.startsWith("el0t_")
        || function.startsWith("el0_sync")
        || function.startsWith("ret_to_user")
        || function.startsWith("secondary_startup_64")
        || function.startsWith("0xffffffffffffffff")
        || function.equals("system_call_fastpath")
        || function.equals("kernel_thread_helper")
        || function.equals("child_rip")
        || function.equals("ret_from_kernel_thread")
        || function.equals("ret_from_kernel_user_thread")
        || function.equals("system_call_vectored_common");
  }
}
