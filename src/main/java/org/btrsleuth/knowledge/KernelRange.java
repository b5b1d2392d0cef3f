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

  /** Whether it is open at both ends. */
  public boolean always() {
    return from == null && to == null;
  }

  /** {@code null} is an unknown kernel, which is inside of an open range only. */
  public Membership of(KernelVersion kernel) {
    if (always()) {
      return Membership.INSIDE;
    }
    if (kernel == null) {
      return Membership.UNKNOWN;
    }
    boolean early = from != null && kernel.compareTo(from) < 0;
    boolean late = to != null && compareSeries(kernel, to) > 0;
    return early || late ? Membership.OUTSIDE : Membership.INSIDE;
  }

  /**
   * How a kernel stands to the range of which only the releases {@code among} are known: these can rule the range out,
   * but not in, as nobody said them.
   *
   * @param kernel null if it is not known
   */
  public Membership of(KernelVersion kernel, KernelRange among) {
    return kernel == null && and(among) == null ? Membership.OUTSIDE : of(kernel);
  }

  /** The releases of both, null if there are none. */
  public KernelRange and(KernelRange other) {
    KernelVersion first = other.from == null || from != null && compareSeries(from, other.from) > 0 ? from : other.from;
    KernelVersion last = other.to == null || to != null && compareSeries(to, other.to) < 0 ? to : other.to;
    return first != null && last != null && compareSeries(first, last) > 0 ? null : new KernelRange(first, last);
  }

  /** For reports: "4.10-5.4", "5.9+", "up to 5.8"; "" if it is open at both ends. */
  public String shown() {
    if (from == null) {
      return to == null ? "" : "up to " + to.series();
    }
    return to == null ? from.series() + "+" : from.series() + "-" + to.series();
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
