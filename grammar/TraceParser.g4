/*
 * A block of trace text: whole lines, each either of a trace or not.
 *
 * One rule with hooks instead of a tree: a rule invocation would cost an object per event. Every decision is made on
 * one token, and any sequence of tokens is a text.
 */
parser grammar TraceParser;

options {
  tokenVocab = TraceLexer;
  superClass = TraceParserBase;
}

text
  : ( HEADER { hooks.header($HEADER); }
    | ENTRIES { hooks.entries($ENTRIES); }
    | LOST { hooks.lost($LOST); }
    | FRAME { hooks.frame($FRAME); }
    | PERF_FRAME { hooks.perfFrame($PERF_FRAME); }
    | GRAPH { hooks.graph($GRAPH); }
    | RECORD { hooks.record($RECORD); }
    | // task, time, name, text: as much of it as there is, the hooks judge whether it is enough
      ( TASK { hooks.task($TASK); } ( TASK_MORE { hooks.task($TASK_MORE); } )* ( TIME { hooks.time($TIME); } )? )?
      ( EVENT { hooks.event($EVENT); }
      | SWITCH { hooks.event($SWITCH); }
      | STACK { hooks.stack($STACK); }
      | USER_STACK { hooks.userStack($USER_STACK); }
      | OTHER { hooks.event($OTHER); }
      | ANY { hooks.notATrace(); }
      )?
      ( RSV { hooks.reservation($RSV); }
      | PAIR { hooks.pair($PAIR); }
      | LABEL { hooks.label($LABEL); }
      | FROM { hooks.switchFrom($FROM); }
      | TO { hooks.switchTo($TO); }
      | BRIEF { hooks.switchBrief($BRIEF); }
      | WORD
      | REST
      )*
      NL { hooks.endLine($NL); }
    )*
    EOF
  ;
