package org.btrsleuth.incident;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.btrsleuth.event.InputStats;
import org.btrsleuth.log.KernelHint;
import org.btrsleuth.source.Evidence;

/** Chooses the kernel version of an incident among what its inputs say. */
final class KernelChoice {
  private KernelChoice() {}

  /** The most trustworthy hint that reads as a version: a boot line or a report before a {@code uname} among text. */
  static Optional<KernelHint> best(List<KernelHint> hints) {
    return hints.stream()
        .filter(hint -> KernelVersion.parse(hint.version()) != null)
        .min(Comparator.comparing(KernelHint::kind));
  }

  /**
   * What the comments of a trace say: {@code # nop latency trace v1.1.5 on 6.18.44} of the latency format. The ordinary
   * header names the tracer but no kernel.
   */
  static Optional<KernelHint> fromTrace(InputStats stats) {
    for (Evidence header : stats.headers()) {
      int on = header.text().indexOf(" latency trace ");
      int version = header.text().indexOf(" on ", Math.max(on, 0));
      if (on >= 0 && version >= 0) {
        String rest = header.text().substring(version + 4).strip();
        return Optional.of(new KernelHint(rest.split("\\s+")[0], header, KernelHint.Kind.REPORT));
      }
    }
    return Optional.empty();
  }
}
