/*
 * One line: what it is. Which lines belong together is the reader's business, not the grammar's.
 *
 * Every alternative is told by its first token (LL(1), no backtracking). A line that fits none is `other`: the
 * parser takes its first word and leaves the rest unread, which keeps boot messages and prose cheap.
 */
parser grammar KernelLogParser;

options {
  tokenVocab = KernelLogLexer;
}

line
  : frame
  | armFrame
  | indexedFrame
  | lock
  | chain
  | task
  | rip
  | btrfs
  | phrase
  | other
  | EOF
  ;

/*
 * " ? btrfs_commit_transaction+0x9a8/0xa60 [btrfs]", "[<0>] io_schedule+0x12/0x40", "[<ffffffff812dfd39>]
 * schedule+0x29/0x70", "__schedule+0xcd9/0x2530 kernel/sched/core.c:6287", "context_switch kernel/sched/core.c:4940
 * [inline]", "schedule (kernel/sched/core.c:6366) btrfs", "[c0000000] [c0000000] 0xc000 (unreliable)",
 * "btrfs_sync_file+45"
 *
 * A NAME alone is a frame only if a source position follows: the reader asks.
 */
frame
  : address += (ADDRESS | BRACKET_HEX)+ unsure = QUESTION? symbol = (SYMBOL | OFFSET_SYMBOL | NAME
      | RAW_ADDRESS)? where = position
  | unsure = QUESTION symbol = (SYMBOL | OFFSET_SYMBOL | NAME | RAW_ADDRESS)? where = position
  | symbol = (SYMBOL | OFFSET_SYMBOL | NAME | RAW_ADDRESS) where = position
  ;

position
  : (source = (SOURCE | PAREN_SOURCE) | inlined = INLINE | module = MODULE | doubtful = UNRELIABLE)*
  ;

/*
 * 32-bit ARM prints each frame with the one that called it, which the next line repeats:
 * "[<8079d990>] (__schedule) from [<8079dff8>] (schedule+0x50/0xa8)", 6.0+ "__schedule from schedule+0x50/0xa8"
 */
armFrame
  : callee = CALLEE (caller = CALLER | symbol = SYMBOL module = MODULE?)?
  ;

/*
 * drgn "#0  context_switch (kernel/sched/core.c:4940:2)", crash "#0 [ffffc90002467160] __schedule at
 * ffffffff8260da25"
 */
indexedFrame
  : FRAME_INDEX BRACKET_HEX? symbol = (SYMBOL | OFFSET_SYMBOL | NAME | RAW_ADDRESS)? AT_ADDRESS? where = position
  ;

/*
 * "#0: ffff8d95358310e8 (&type->s_umount_key#24/1){+.+.}-{3:3}, at: alloc_super.isra.0+0xb3/0x3f0", with or without
 * index and address. Words of a raw stack start alike, and so do the frames of bpftrace and perf, "ffffffff81a36c0d
 * flush_space+42".
 */
lock
  : index = LOCK_INDEX address = HEXWORD? lockClass = LOCK_CLASS? lockPlace
  | address = HEXWORD (lockClass = LOCK_CLASS lockPlace | traced = (SYMBOL | OFFSET_SYMBOL))?
  | lockClass = LOCK_CLASS lockPlace
  ;

lockPlace
  : (LOCK_AT ADDRESS? symbol = (SYMBOL | NAME)?)?
  ;

/* "-> #2 (&fs_info->tree_log_mutex){+.+.}:" */
chain
  : CHAIN lockClass = LOCK_CLASS?
  ;

/*
 * 5.9+ "task:btrfs           state:D stack:0     pid:29703 tgid:29703 ppid:29700  flags:0x00004006";
 * before "btrfs-transacti D    0 10227      2 0x80000000", up to 4.9 with an address after the state
 */
task
  : name = TASK RUNNING_TASK? (OTHER_FIELD | pid = PID_FIELD)*
  | old = OLD_TASK
  ;

/* "RIP: 0010:btrfs_reloc_cow_block+0x2b4/0x300 [btrfs]" */
rip
  : RIP ADDRESS* symbol = (SYMBOL | OFFSET_SYMBOL | NAME | RAW_ADDRESS)?
  ;

btrfs
  : head = BTRFS_HEAD what = (TRANSACTION_ABORTED | BLOCK_RSV_RETURNED | SPACE_INFO_HAS | SPACE_INFO_TOTAL
      | BLOCK_RSV | ASSERTION)?
  | what = (BTRFS_ERROR_IN | BTRFS_OTHER | TRANSACTION_ABORTED | BLOCK_RSV_RETURNED | SPACE_INFO_HAS
  | SPACE_INFO_TOTAL | BLOCK_RSV)
  ;

/* Lines that one token tells completely. */
phrase
  : CALL_TRACE | MARKER | SYSRQ_BLOCKED | SYSRQ_STATE | SYSRQ_CPUS | SYSRQ_OTHER | TASK_COLUMNS | HUNG_TASK
      | HUNG_OWNER
  | HUNG_START | TAINT | CPU_COMM | PID_COMM | WORKQUEUE | NMI_BACKTRACE | CUT_HERE | END_TRACE | WARNING_AT
  | KERNEL_BUG
  | KASAN | KCSAN | UBSAN | SLEEPING | SOFT_LOCKUP | HARD_LOCKUP | RCU_STALL | OOPS | OTHER_BUG | SYSFS_WARN | ASSERTION
  | REGISTERS
  | NOISE | LOCKDEP_CIRCULAR | LOCKDEP_RECURSIVE | LOCKDEP_IRQ | LOCKDEP_OTHER
  | OTHER_WARNING | ACQUIRING | ALREADY_HOLDING | CHAIN_NOTE
  | LOCK_TITLE | LOCK_STATE | LOCK_DEPENDENCY | LOCK_ACQUIRED | LOCK_USED
  | LOCKS_ALL | LOCKS_HELD | STORAGE | DRIVER_NOTE | LINUX_VERSION | UNAME | LISTING | TAIL_FILE | PROC_HEADER
  | CRASH_TASK
  | STATUS_FIELD | TABLE_HEADER | ROUND | EXCEPTION_RIP | ACCESS | STACK_TITLE | ELISION | RULER
  ;

other
  : WORD | MODULE | INLINE | UNRELIABLE | SOURCE | PAREN_SOURCE | AT_ADDRESS | RUNNING_TASK | PID_FIELD
      | OTHER_FIELD | LOCK_AT
  ;
