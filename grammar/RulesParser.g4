/*
 * The rule language; see RulesLexer.g4 for its words and docs of the knowledge package for what the blocks mean.
 */
parser grammar RulesParser;

options { tokenVocab = RulesLexer; }

rules
    : block* EOF
    ;

block
    : resource
    | scheduler
    | primitive
    | service
    | waitRule
    | holdRule
    | unheldRule
    | progress
    | function
    | bug
    ;

// resource page_lock "lock of a page or folio"
// resource chunk_mutex "chunk_mutex" of mutex
// resource block_io "the device" sink
// resource uuid_mutex "uuid_mutex" of mutex class uuid_mutex
resource
    : RESOURCE name=WORD shown=text ( OF family=WORD )? ( SINK | IDLE )? ( CLASS lock ( OR lock )* )?
    ;

// scheduler at __schedule | schedule_timeout*
scheduler
    : SCHEDULER AT names
    ;

// primitive mutex at __mutex_lock* | mutex_lock*
primitive
    : PRIMITIVE name=WORD AT names
    ;

// service flusher "flusher thread of the device" in wb_workfn runs writeback_work, inode_state
service
    : SERVICE name=WORD shown=text IN names ruleClause* ( RUNS together )? ( QUEUE queue=WORD )? ruleClause*
    ;

// function __lock_page .. 5.15 | __folio_lock 5.16 ..
// Names of one function, or of functions inlined into each other, each with the releases that have it.
function
    : FUNCTION spelling ( OR spelling )*
    ;

spelling
    : name=WORD ( from=WORD? DOTS to=WORD? )?
    ;

waitRule
    : WAIT kinds AT names ruleClause*
    ;

holdRule
    : HOLD together IN names ruleClause*
    ;

unheldRule
    : UNHELD together IN names ruleClause*
    ;

ruleClause
    : WHILE names                                            # whileClause
    | UNLESS names                                           # unlessClause
    | UNDER names                                            # underClause
    | BEHIND WORD ( OR WORD )*                               # behindClause
    | ASLEEP                                                 # asleepClause
    | OFFSET side=( ABOVE | BELOW ) percent=WORD PERCENT ( OR bytes=WORD BYTES )?   # offsetClause
    | PROBABLE                                               # probableClause
    | kernels                                                # kernelsClause
    | INSTANCE text                                          # instanceClause
    | BECAUSE text                                           # becauseClause
    | source                                                 # sourceClause
    ;

// progress delalloc_flush
//     needs all page_lock "of every dirty page" , service flush_worker
progress
    : PROGRESS name=WORD NEEDS quantifier=( ALL | ANY ) need ( COMMA need )* progressClause*
    ;

need
    : ( HOLDER | SERVICE WORD | WORD ) text?
    ;

progressClause
    : kernels                                                # progressKernels
    | BECAUSE text                                           # progressBecause
    | source                                                 # progressSource
    ;

bug
    : BUG name=WORD bugClause*
    ;

bugClause
    : ID WORD ( COMMA WORD )*                                # idClause
    | TITLE text                                             # titleClause
    | KIND WORD                                              # kindClause
    | SUBSYSTEM text                                         # subsystemClause
    | FIX commit=WORD? subject=text ( IN release=WORD )?     # fixClause
    | INTRODUCED WORD ( COMMA WORD )* ( IN release=WORD )?   # introducedClause
    | INTRODUCED IN release=WORD                             # introducedInClause
    | BACKPORTS WORD ( COMMA WORD )*                         # backportsClause
    | STABLE text                                            # stableClause
    | kernels                                                # bugKernels
    | role                                                   # roleClauses
    | CYCLE WORD ( ARROW WORD )+                             # cycleClause
    | LOCKS lock ( ARROW lock )*                             # locksClause
    | weight SPLAT report=( WORD | BUG | ANY ) ( IN path )? # splatClause
    | weight ABORT WORD ( IN path )?                         # abortClause
    | weight MESSAGE text ( TIMES count=WORD )?              # messageClause
    | SAYS text                                              # saysClause
    | SYMPTOM text                                           # symptomClause
    | CONFIRM text                                           # confirmClause
    | WORKAROUND text                                        # workaroundClause
    | source                                                 # bugSource
    ;

// optional: it need not be there. common: correct kernels show it, too, for one when space really runs out; such parts
// make a bug likelier than another, but a bug of which nothing else stands in the capture is not named.
weight
    : OPTIONAL? COMMON?
    ;

role
    : weight ROLE name=WORD title=text? roleClause+
    ;

// Paths are read from the innermost frame outwards; "<" is "called by, directly or through others".
roleClause
    : WAITS kinds                                            # waitsKindClause
    | WAITS kinds? AT path                                   # waitsClause
    | HOLDS together ( IN names )?                           # holdsClause
    | RUNS path                                              # runsClause
    | TASK names                                             # taskClause
    ;

path
    : names ( CALLED_BY names )*
    ;

names
    : WORD ( OR WORD )*
    ;

// Any of them, best first.
kinds
    : WORD ( OR WORD )*
    ;

// All of them.
together
    : WORD ( COMMA WORD )*
    ;

// Adjacent quoted texts are one text: long sentences go on in the next line.
text
    : STRING+
    ;

lock
    : WORD
    | STRING
    ;

// Both ends are included; a missing one is open.
kernels
    : KERNELS from=WORD? DOTS to=WORD?
    ;

source
    : SOURCE origin ( COMMA origin )*
    ;

origin
    : WORD
    | STRING
    ;
