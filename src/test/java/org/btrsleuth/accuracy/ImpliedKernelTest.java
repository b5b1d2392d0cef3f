package org.btrsleuth.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.KernelRange.Membership;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.testing.Captures;
import org.btrsleuth.waitgraph.ImpliedKernel;
import org.junit.jupiter.api.Test;

/** What stacks imply of their kernel, against captures that state it. */
class ImpliedKernelTest {
  private static final Pattern VERSION = Pattern.compile("v(\\d+\\.\\d+)[.\\d]*-.*(?:stacks_D|sysrq|hung).*\\.(?:txt|gz)$");

  private final Knowledge knowledge = Knowledge.shipped();

  @Test
  void two_stacks_of_the_page_lock_report() {
    Incident incident = Reading.read(Captures.sample("page-lock/page-lock-two-stacks.txt"));
    assertThat(incident.kernel()).isNull();
    assertThat(implied(incident).shown()).isEqualTo("4.18-5.4");
  }

  @Test
  void genuine_captures_are_from_a_release_in_the_range() throws IOException {
    List<String> wrong = new ArrayList<>();
    int told = 0;
    try (Stream<Path> files = Files.walk(Captures.shared("traces"))) {
      for (Path file : new TreeSet<>(files.toList())) {
        Matcher m = VERSION.matcher(file.getFileName().toString());
        if (m.matches()) {
          KernelRange range = implied(Reading.read(file));
          told += range.equals(KernelRange.ALWAYS) ? 0 : 1;
          if (range.of(KernelVersion.parse(m.group(1))) == Membership.OUTSIDE) {
            wrong.add(file.getFileName() + " " + range);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(told).isGreaterThan(20);
  }

  /** Distributions take functions into older kernels: few reports may contradict what they state. */
  @Test
  void reports_that_state_their_kernel_rarely_contradict_it() {
    Captures.shared("incidents/dev.csv");
    int stated = 0;
    int told = 0;
    List<String> wrong = new ArrayList<>();
    for (Incidents.Labelled labelled : Incidents.dev(Path.of("../shared"))) {
      Incident incident = Reading.read(labelled.log());
      if (incident.kernel() == null || incident.tasks().isEmpty()) {
        continue;
      }
      stated++;
      KernelRange range = implied(incident);
      told += range.equals(KernelRange.ALWAYS) ? 0 : 1;
      // A tree called after the release before it has what the next one has.
      boolean next = incident.kernel().text().contains("next") || incident.kernel().text().contains("-rc");
      boolean outside = range.of(incident.kernel()) == Membership.OUTSIDE;
      if (outside && !(next && near(range, incident.kernel()))) {
        wrong.add(labelled.id() + " " + incident.kernel() + " not in " + range.shown());
      }
    }
    System.out.println("kernel implied by stacks: " + told + " of " + stated + " reports, wrong: " + wrong);
    assertThat(wrong.size()).as(wrong.toString()).isLessThanOrEqualTo(told / 50);
  }

  private static boolean near(KernelRange range, KernelVersion kernel) {
    KernelVersion after = KernelVersion.parse(kernel.major() + "." + (kernel.minor() + 1));
    return range.of(after) != Membership.OUTSIDE;
  }

  private KernelRange implied(Incident incident) {
    return ImpliedKernel.of(incident.tasks(), knowledge.functions());
  }
}
