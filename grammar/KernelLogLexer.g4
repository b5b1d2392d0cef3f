/*
 * Tokens of one kernel message or one line of a stack listing, without what KernelLogPrefixLexer takes away.
 *
 * Kernel 3.6 to 6.19. Fixed phrases of the kernel are one token each, up to the place where a value starts or the
 * kernel prints free text (task names may hold blanks, colons and brackets). Loops are greedy over negated sets:
 * the longest match decides, so a phrase always wins against WORD, and a line is read once.
 */
lexer grammar KernelLogLexer;

WS: [ \t\r\u0000]+ -> skip;

// ---- frames: __show_trace_log_lvl / show_stack_log_lvl, proc_pid_stack, scripts/decode_stacktrace.sh, drgn, crash

ADDRESS: '[<' (HEX | [()_a-z])+ '>]';
BRACKET_HEX: '[' HEX8 (HEX8)? ']';
CALLEE: ('[<' HEX+ '>] (' IDENT OFFSETS? (' ' MODULE)? ')' | IDENT (' ' MODULE)?) ' from ';
CALLER: '[<' HEX+ '>] (' IDENT OFFSETS? (' ' MODULE)? ')';
QUESTION: '?';
SYMBOL: IDENT OFFSETS;
OFFSET_SYMBOL: IDENT '+' ('0x' HEX+ | DIGIT+);
RAW_ADDRESS: '0x' HEX+;
INLINE: '[inline]';
MODULE: '[' [A-Za-z0-9_\-]+ ('(' [A-Z+\-]+ ')')? (' ' HEX+)? ']' '()'?;
UNRELIABLE: '(unreliable)' | '(discriminator ' DIGIT+ ')';
SOURCE: PATH ':' DIGIT+ (':' DIGIT+)?;
PAREN_SOURCE: '(' PATH ':' DIGIT+ ~[)\r\n]* ')';
FRAME_INDEX: '#' DIGIT+;
AT_ADDRESS: 'at ' HEX8 HEX8;
HEXWORD: HEX8 HEX8?;
CALL_TRACE: ('Call Trace:' | 'Call trace:' | 'Backtrace:' | 'stack backtrace:' | 'Stack trace:');
MARKER: '<' '/'? ([A-Z#_] [A-Za-z0-9_#]* | 'TASK') '>';

// ---- tasks: sched_show_task, check_hung_task, sysrq_handle_showstate

SYSRQ_BLOCKED: SYSRQ 'Show Blocked State';
SYSRQ_STATE: SYSRQ 'Show State';
SYSRQ_CPUS: SYSRQ 'Show backtrace of all active CPUs';
SYSRQ_OTHER: SYSRQ ~[\r\n]*;
TASK_COLUMNS: 'task' ' '+ 'PC stack' ~[\r\n]*;
TASK: 'task:' ~[\r\n]* 'state:' [A-Za-z?];
RUNNING_TASK: 'running task';
PID_FIELD: 'pid:' ' '* DIGIT+;
OTHER_FIELD: ('stack:' | 'tgid:' | 'ppid:' | 'flags:' | 'task_flags:') ' '* ('0x')? HEX+;
OLD_TASK:
    ~[ \t\r\n] ~[\r\n]* ' '+ STATE ' '+ ((HEX8 HEX8? | '0x' HEX+
    | 'running task') ' '+)? DIGIT+ ' '+ DIGIT+ ' '+ DIGIT+ ' '+ '0x' HEX8
;
HUNG_TASK: 'INFO: task ' ~[\r\n]* ' blocked ' ~[\r\n]* 'for more than ' DIGIT+;
HUNG_OWNER: 'INFO: task ' ~[\r\n]* 'blocked on ' ~[\r\n]* ('owned by task ' | 'held by task ') ~[\r\n]*;
HUNG_START: 'INFO: task ';
TAINT: ('Not tainted' | 'Tainted:') ~[\r\n]*;
CPU_COMM: 'CPU: ' ~[\r\n]* 'PID: ' DIGIT+ ' '+ 'Comm: ' ~[\r\n]*;
PID_COMM: 'Pid: ' DIGIT+ ', comm: ' ~[\r\n]*;
WORKQUEUE: 'Workqueue: ' ~[\r\n]*;
NMI_BACKTRACE: 'NMI backtrace for cpu ' DIGIT+ ~[\r\n]*;

// ---- reports: __warn, report_bug, oops, lockups, sanitizers

CUT_HERE: '--'+ '-'? '[ cut here ]' '-'*;
END_TRACE: '---[ end trace ' ~[\r\n]*;
WARNING_AT: 'WARNING: ' ~[\r\n]* [ /] PATH ':' DIGIT+ ~[\r\n]*;
KERNEL_BUG: 'kernel BUG at ' ~[\r\n]*;
KASAN: 'BUG: KASAN: ' ~[\r\n]*;
KCSAN: 'BUG: KCSAN: ' ~[\r\n]*;
UBSAN: 'UBSAN: ' ~[\r\n]*;
SLEEPING: 'BUG: sleeping function called from ' ~[\r\n]*;
SOFT_LOCKUP: ('watchdog: ' | 'NMI watchdog: ')? 'BUG: soft lockup' ~[\r\n]*;
HARD_LOCKUP: ('watchdog: ' | 'NMI watchdog: ')? 'Watchdog detected hard LOCKUP' ~[\r\n]*;
RCU_STALL: ('rcu: ')? 'INFO: rcu_' ~[\r\n]* 'stall' ~[\r\n]*;
OOPS:
    ( 'Oops: ' | 'Oops - ' | 'BUG: unable to handle ' | 'BUG: kernel NULL pointer ' | 'Unable to handle kernel '
    | 'general protection fault' | 'invalid opcode: ' | 'divide error: ' | 'stack segment: '
    | 'CPU ' DIGIT+ ' Unable to handle kernel ' | 'BUG: Unable to handle ' | 'Internal error: ' | 'Kernel panic' | 'Unexpected kernel ') ~[\r\n]*
;
EXCEPTION_RIP: '[exception RIP: ' IDENT '+' DIGIT+ ']';
ACCESS: ('read' | 'write' | 'read-write' | 'read (marked)'
    | 'write (marked)') ' ' ~[\r\n]* 'by task ' DIGIT+ ' on cpu ' DIGIT+ ':';
STACK_TITLE:
    ( 'Allocated by task' | 'Freed by task' | 'Last potentially related work creation' | 'handlers:'
    | 'page_owner tracks' | 'Second to last potentially related work creation' | 'page last allocated via'
    | 'page last free ' | 'page last freed' | 'Preemption disabled at' | 'Memory state around') ~[\r\n]*
;
OTHER_BUG: 'BUG: ' ~[\r\n]* | 'BUG ' [A-Za-z0-9_\-]+ ' (' ('Not t' | 'T') 'ainted' ~[\r\n]*;
SYSFS_WARN: 'sysfs: cannot create duplicate filename ' ~[\r\n]*;
ASSERTION: ('BTRFS: ' | 'btrfs ')? 'assertion failed: ' ~[\r\n]*;
RIP:
    ( 'RIP: ' HEX+ ':' | 'RIP: ' HEX+ ':' ADDRESS ' '* | 'pc : ' | 'PC is at ' | 'EIP is at ' | 'EIP: '
    | 'RIP  ' ADDRESS ' '* | 'epc : ' | 'NIP ' '[' HEX+ ']' ' ')
;
REGISTERS:
    ( 'RAX:' | 'RBX:' | 'RCX:' | 'RDX:' | 'RSI:' | 'RDI:' | 'RBP:' | 'RSP:' | 'R08:' | 'R8:' | 'R09:' | 'R10:'
    | 'R11:' | 'R12:' | 'R13:' | 'R14:' | 'R15:' | 'ORIG_RAX:' | 'FS:' | 'GS:' | 'CS:' | 'DS:' | 'ES:' | 'CR0:'
    | 'CR2:' | 'CR3:' | 'CR4:' | 'DR0:' | 'DR3:' | 'DR6:' | 'PKRU:' | 'knlGS:' | 'EFLAGS:' | 'RFLAGS:' | 'Code:'
    | 'EAX:' | 'ESI:' | 'EBX:' | 'ECX:' | 'EDX:' | 'EDI:' | 'EBP:' | 'ESP:' | 'SS:' | 'lr : ' | 'sp : '
    | 'pstate:' | 'pstate: ' | 'x' DIGIT DIGIT? ' '? ':' | 'RIP: ' HEX8 HEX8 | 'LR [' | 'MSR:' | 'NIP:' | 'REGS:'
    | 'GPR' DIGIT DIGIT ':' | 'CFAR:' | 'IRQMASK:' | 'Instruction dump:' | 'TRAP:' | 'PSTATE:' | 'Krnl PSW'
    | 'Krnl GPRS:' | 'Krnl Code:' | 'RAX : ') ~[\r\n]*
;
NOISE:
    ( 'Modules linked in' | 'Hardware name:' | 'Unloaded tainted modules' | 'CPU: '
    | '"echo 0 > /proc/sys/kernel/hung_task' | '[last unloaded' | 'last unloaded' | 'Rebooting in '
    | 'Kernel Offset:' | 'Future hung task reports' | 'irq event stamp:' | 'hardirqs last ' | 'softirqs last '
    | 'Dumping ftrace' | 'INFO: lockdep is turned off' | 'Sending NMI from CPU' | 'Sched Debug'
    | 'Showing busy workqueues' | 'workqueue ' ~[ \r\n:]+ ':' | 'pwq ' DIGIT+ ':' | 'in-flight:' | 'pending:'
    | 'delayed:' | 'inactive:' | 'pool ' DIGIT+ ':' | 'note: ' | 'Fixing recursive fault' | 'Dazed and confused'
    | '---[ end Kernel panic' | 'SMP: ' | 'PGD ' | 'P4D ' | 'preempt_count:' | 'in_atomic():' | 'RCU nest depth:'
    | 'Exception stack' | 'audit: ' | 'audit(' | 'random: ' | 'workqueue: ' | 'rcu: ' | 'loop' DIGIT+ ': '
    | '(t=' DIGIT+ ' jiffies' | 'systemd[' | 'systemd-' [a-z]+ ':' | 'systemd: ' | '#PF: ' | 'Mem abort info:'
    | 'ESR = ' | 'EC = ' | 'SET = ' | 'EA = ' | 'FSC = ' | 'Data abort info:' | 'ISV = ' | 'CM = '
    | 'swapper pgtable' | 'user pgtable' | 'pcpu-alloc:' | 'e820:' | 'BIOS-e820:' | 'ACPI: ' | 'pci ' | 'usb '
    | 'tun: ' | 'IPv6: ' | 'br0: ' | 'EDAC ' | 'smpboot: ' | 'perf: interrupt took too long'
    | 'hrtimer: interrupt took' | 'Kernel command line:' | 'Command line:' | '-'? '----------------'+) ~[\r\n]*
;

// ---- lockdep: print_circular_bug, print_deadlock_bug, print_usage_bug, debug_show_all_locks

LOCKDEP_CIRCULAR: LOCKDEP 'possible circular locking dependency detected' ~[\r\n]*;
LOCKDEP_RECURSIVE: LOCKDEP 'possible recursive locking detected' ~[\r\n]*;
LOCKDEP_IRQ:
    LOCKDEP ('possible irq lock inversion dependency detected' | 'inconsistent lock state'
    | 'HARDIRQ-' ~[\r\n]* 'detected' | 'SOFTIRQ-' ~[\r\n]* 'detected') ~[\r\n]*
;
LOCKDEP_OTHER:
    LOCKDEP ('bad unlock balance detected' | 'suspicious RCU usage' | 'Nested lock was not taken'
    | 'held lock freed' | 'lock held when returning to user space' | 'Invalid wait context' | '[ BUG:'
    | 'workqueue leaked lock' | 'trying to register non-static key') ~[\r\n]*
;
OTHER_WARNING: 'WARNING: ' ~[\r\n]*;
ACQUIRING: ~[ \t\r\n] ~[\r\n]* ('is trying to acquire lock:' | 'is trying to acquire lock'
    | 'is trying to release lock ' ~[\r\n]* | '] is trying to acquire:' | '] takes:'
    | 'just changed the state of lock:');
// print_usage_bug, print_irq_inversion_bug, print_bad_irq_dependency, print_shortest_lock_dependencies
LOCK_TITLE:
    ( 'but this lock took another, ' | 'but this lock was taken by another, '
    | 'but this new dependency connects a ' | 'to a ' [A-Z_\-]+ '-irq-unsafe lock:'
    | 'to a ' [A-Z_]+ '-unsafe lock:') ~[\r\n]*
;
LOCK_STATE: '{' [A-Z_0-9\-]+ '} state was registered at:' | '... which became ' ~[\r\n]* ' at:';
LOCK_DEPENDENCY: '->' ' '* '(' ~[\r\n]* ' ops: ' DIGIT+ ' {'?;
LOCK_ACQUIRED: '... acquired at:';
LOCK_USED: ('INITIAL ' ('READ ')? 'USE' | ('IN-')? [A-Z_]+ ('-ON')? ('-W' | '-R') | '... key') ' '+ 'at:' ~[\r\n]*;
ALREADY_HOLDING: 'but task is already holding lock:' | 'and this task is already holding:'
    | 'but now in lock' ~[\r\n]*;
CHAIN: '->' ' '* '#' DIGIT+;
CHAIN_NOTE:
    ( 'the existing dependency chain' | 'which lock already depends on the new lock'
    | 'other info that might help us debug' | 'Possible unsafe locking scenario'
    | 'Possible interrupt unsafe locking scenario' | 'Chain exists of:' | '*** DEADLOCK ***'
    | 'May be due to missing lock nesting notation' | 'the code locating' | 'locking dependency detected' | 'CPU0'
    | '----' ' '+ '----' | 'lock(' | '<Interrupt>' | 'rlock(' | 'sync('
    | 'and interrupts could create inverse' | 'the shortest dependencies between'
    | 'the dependencies between' | 'which would create a new lock dependency') ~[\r\n]*
;
LOCKS_ALL: 'Showing all locks held in the system:';
LOCKS_HELD: ('no' | DIGIT+) ' lock' 's'? ' held by ' ~[\r\n]* '/' DIGIT+ [:.]?;
LOCK_INDEX: '#' DIGIT+ ':';
LOCK_CLASS: '(' ~[\r\n{]* ')' ' '? '{' ~[}\r\n]* '}' ('-{' ~[}\r\n]* '}')? [,:]?;
LOCK_AT: 'at:';

// ---- btrfs: btrfs_printk, __btrfs_handle_fs_error, btrfs_dump_space_info

BTRFS_ERROR_IN:
    BTRFS ':'? (' error' | ' critical'
    | ' warning')? ' '* '(device ' ~[)\r\n]* ')' ' '* 'in ' [A-Za-z0-9_.]+ ':' DIGIT+ ':' ~[\r\n]*
