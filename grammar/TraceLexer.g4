/*
 * Lines of kernel trace text: tracefs trace and trace_pipe, trace-cmd report, perf script.
 *
 *     kworker/u8:8-9606    [000] ...1.  1786.421251: btrfs_sync_fs: 795087b8-...: wait=0        trace, trace_pipe
 *     kworker/u8:8-9606    (   9606) [000] .....  1786.421251: ...                              option record-tgid
 *     kworker/u8:8-9606    [000]   1786.421251: ...                                             option noirq-info
 *   kworker-9606     0...1. 27025us : ...                                                       option latency-format
 *     kworker/u8:8 9606 0 0 00000001 00000002 [57500bef] 25.467ms (+0.009ms): ...               and verbose
 *     kworker/u8:8-9606 [000]  1786.421251: sched_switch:         ...                           trace-cmd report
 *     kworker/u8:8 9606 [000]  1786.421251:      btrfs:btrfs_sync_fs: 795087b8-...: wait=0      perf script
 *
 * The lexer decides what is a trace line: a line start that is none falls to ANY and the rest of the line to REST.
 * Every mode accepts every character, so no input is an error. There are no predicates and no actions but mode
 * changes, so that the automaton can be turned into tables (org.btrsleuth.event.LexerAutomaton).
 *
 * Characters are bytes; those above 0x7F arrive as 0x7F (ANTLR's automata stop there). A text ends with a line end.
 */
lexer grammar TraceLexer;

// ---- At the start of a line ------------------------------------------------------------------------------------

/*
 * Task, PID, CPU and flags. The task name may hold anything but is at most 15 bytes, so the first place where a
 * whole PID and CPU column can be read is right; TASK_MORE takes the rare name that holds such a column itself.
 */
TASK: ~[\n]*? COLUMNS -> mode(TIME_MODE);

/*
 * An event without any column (option nocontext-info). Only names that the kernel uses for btrfs events: "word: text"
 * is the shape of many a log line.
 */
BARE: EVENT_NAME BLANKS FSID? -> type(EVENT), mode(TEXT_MODE);

/* The trace's own comments, kernel/trace/trace.c print_trace_header(), and the first line of perf and trace-cmd. */
HEADER:
  ( '#' ' '*
  | '#' ' ' ' '+ ~[\n]*
  | '# tracer: ' ~[\n]*
  | '# ' [a-z_]+ ' latency trace v' ~[\n]*
  | '# latency: ' ~[\n]*
  | '#' ' '? '-' '-'+ ~[\n]*
  | '##### CPU ' DIGITS ' buffer started ####' ' '*
  | ' ------------------------------------------' ' '*
  | 'cpus=' DIGITS ' '*
  )
  EOL
  ;

/* Written more than in the buffer: the oldest events were overwritten. */
ENTRIES: '# entries-in-buffer/entries-written: ' DIGITS '/' DIGITS ~[\n]* EOL;

/* trace.c print_trace_line(); the second form is trace-cmd's. */
LOST: 'CPU:' DIGITS ' [' ('LOST ' (DIGITS ' ')? 'EVENTS' | (DIGITS ' ')? 'EVENTS DROPPED') ']' ' '* EOL;

/* A function of a stack: trace_output.c, trace-cmd, and perf's call chains. */
FRAME: ' '? '=> ' (SYMBOL OFFSET? (' <' HEX '>' | ' (' HEX ')')? | ' '? '<' HEX '>') ' '* EOL;
PERF_FRAME: '\t' ' '* HEX (' ' ~[\n]+)? EOL;

/* trace_functions_graph.c */
GRAPH: ' '* (DIGITS '.' DIGITS ' | ')? ' '+ DIGITS ')' ' '+ ~[\n]* ('|' | '=>') ~[\n]* EOL;

/* "pid cpu nanoseconds type: id" of the options raw and hex: only the event's number. */
RECORD: (DIGITS ' ' DIGITS ' ' DIGITS | HEX8 ' ' HEX8 ' ' HEX8 HEX8) ' type: ' DIGITS EOL;

NL: EOL;
ANY: ~[\n] -> mode(REST_MODE);

// ---- After the task --------------------------------------------------------------------------------------------

mode TIME_MODE;

/* Seconds, or a count (clocks counter, uptime, x86-tsc), or latency-format's microseconds with a delay mark. */
TIME: ' '* (DIGITS CLOCK ':')? ' '+ ('(+' DIGITS ')' ' '+)? -> mode(NAME_MODE);
TASK_MORE: (' '* | ~[ 0-9\n] ~[\n]*?) COLUMNS;
TIME_ANY: ~[\n] -> type(ANY), mode(REST_MODE);
TIME_NL: EOL -> type(NL), mode(DEFAULT_MODE);

