package org.btrsleuth.log;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.FunctionName;
import org.btrsleuth.stack.TaskSnapshot;

/** A WARN, BUG, oops or lockup report whose lines are still coming. */
final class SplatDraft {
  private static final int MAX_MESSAGES = 24;

  private Evidence at;
  private String kind = "";
  private String function = "";
  private String file = "";
  private int sourceLine = -1;
  private final List<String> messages = new ArrayList<>();

  /** Set once the task, its registers or its stack began: what follows is no message any more. */
  boolean inTask;

  /** Set once no more messages are expected, though registers may still name the function. */
  boolean complete;

  TaskSnapshot task;

  SplatDraft(Evidence at) {
    this.at = at;
  }

  boolean hasKind() {
    return !kind.isEmpty();
  }

  String kind() {
    return kind;
  }

  void headline(String newKind, String text, Evidence line) {
    kind = newKind;
    at = line;
    Phrases.SourceLine source = Phrases.source(text);
    if (source != null) {
      file = source.file();
      sourceLine = source.line();
    }
    function(Phrases.function(text));
    message(text);
  }

  /** Whether this is the same headline for a function inlined into the one before, as decoded reports print it. */
  boolean repeats(String newKind, String text) {
    Phrases.SourceLine source = Phrases.source(text);
    boolean expected = !inTask && !complete && kind.equals("warning") && newKind.equals("warning");
    return expected && source != null && source.line() == sourceLine && source.file().equals(file);
  }

  /** A later line of the same report that tells where. */
  void more(String text) {
    Phrases.SourceLine source = file.isEmpty() ? Phrases.source(text) : null;
    if (source != null) {
      file = source.file();
      sourceLine = source.line();
    }
    message(text);
  }

  void function(String symbol) {
    if (function.isEmpty() && !symbol.isEmpty()) {
      function = FunctionName.clean(symbol);
    }
  }

  void message(String text) {
    if (messages.size() < MAX_MESSAGES && !text.isEmpty()) {
      messages.add(text);
    }
  }

  LogRecord.Splat finish() {
    return new LogRecord.Splat(at, kind, function, file, sourceLine, List.copyOf(messages), task);
  }
}
