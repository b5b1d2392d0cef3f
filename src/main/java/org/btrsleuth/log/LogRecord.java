package org.btrsleuth.log;

import java.util.List;
import java.util.Map;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;

/** What the kernel log says beside the tasks' stacks. Every record knows the line that it stands on. */
public sealed interface LogRecord {
  Evidence at();

  /**
   * A WARN, BUG, oops, assertion, lockup or sanitizer report.
   *
   * @param kind "warning", "bug", "oops", "assertion", "soft-lockup", "hard-lockup", "rcu-stall", "kasan", ...
   * @param function function named in the headline or RIP, cleaned; "" if none
   * @param file source file named in the headline, "" if none
   * @param sourceLine its line, -1 if none
   * @param messages lines between the headline and the registers, such as "BTRFS: Transaction aborted (error -28)"
   * @param task task and stack of the report, null if none was found
   */
  record Splat(
      Evidence at,
      String kind,
      String function,
      String file,
      int sourceLine,
      List<String> messages,
      TaskSnapshot task)
      implements LogRecord {}

  /**
   * {@code BTRFS: error (device X) in function:line: errno=-28 No space left}.
   *
   * @param device "" if none is named
   * @param errno negative, as printed
   */
  record BtrfsError(Evidence at, String device, String function, int sourceLine, int errno) implements LogRecord {}

  /** {@code BTRFS: Transaction aborted (error -28)}. */
  record TransactionAborted(Evidence at, String device, int errno) implements LogRecord {}

  /**
   * {@code block rsv N returned -28}.
   *
   * @param rsvType type number as printed, -1 where the kernel printed none (3.x)
   */
  record BlockRsvReturned(Evidence at, int rsvType, int errno) implements LogRecord {}

  /**
   * The two lines of a space_info dump.
   *
   * @param flags block group flags (1 data, 2 system, 4 metadata), -1 if only a name was printed
   * @param name DATA, SYSTEM, METADATA or "" where only the number was printed
   * @param free signed: the kernel printed negative values as unsigned before 5.16
   * @param full whether the kernel thinks that no chunk can be added
   * @param values total, used, pinned, reserved, may_use, readonly, zone_unusable, as far as printed; bytes
   * @param nanos time of the first line on printk's clock since boot, -1 if the log prints none
   */
  record SpaceInfoDump(
      Evidence at, String device, int flags, String name, long free, boolean full, Map<String, Long> values, long nanos)
      implements LogRecord {}

  /**
   * {@code global_block_rsv: size N reserved N} and its siblings.
   *
   * @param name as printed: global_block_rsv, trans_block_rsv, chunk_block_rsv, delayed_block_rsv, delayed_refs_rsv
   * @param nanos time on printk's clock since boot, -1 if the log prints none
   */
  record BlockRsvDump(Evidence at, String device, String name, long size, long reserved, long nanos)
      implements LogRecord {}

  /** {@code INFO: task A:1 is blocked on a mutex likely owned by task B:2}. */
  record BlockedOn(
      Evidence at, String waiterComm, int waiterPid, String lockKind, String ownerComm, int ownerPid)
      implements LogRecord {}

  /**
   * {@code N locks held by comm/pid:} and its list.
   *
   * @param locks outermost first
   */
  record LocksHeld(Evidence at, String comm, int pid, List<HeldLock> locks) implements LogRecord {}

  /**
   * A line {@code #0: addr (class){usage}-{x:x}, at: function+off/len}.
   *
   * @param lockClass such as "&type->s_umount_key#24/1" or "btrfs-tree-00"
   * @param address of the lock as printed; "" if none
   * @param function where it was taken
   */
  record HeldLock(Evidence at, String lockClass, String address, String function) {}

  /**
   * A lockdep report.
   *
   * @param kind "circular", "recursive", "irq", "other"
   * @param wanted lock that the reporting task tries to take; null if not printed
   * @param held locks that it holds
   * @param chain existing dependency chain, in printed order, each with the stack that established it
   */
  record Lockdep(
      Evidence at,
      String kind,
      String comm,
      int pid,
      HeldLock wanted,
      List<HeldLock> held,
      List<ChainLink> chain,
      TaskSnapshot task)
      implements LogRecord {}

  /** A link {@code -> #1 (class){usage}-{x:x}:} of a lockdep chain with its stack. */
  record ChainLink(Evidence at, String lockClass, TaskSnapshot stack) {}

  /**
   * Any other message of btrfs or about it.
   *
   * @param level "info", "warning", "critical", "error", "" if not said
   */
  record BtrfsMessage(Evidence at, String device, String level, String text) implements LogRecord {}

  /** A message of the block layer, a driver or the file system below that says that storage is slow or failing. */
  record StorageMessage(Evidence at, String text) implements LogRecord {}
}