fragment CLOCK
  : '.' DIGITS 'ms (+' DIGITS '.' DIGITS 'ms)'
  | '.' DIGITS
  | 'us' [ +!#$*@]+
  |
  ;

// ---- After the time --------------------------------------------------------------------------------------------

mode NAME_MODE;

/* A btrfs event, with the file system id where the kernel prints one (4.9 and newer; reservations always). */
EVENT: (('btrfs:')? EVENT_NAME BLANKS FSID? | ('btrsleuth:')? CALL_NAME BLANKS) -> mode(TEXT_MODE);
SWITCH: ('sched:')? 'sched_switch:' BLANKS -> mode(SWITCH_MODE);
STACK: ('kernel_stack:' BLANKS)? '<stack trace' ' '? '>' ' '* -> mode(REST_MODE);
USER_STACK: ('user_stack:' BLANKS)? '<user stack' ~[\n>]* '>' ' '* -> mode(REST_MODE);
/* Names are followed by ':', by '(' and ' ->' (system calls) or by ' <-' (function tracer). */
OTHER: NAME (':' NAME)? -> mode(REST_MODE);
NAME_ANY: ~[\n] -> type(ANY), mode(REST_MODE);
NAME_NL: EOL -> type(NL), mode(DEFAULT_MODE);

// ---- The text of a btrfs event ---------------------------------------------------------------------------------

mode TEXT_MODE;

/* btrfs_space_reservation: the pool's name may hold a colon (space_info:enospc); the verb is reserve or release. */
RSV: WORD_CHARS (':' WORD_CHARS)* ': ' DIGITS ' ' WORD_CHARS ' ' DIGITS BLANKS;
/* "key=value", until 4.9 "key = value,", "work->pointer", "(normal_work=pointer)", "val=0x4 (4)", "fsid=ARRAY[9f]" */
PAIR: '('? WORD_CHARS ' '* ('=' | '->') ' '? (VALUE | 'ARRAY[' [0-9a-f, ]* ']')? SEPARATOR*;
/* "enospc: " of btrfs_trigger_flush */
LABEL: WORD_CHARS ':' ' '+;
WORD: (~[ ,\r\n]+ | '\r' | SEPARATOR) SEPARATOR*;
TEXT_NL: EOL -> type(NL), mode(DEFAULT_MODE);

fragment SEPARATOR: [ ,];
fragment VALUE: ~[ ,\r\n]+;

// ---- sched_switch ----------------------------------------------------------------------------------------------

mode SWITCH_MODE;

FROM: 'prev_comm=' ~[\n]*? ' prev_pid=' DIGITS ' prev_prio=' '-'? DIGITS ' prev_state=' STATE (' ==>')? ' ';
TO: 'next_comm=' ~[\n]*? ' next_pid=' DIGITS ' next_prio=' '-'? DIGITS BLANKS;
/* trace-cmd: "kworker/u8:1:32 [120] R ==> cat:2412 [120]" */
BRIEF: ~[\n]*? ':' DIGITS ' [' '-'? DIGITS '] ' STATE ' ==> ' ~[\r\n]* ':' DIGITS ' [' '-'? DIGITS ']' BLANKS;
SWITCH_ANY: ~[\n] -> type(WORD), mode(REST_MODE);
SWITCH_NL: EOL -> type(NL), mode(DEFAULT_MODE);

/* A number where the fields are printed raw. */
fragment STATE: [A-Za-z0-9] [A-Za-z0-9+|]*;

// ---- The rest of a line that nobody reads ----------------------------------------------------------------------

mode REST_MODE;

REST: ~[\r\n]+;
REST_CR: '\r' -> type(REST);
REST_NL: EOL -> type(NL), mode(DEFAULT_MODE);

// ---- Parts -----------------------------------------------------------------------------------------------------

fragment COLUMNS
  : [- ] DIGITS ('/' DIGITS)? BLANK+ ('(' [-0-9 ]+ ')' BLANK+)? '[' DIGITS ']' (' ' FLAGS)?
  | '-' DIGITS BLANK+ DIGITS (FLAGS | '-0x' HEX)
  | BLANK DIGITS BLANK+ DIGITS BLANK DIGITS BLANK HEX8 BLANK HEX8 ' [' HEX ']'
  | BLANK DIGITS ('/' DIGITS)? BLANK+ DIGITS '.' DIGITS ':'
  ;

/* irqs off, need resched, hard or soft irq, preempt depth, since 5.14 migrate disable: trace_print_lat_fmt(). */
fragment FLAGS: [.dDbBX] [.NnpPlLbB] [.hHsSzZ] [.0-9a-f] [.0-9a-f]? [+!#$*@]?;

fragment EVENT_NAME
  : ( '_'* 'btrfs_' WORD_CHARS
    | 'update_bytes_' WORD_CHARS
    | '__'? 'extent_writepage'
    | ('add' | 'run') '_delayed_ref_head'
    | 'run_delayed_' ('tree' | 'data') '_ref'
    )
    ':'
  ;

/* kprobes of the capture script enospc-kprobes: "rsv_add_ret: (caller+0x1c/0x40 [btrfs] <- btrfs_block_rsv_add) ret=0". */
fragment CALL_NAME
  : ( 'finish_ordered' ('_fn' | '_hook')?
    | 'inode_' ('update' | 'reserve' | 'item')
    | 'rsv_' ('migrate' | 'add' ('_noflush')? | 'release')
    | 'delalloc_' ('reserve' | 'release')
    )
    '_ret'? ':'
  ;

fragment FSID: HEX8 '-' HEX4 '-' HEX4 '-' HEX4 '-' HEX4 HEX8 ': ';
fragment SYMBOL: [A-Za-z_] [A-Za-z0-9_.$]*;
fragment OFFSET: '+0x' HEX ('/0x' HEX)?;
fragment NAME: [A-Za-z_] [A-Za-z0-9_.]*;
fragment WORD_CHARS: [A-Za-z_] [A-Za-z0-9_]*;
fragment HEX: [0-9a-f]+;
fragment HEX4: [0-9a-f] [0-9a-f] [0-9a-f] [0-9a-f];
fragment HEX8: HEX4 HEX4;
fragment DIGITS: [0-9]+;
fragment BLANK: ' ';
fragment BLANKS: ' '*;
fragment EOL: '\r'* '\n';
