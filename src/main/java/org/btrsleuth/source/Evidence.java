package org.btrsleuth.source;

import java.util.Comparator;

/**
 * A line of an input that a claim rests on.
 *
 * @param path the input's path as the user gave it
 * @param line 1-based line number in the (decompressed) input
 * @param text the line, without its line end, decoded as UTF-8 with replacement
 */
public record Evidence(String path, long line, String text) implements Comparable<Evidence> {
  private static final Comparator<Evidence> ORDER =
      Comparator.comparing(Evidence::path).thenComparingLong(Evidence::line).thenComparing(Evidence::text);

  // Written out: what the compiler makes for a record spins classes at the first call, longer than most reports take.
  @Override
  public boolean equals(Object other) {
    return other instanceof Evidence e && line == e.line && path.equals(e.path) && text.equals(e.text);
  }

  @Override
  public int hashCode() {
    return (path.hashCode() * 31 + Long.hashCode(line)) * 31 + text.hashCode();
  }

  @Override
  public int compareTo(Evidence other) {
    return ORDER.compare(this, other);
  }

  /** {@code path:line}, the form that editors and terminals can follow. */
  public String location() {
    return path + ":" + line;
  }
}
