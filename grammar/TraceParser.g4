/*
 * A block of trace text: whole lines, each either of a trace or not.
 *
 * One rule with hooks instead of a tree: a rule invocation would cost an object per event. Every decision is made on
 * one token, and any sequence of tokens is a text. No labels either: they would store a reference per token.
 */
parser grammar TraceParser;

options {
  tokenVocab = TraceLexer;
  superClass = TraceParserBase;
}

text
  : ( HEADER { hooks.header(consumed()); }
    | ENTRIES { hooks.entries(consumed()); }
    | LOST { hooks.lost(consumed()); }
    | FRAME { hooks.frame(consumed()); }
    | PERF_FRAME { hooks.perfFrame(consumed()); }
    | GRAPH { hooks.graph(consumed()); }
    | RECORD { hooks.record(consumed()); }
    | // task, time, name, text: as much of it as there is, the hooks judge whether it is enough
      ( TASK { hooks.task(consumed()); }
        ( TASK_MORE { hooks.task(consumed()); } )*
        ( TIME { hooks.time(consumed()); } )?
      )?
      ( EVENT { hooks.event(consumed()); }
      | SWITCH { hooks.event(consumed()); }
      | STACK { hooks.stack(consumed()); }
      | USER_STACK { hooks.userStack(consumed()); }
      | OTHER { hooks.event(consumed()); }
      | ANY { hooks.notATrace(); }
      )?
      ( RSV { hooks.reservation(consumed()); }
      | PAIR { hooks.pair(consumed()); }
      | LABEL { hooks.label(consumed()); }
      | FROM { hooks.switchFrom(consumed()); }
      | TO { hooks.switchTo(consumed()); }
      | BRIEF { hooks.switchBrief(consumed()); }
      | WORD
      | REST
      )*
      NL { hooks.endLine(consumed()); }
    )*
    EOF
  ;
