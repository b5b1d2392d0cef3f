package org.btrsleuth.knowledge;

import java.util.List;

/**
 * Alternatives of a function name, work queue or task name. {@code *} in an alternative stands for any characters.
 *
 * @param alternatives as written, never empty
 */
public record NamePattern(List<String> alternatives) {
  public NamePattern {
    alternatives = List.copyOf(alternatives);
    if (alternatives.isEmpty()) {
      throw new IllegalArgumentException("a pattern needs at least one name");
    }
  }

  public static NamePattern of(String... alternatives) {
    return new NamePattern(List.of(alternatives));
  }

  public boolean matches(String name) {
    for (String alternative : alternatives) {
      if (globMatches(alternative, name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code text} as a whole matches {@code glob}; linear in practice, without regular expressions. */
  public static boolean globMatches(String glob, String text) {
    int star = glob.indexOf('*');
    if (star < 0) {
      return glob.equals(text);
    }
    if (text.length() < star || !text.startsWith(glob.substring(0, star))) {
      return false;
    }
    int g = 0;
    int t = 0;
    int lastStar = -1;
    int retry = 0;
    while (t < text.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        lastStar = g++;
        retry = t;
      } else if (g < glob.length() && glob.charAt(g) == text.charAt(t)) {
        g++;
        t++;
      } else if (lastStar >= 0) {
        g = lastStar + 1;
        t = ++retry;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }

  @Override
  public String toString() {
    return String.join(" | ", alternatives);
  }
}
