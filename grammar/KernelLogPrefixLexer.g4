/*
 * What stands before a kernel message: mail quoting, priorities, time stamps, host names, dmesg and /dev/kmsg fields.
 *
 *   > > [  123.456789][ T4567] text          mail quoting, printk time, printk caller
 *   <4>[  123.456789] text                   dmesg --raw, pstore
 *   kern  :err   : [  123.456789] text       dmesg -x
 *   [Fri Nov 20 10:36:24 2026] text          dmesg -T
 *   [ 3060.443873 <    0.000884>] text       dmesg -d
 *   [  +0.000884] text, [Nov20 10:50] text   dmesg -e
 *   2026-11-20T10:50:17,443873+00:00 text    dmesg --time-format iso, journalctl -o short-iso, rsyslog
 *   May 22 07:36:16 host kernel: text        syslog, journalctl
 *   May 22 07:36:16 host vmunix: [  123.456789] text  syslog under another tag: the printk time tells that it is the kernel's
 *   [  123.456789] host kernel: text         journalctl -o short-monotonic
 *   <4>1 2026-11-20T10:50:17Z host kernel - - - text    RFC 5424 syslog
 *   3,19894,3060442989,-;text                /dev/kmsg
 *   "msg": "text"                            dmesg -J
 *   {"_TRANSPORT": "kernel", "MESSAGE": "text"}      journalctl -o json
 *   MESSAGE=text                             journalctl -o export
 *   /proc/123/stack:[<0>] text               grep . /proc/PID/stack
 *
 * The reader pulls tokens until MESSAGE: the message starts where that token starts. Every alternative is longer than
 * one character except QUOTE, so the longest match decides and nothing is tried twice.
 */
lexer grammar KernelLogPrefixLexer;

QUOTE: '>' ' '?;
BAR: '|' ' ';
INDENT: [ \t\u0000]+;

PRIORITY: '<' DIGIT DIGIT? DIGIT? '>' ' '?;
LEVEL: FACILITY ' '* ':' SEVERITY ' '* ':' ' '?;

UPTIME: '[' ' '* SECONDS ' '* ']' ' '?;
UPTIME_HOST: '[' ' '* SECONDS ']' ' ' HOST ' kernel: ';
UPTIME_DELTA: '[' ' '* SECONDS ' '+ '<' ' '* SECONDS '>' ']' ' '?;
DELTA: '[<' ' '* SECONDS '>]' ' '?;
SINCE_LAST: '[' ' '* '+' SECONDS ']' ' '?;
MINUTE: '[' LETTER+ ' '? INT ' ' INT ':' INT ']' ' '?;
CTIME: '[' LETTER+ '.'? ' '+ (LETTER+ '.'? ' '+ INT | INT '.'? ' '+ LETTER+ '.'?) ' '+ CLOCK ' '+ INT ']' ' '?;
CALLER: '[' ' '* [TC] INT ']' ' '?;

SYSLOG_KERNEL: LETTER+ '.'? ' '+ INT ' ' CLOCK ' '+ (HOST ' '+)? KERNEL;
SYSLOG_OTHER: LETTER+ '.'? ' '+ INT ' ' CLOCK ' '+ HOST ' '+ PROGRAM ('[' INT ']')? ':' ' '?;
ISO_KERNEL: DATE [T ] CLOCK ZONE? ' '+ (HOST ' '+)? KERNEL;
ISO_OTHER: DATE [T ] CLOCK ZONE? ' '+ HOST ' '+ PROGRAM '[' INT ']:' ' '?;
SYSLOG_5424: '1 ' DATE 'T' CLOCK ZONE? ' ' HOST ' kernel ' ~[ \r\n]+ ' ' ~[ \r\n]+ ' ' ('- ' | '[' ~[\]\r\n]* '] ');
ISO: DATE [T ] CLOCK ZONE? ' ';
KERNEL_TAG: 'kernel:' ' '?;

KMSG: INT ',' INT ',' INT ',' ~[;\r\n]* ';';

// journalctl -o json, and other collectors that write one object a line; journalctl -o export
JSON_OBJECT: '{' [ \t]* '"' [A-Za-z0-9_@.\-]+ '"' [ \t]* ':' ~[\r\n]* '}';
EXPORT_MESSAGE: 'MESSAGE=';
EXPORT_FIELD: ('_' [A-Z0-9_]+ | 'PRIORITY' | 'SYSLOG_' [A-Z]+ | 'MESSAGE_ID') '=' ~[\r\n]*;

JSON_START: '"dmesg"' [ \t]* ':' [ \t]* '[';
JSON_TIME: '"time"' [ \t]* ':' [ \t]* SECONDS ','?;
JSON_MESSAGE: '"msg"' [ \t]* ':' [ \t]* '"';
JSON_FIELD: '"' ('pri' | 'fac' | 'caller') '"' [ \t]* ':' ~[\r\n]*;

PROC_GREP: ('/proc/' | './')? INT ('/task/' INT)? '/' ('stack' | 'comm' | 'wchan' | 'status' | 'syscall') ':';

MESSAGE: .;

fragment DIGIT: [0-9];
fragment INT: DIGIT+;
fragment SECONDS: INT '.' INT;
fragment LETTER: [\p{L}];
fragment CLOCK: DIGIT DIGIT? ':' DIGIT DIGIT ':' DIGIT DIGIT ([.,] INT)?;
fragment DATE: DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT '-' DIGIT DIGIT;
fragment ZONE: 'Z' | [+\-] DIGIT DIGIT ':'? DIGIT DIGIT;
fragment HOST: ~[ :\t\r\n[]+;
fragment PROGRAM: ~[ :\t\r\n[\]]+;
fragment KERNEL: 'kernel' ('[' INT ']')? (':' ' '? | ' ');
fragment FACILITY:
    'kern' | 'user' | 'mail' | 'daemon' | 'auth' | 'syslog' | 'lpr' | 'news' | 'uucp' | 'cron' | 'authpriv' | 'ftp'
    | 'local' DIGIT
;
fragment SEVERITY: 'emerg' | 'alert' | 'crit' | 'err' | 'warn' | 'notice' | 'info' | 'debug';
