/*
 * The rule language: what kernel stacks wait for and hold, and the known bugs of btrfs.
 *
 *   wait page_lock
 *       at      __lock_page | __folio_lock
 *       source  mm/filemap.c
 *
 * Blanks and line ends only separate. A comment runs from # to the end of the line.
 * Words are names of functions, files, resource kinds, bugs, commits and releases; * in a word stands for any characters.
 */
lexer grammar RulesLexer;

// Blocks.
RESOURCE   : 'resource' ;
SCHEDULER  : 'scheduler' ;
PRIMITIVE  : 'primitive' ;
SERVICE    : 'service' ;
WAIT       : 'wait' ;
HOLD       : 'hold' ;
UNHELD     : 'unheld' ;
PROGRESS   : 'progress' ;
BUG        : 'bug' ;
FUNCTION   : 'function' ;

// Clauses of wait, hold, unheld and service.
AT         : 'at' ;
IN         : 'in' ;
WHILE      : 'while' ;
UNLESS     : 'unless' ;
UNDER      : 'under' ;
BEHIND     : 'behind' ;
ASLEEP     : 'asleep' ;
OFFSET     : 'offset' ;
ABOVE      : 'above' ;
BELOW      : 'below' ;
BYTES      : 'bytes' ;
CLASS      : 'class' ;
PROBABLE   : 'probable' ;
KERNELS    : 'kernels' ;
INSTANCE   : 'instance' ;
BECAUSE    : 'because' ;
SOURCE     : 'source' ;
RUNS       : 'runs' ;
QUEUE      : 'queue' ;
SINK       : 'sink' ;
IDLE       : 'idle' ;
OF         : 'of' ;

// Clauses of progress.
NEEDS      : 'needs' ;
ALL        : 'all' ;
ANY        : 'any' ;
HOLDER     : 'holder' ;

// Clauses of bug.
ID         : 'id' ;
TITLE      : 'title' ;
KIND       : 'kind' ;
SUBSYSTEM  : 'subsystem' ;
FIX        : 'fix' ;
INTRODUCED : 'introduced' ;
BACKPORTS  : 'backports' ;
STABLE     : 'stable' ;
ROLE       : 'role' ;
OPTIONAL   : 'optional' ;
COMMON     : 'common' ;
WAITS      : 'waits' ;
HOLDS      : 'holds' ;
TASK       : 'task' ;
CYCLE      : 'cycle' ;
LOCKS      : 'locks' ;
SPLAT      : 'splat' ;
ABORT      : 'abort' ;
MESSAGE    : 'message' ;
TIMES      : 'times' ;
SAYS       : 'says' ;
SYMPTOM    : 'symptom' ;
CONFIRM    : 'confirm' ;
WORKAROUND : 'workaround' ;

DOTS       : '..' ;
ARROW      : '->' ;
CALLED_BY  : '<' ;
OR         : '|' ;
COMMA      : ',' ;
PERCENT    : '%' ;

WORD       : WORD_CHAR+ ( [./:#-] WORD_CHAR+ )* '/'? ;
STRING     : '"' ( ~["\\\r\n] | '\\' ["\\] )* '"' ;

COMMENT    : '#' ~[\r\n]* -> skip ;
BLANK      : [ \t\r\n]+ -> skip ;

// Anything else becomes a token of its own, so that the parser reports it with its position.
OTHER      : . ;

fragment WORD_CHAR : [A-Za-z0-9_*] ;