;
BTRFS_HEAD: BTRFS (' ' [a-z]+)? (' '* '(device ' ~[)\r\n]* ')')? ':';
BTRFS_OTHER: 'BTRFS ' | 'btrfs_printk: ' | '_btrfs_printk: ' | 'Btrfs loaded' | 'Btrfs ';
TRANSACTION_ABORTED: 'Transaction aborted (error ' '-'? DIGIT+ ')';
BLOCK_RSV_RETURNED: 'block rsv ' (DIGIT+ ' ')? 'returned ' '-'? DIGIT+;
SPACE_INFO_HAS:
    'space_info' ' '+ ~[ \r\n]+ ' '+ ('(sub-group id ' DIGIT+ ')' ' '+)? 'has' ' '+ '-'? DIGIT+ ' '+ 'free,'
        ' '+ 'is' (' '+ 'not')? ' '+ 'full'
;
SPACE_INFO_TOTAL: 'space_info' ' '+ 'total=' DIGIT+ ~[\r\n]*;
BLOCK_RSV: [a-z_]+ ':' ' '+ 'size ' DIGIT+ ' '+ 'reserved ' DIGIT+;

// ---- storage below

STORAGE:
    ( 'blk_update_request: ' | 'print_req_error: ' | 'Buffer I/O error' | 'I/O error' | 'end_request: '
    | 'lost page write' | 'critical ' ~[\r\n]* ' error, dev ' | DRIVER ~[\r\n]* FAULT) ~[\r\n]*
