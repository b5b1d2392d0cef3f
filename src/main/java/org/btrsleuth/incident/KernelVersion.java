package org.btrsleuth.incident;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kernel version by its first three numbers, with the text it was read from.
 *
 * @param text as printed, "5.4.0-42-generic"
 */
public record KernelVersion(int major, int minor, int patch, String text) implements Comparable<KernelVersion> {
  private static final Pattern SHAPE =
      Pattern.compile("v?(\\d{1,3})(?:\\.(\\d{1,4}))?(?:\\.(\\d{1,6}))?.*", Pattern.DOTALL);

  /** Reads "5", "5.4", "v5.4.0-42-generic", "6.5-rc1"; null if {@code text} does not start like a version. */
  public static KernelVersion parse(String text) {
    Matcher m = SHAPE.matcher(text.strip());
    if (!m.matches()) {
      return null;
    }
    return new KernelVersion(
        Integer.parseInt(m.group(1)),
        m.group(2) == null ? 0 : Integer.parseInt(m.group(2)),
        m.group(3) == null ? 0 : Integer.parseInt(m.group(3)),
        text.strip());
  }

  /** Orders by major and minor, then patch. */
  @Override
  public int compareTo(KernelVersion other) {
    int c = Integer.compare(major, other.major);
    if (c == 0) {
      c = Integer.compare(minor, other.minor);
    }
    return c == 0 ? Integer.compare(patch, other.patch) : c;
  }

  /** Release series, "5.4". */
  public String series() {
    return major + "." + minor;
  }

  @Override
  public String toString() {
    return text;
  }
}
