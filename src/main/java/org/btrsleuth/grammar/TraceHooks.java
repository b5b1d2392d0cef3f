package org.btrsleuth.grammar;

import org.antlr.v4.runtime.Token;

/**
 * What {@code TraceParser} calls while it reads. Tokens are only positions; they are reused after the call. A line is
 * either one of the whole-line calls or any number of the others and then {@link #endLine}.
 */
public interface TraceHooks {
  /** Whole line: a comment of the trace itself. */
  void header(Token line);

  /** Whole line: {@code # entries-in-buffer/entries-written: N/M}. */
  void entries(Token line);

  /** Whole line: {@code CPU:1 [LOST 366 EVENTS]}. */
  void lost(Token line);

  /** Whole line: {@code  => function}. */
  void frame(Token line);

  /** Whole line: address and function of a call chain of perf. */
  void perfFrame(Token line);

  /** Whole line of the function_graph tracer. */
  void graph(Token line);

  /** Whole line: an event of which only the number is printed. */
  void record(Token line);

  /** Task name, PID, CPU, flags. A second call continues a task name that looks like such columns itself. */
  void task(Token columns);

  void time(Token time);

  /** Name of an event with its colon, and the file system id if printed. */
  void event(Token name);

  void stack(Token mark);

  void userStack(Token mark);

  void notATrace();

  void reservation(Token text);

  void pair(Token keyAndValue);

  void label(Token word);

  void switchFrom(Token text);

  void switchTo(Token text);

  void switchBrief(Token text);

  void endLine(Token lineEnd);
}