;
DRIVER_NOTE: DRIVER ~[\r\n]*;

// ---- versions

LINUX_VERSION: 'Linux version ' ~[ \r\n]+;
UNAME: 'Linux ' ~[ \r\n]+ ' ' DIGIT+ '.' DIGIT+ ~[ \r\n]* ' #' ~[\r\n]*;

// ---- stack listings of /proc

LISTING: '='+ ' '+ ('pid' ' '+)? DIGIT+ (' ' ~[\r\n]*)? | '-'+ ' '+ '/proc/' DIGIT+ ~[\r\n]*;
TAIL_FILE: '==>' ' '+ ~[\r\n]* PROC_FILE ' '+ '<==';
PROC_HEADER: ~[\r\n]* '/proc/' (DIGIT+ | ('*' | DIGIT+) '/task/' DIGIT+) '/stack' ~[\r\n]*;
CRASH_TASK: 'PID:' ' '* DIGIT+ ' '+ ('TASK:' ~[\r\n]* 'COMMAND:' ~[\r\n]* | 'COMM:' ~[\r\n]*);
STATUS_FIELD: ('comm' | 'Name' | 'State' | 'Pid' | 'wchan' | 'syscall' | 'Tgid') ':' [ \t]* ~[\r\n]* | 'stack:';
TABLE_HEADER:
    ('PID' | 'USER' | 'UID' | 'TID' | 'F S' | 'F ' | 'S ' | 'STAT') ~[\r\n]* ('COMMAND' | 'WCHAN' | 'CMD'
    | 'STAT') ~[\r\n]*
