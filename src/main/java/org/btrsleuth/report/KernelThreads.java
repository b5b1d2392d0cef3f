package org.btrsleuth.report;

import java.util.List;
import java.util.regex.Pattern;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Tells kernel threads from user processes. Their names say what the kernel does and nothing of the user, so reports
 * for others keep them. A name that is not known to be a kernel thread's counts as a user's.
 */
final class KernelThreads {
  // Names given by kthread_create() and alloc_workqueue() callers; "<idle>" is what ftrace prints for the swapper.
  private static final Pattern NAME =
      Pattern.compile(
          "<idle>|<\\.\\.\\.>|swapper(/\\d+)?|kworker[/+:].*|kthreadd|ksoftirqd/\\d+|migration/\\d+|cpuhp/\\d+"
              + "|watchdog[d/].*|rcu[_ob].*|kswapd\\d+|kcompactd\\d+|khugepaged|ksmd|kdevtmpfs|khungtaskd|oom_reaper"
              + "|writeback|kblockd|kintegrityd|kauditd|bdi-default|flush-[\\w:-]+|jbd2/.*|loop\\d+|md\\d+_.*|dm\\S*"
              + "|kcryptd.*|dmcrypt_write.*|scsi_(eh|tmf)_\\d+|nvme\\S*-wq|ata_sff|xfsaild/.*|xfs-.*|bioset|crypto"
              + "|idle_inject/\\d+|irq/\\d+-.*|kdmflush.*|netns|nfsd|lockd|rpciod|khelper|async/\\d+|events/\\d+"
              + "|events_.*|pool_workqueue_.*|kpsmoused|deferwq|ipv6_addrconf|mm_percpu_wq"
              + "|btrfs-(?:cleaner|transaction|transacti|endio.*|worker.*|delalloc.*|flush_del.*|submit.*|fixup.*"
              + "|delayed.*|readahead.*|qgroup.*|cache.*|genwork.*|rmw.*|scrub.*|scrubpar.*|freespace.*|balance"
              + "|extent-refs.*|compressed.*|discard.*|devrepl.*|relocation.*|uuid)(-?\\d+)?");

  /** Outermost functions of a kernel thread's stack. */
  private static final List<String> ENTRY =
      List.of("kthread", "ret_from_fork", "ret_from_fork_asm", "kernel_thread_helper", "child_rip", "worker_thread");

  private KernelThreads() {}

  static boolean isKernelThread(String comm) {
    return NAME.matcher(comm).matches();
  }

  /** By its name, or by a stack that starts in the kernel: a user's task enters by a system call or a fault. */
  static boolean isKernelThread(TaskSnapshot task) {
    if (isKernelThread(task.comm())) {
      return true;
    }
    List<Frame> frames = task.frames();
    boolean kthread = false;
    for (int i = Math.max(0, frames.size() - 4); i < frames.size(); i++) {
      String function = frames.get(i).function();
      kthread |= frames.get(i).reliable() && ENTRY.contains(function);
      if (function.startsWith("entry_SYSCALL") || function.startsWith("do_syscall")
          || function.startsWith("system_call")
          || function.startsWith("sys_") || function.startsWith("__x64_sys_")) {
        return false;
      }
    }
    return kthread && frames.stream().anyMatch(f -> f.function().equals("kthread")
        || f.function().equals("worker_thread"));
  }
}
