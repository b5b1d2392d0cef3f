package org.btrsleuth.knowledge;

/**
 * Where something stands in a rule file.
 *
 * @param file name of the shipped file, or the path as the user gave it
 * @param line 1-based
 * @param column 1-based
 */
public record Position(String file, int line, int column) implements Comparable<Position> {
  @Override
  public int compareTo(Position other) {
    int c = file.compareTo(other.file);
    if (c == 0) {
      c = Integer.compare(line, other.line);
    }
    return c == 0 ? Integer.compare(column, other.column) : c;
  }

  /** {@code file:line:column}, the form that editors and terminals can follow. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
