package org.btrsleuth.knowledge;

/**
 * Something wrong in a rule file. An error keeps the block it stands in from being used; a warning does not.
 *
 * @param message a sentence part without the position
 */
public record Diagnostic(Position at, boolean error, String message) implements Comparable<Diagnostic> {
  @Override
  public int compareTo(Diagnostic other) {
    int c = at.compareTo(other.at);
    return c == 0 ? message.compareTo(other.message) : c;
  }

  /** {@code file:line:column: error: message}. */
  @Override
  public String toString() {
    return at + ": " + (error ? "error" : "warning") + ": " + message;
  }
}
