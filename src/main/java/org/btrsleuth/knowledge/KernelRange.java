package org.btrsleuth.knowledge;

import org.btrsleuth.incident.KernelVersion;

/**
 * Release series from {@code from} to {@code to}, both included with all their stable updates.
 *
 * @param from null if open
 * @param to null if open
 */
public record KernelRange(KernelVersion from, KernelVersion to) {
  public static final KernelRange ALWAYS = new KernelRange(null, null);

  /** How a kernel stands to the range. */
  public enum Membership {
    INSIDE,
    OUTSIDE,
    /** The kernel is not known. */
    UNKNOWN
  }

  /** {@code null} is an unknown kernel, which is inside of an open range only. */
  public Membership of(KernelVersion kernel) {
    if (from == null && to == null) {
      return Membership.INSIDE;
    }
    if (kernel == null) {
      return Membership.UNKNOWN;
    }
    boolean early = from != null && kernel.compareTo(from) < 0;
    boolean late = to != null && compareSeries(kernel, to) > 0;
    return early || late ? Membership.OUTSIDE : Membership.INSIDE;
  }

  /** Orders by major and minor alone. */
  static int compareSeries(KernelVersion a, KernelVersion b) {
    int c = Integer.compare(a.major(), b.major());
    return c == 0 ? Integer.compare(a.minor(), b.minor()) : c;
  }

  @Override
  public String toString() {
    return ((from == null ? "" : from) + " .. " + (to == null ? "" : to)).strip();
  }
}
