package org.btrsleuth.finding;

import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.KernelRange.Membership;

/** How a kernel stands to the releases that have a bug. */
final class KernelFit {
  /** Distance to a fix that is in no known release: as far as any. */
  static final int UNKNOWN = 20;

  private KernelFit() {}

  /**
   * Whether {@code kernel} may have the bug.
   *
   * @param kernel null if it is not known
   * @param names releases that have all functions of the capture, for a kernel that is not known; null if none has
   */
  static BugMatch.Version version(Bug bug, KernelVersion kernel, KernelRange names) {
    if (kernel == null) {
      return names == null || overlap(bug, names) ? BugMatch.Version.UNKNOWN : BugMatch.Version.UNLIKELY;
    }
    // A release candidate, or a developer's tree called after the release it started from, is between two releases.
    boolean between = kernel.text().contains("-rc") || kernel.text().contains("next");
    KernelVersion from = bug.kernels().from();
    if (bug.kernels().of(kernel) == Membership.OUTSIDE && !(between && from != null && follows(kernel, from))) {
      return BugMatch.Version.UNLIKELY;
    }
    for (Fix fix : bug.fixes()) {
      KernelVersion fixed = KernelVersion.parse(fix.fixedIn().isEmpty() ? "-" : fix.fixedIn());
      if (fixed != null && kernel.compareTo(fixed) >= 0 && !(between && kernel.series().equals(fixed.series()))) {
        return BugMatch.Version.UNLIKELY;
      }
    }
    return BugMatch.Version.POSSIBLE;
  }

  private static boolean overlap(Bug bug, KernelRange names) {
    KernelVersion from = bug.kernels().from();
    if (from != null && names.to() != null && from.compareTo(names.to()) > 0) {
      return false;
    }
    for (Fix fix : bug.fixes()) {
      KernelVersion fixed = KernelVersion.parse(fix.fixedIn().isEmpty() ? "-" : fix.fixedIn());
      if (fixed != null && names.from() != null && names.from().compareTo(fixed) >= 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether {@code kernel}, of which {@code version} says how it stands to the bug, is one that has it. A series that got
   * the fix at some update is {@link Membership#UNKNOWN}: vendors number their updates as they like. So is one with the fix for something that is merely
   * slow: it became faster, or an option was added.
   */
  static Membership membership(Bug bug, KernelVersion kernel, BugMatch.Version version) {
    return switch (version) {
      case UNKNOWN -> bug.kernels().of(null);
      case UNLIKELY -> bug.kind().equals("hang-slow") ? Membership.UNKNOWN : Membership.OUTSIDE;
      case POSSIBLE -> backported(bug, kernel) ? Membership.UNKNOWN : Membership.INSIDE;
    };
  }

  /** Whether some update of the kernel's series has the fix. */
  private static boolean backported(Bug bug, KernelVersion kernel) {
    return bug.backports().contains(kernel.series()) && !kernel.text().equals(kernel.series() + ".0");
  }

  /**
   * Releases from the kernel to the fix. Bugs are reported, and then fixed, soon after people run into them; of bugs
   * with one and the same signature the one that was fixed next is the likeliest.
   */
  static int releasesToFix(Bug bug, KernelVersion kernel) {
    for (Fix fix : bug.fixes()) {
      if (!fix.fixedIn().isEmpty()) {
        return Math.max(0, number(KernelVersion.parse(fix.fixedIn())) - number(kernel));
      }
    }
    return UNKNOWN;
  }

  /** Running number of a release: 3.19, 4.20, 5.19 and 6.19 were the last of their series. */
  private static int number(KernelVersion version) {
    int before =
        switch (version.major()) {
          case 0, 1, 2, 3 -> 0;
          case 4 -> 20;
          case 5 -> 41;
          case 6 -> 61;
          default -> 61 + 20 * (version.major() - 6);
        };
    return before + version.minor();
  }

  /** Whether {@code next} is the release after that of {@code kernel}. */
  private static boolean follows(KernelVersion kernel, KernelVersion next) {
    return next.major() == kernel.major() && next.minor() == kernel.minor() + 1
        || next.major() == kernel.major() + 1 && next.minor() == 0;
  }
}