;
ROUND: '#'+ ' ' DATE ~[\r\n]* | '@ ' DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT+ '.' DIGIT+ | CTIME;

/* Elisions, and rulers of whatever people draw with. */
ELISION: '[' '.'+ ']' | '(' '.'+ ')' | '...' '.'* | '\u2026' | '[snip]' | '<snip>' | '[\u2026]' | '::' | '[cut]';
RULER: [=*~_+\-#`]+ | [{}[\],]+;

NAME: IDENT;
WORD: ~[ \t\r\n\u0000]+;

fragment DIGIT: [0-9];
fragment HEX: [0-9a-fA-F];
fragment HEX8: HEX HEX HEX HEX HEX HEX HEX HEX;
fragment IDENT: [A-Za-z_$.] [A-Za-z0-9_$.@]*;
fragment OFFSETS: '+0x' HEX+ '/0x' HEX+;
fragment PATH: [A-Za-z0-9_./+\-]+ '.' [chSsr] ('s' | 'pp')?;
fragment STATE: [RSDTtXZPIKWxNE] ('+' | '<' | 'l' | 's' | 'N')?;
fragment SYSRQ: ('sysrq: ' | 'SysRq : ' | 'sysrq: SysRq : ' | 'SysRq: ');
fragment LOCKDEP: ('WARNING: ' | '[ INFO: ' | 'INFO: ' | '[ BUG: ')?;
fragment BTRFS: 'BTRFS' | 'btrfs' | 'Btrfs';
fragment PROC_FILE: '/' ('stack' | 'comm' | 'wchan' | 'status' | 'syscall' | 'stat' | 'cmdline');
fragment DATE: DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT '-' DIGIT DIGIT;
fragment CTIME:
    LETTER LETTER LETTER ' ' LETTER LETTER LETTER ' '+ DIGIT DIGIT? ' ' DIGIT DIGIT ':' DIGIT DIGIT ':' DIGIT
        DIGIT ' ' ~[\r\n]*
;
fragment LETTER: [A-Za-z];
fragment DRIVER:
    'nvme' ~[ \r\n]* ' ' | 'ata' DIGIT+ [.:] | 'sd ' DIGIT+ ':' | 'scsi ' | 'mmc' DIGIT+ ':'
    | 'mmcblk' ~[ \r\n]* ' ' | 'device-mapper: ' | 'md/' | 'md: ' | 'md' DIGIT+ ':' | 'dm-' DIGIT+ ':'
    | 'EXT4-fs ' | 'XFS (' | 'bcache: ' | 'virtio_blk ' | 'mpt' [23]? 'sas' | 'megaraid' | 'nbd' DIGIT+ ':'
    | 'libceph' | 'rbd' DIGIT+ ':' | 'xhci_hcd ' | 'usb-storage ' | 'uas ' | 'block ' | 'drbd ' | 'ahci '
    | 'aacraid' | 'hpsa ' | 'arcmsr' | 'loop: ' | 'blk-mq: ' | 'zram'
;
fragment FAULT:
    'I/O error' | 'timeout' | 'timed out' | 'Timeout' | 'resetting' | 'reset' | 'abort' | 'ABORT' | 'failed'
    | 'FAILED' | 'error' | 'Error' | 'frozen' | 'exception' | 'hung' | 'offline' | 'link is down' | 'stuck'
;
