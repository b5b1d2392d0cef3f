package org.btrsleuth.finding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.stack.TaskSnapshot;

/** Hung-task reports of which only the headlines were kept: that tasks hung is certain, and all that can be said. */
final class StacklessFindings {
  private static final int SHOWN = 8;

  private StacklessFindings() {}

  static Optional<Finding> of(Incident incident) {
    Map<String, TaskSnapshot> longest = new LinkedHashMap<>();
    for (TaskSnapshot task : incident.tasks()) {
      if (task.blockedSeconds() > 0 && task.frames().isEmpty()) {
        longest.merge(task.name(), task, (a, b) -> b.blockedSeconds() > a.blockedSeconds() ? b : a);
      }
    }
    if (longest.isEmpty()) {
      return Optional.empty();
    }
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = "hung-tasks-without-stacks";
    finding.severity = Severity.WARNING;
    finding.confidence = Confidence.CERTAIN;
    String names =
        longest.values().stream()
            .limit(SHOWN)
            .map(t -> t.name() + " for more than " + t.blockedSeconds() + " seconds")
            .collect(Collectors.joining(", "));
    boolean one = longest.size() == 1;
    finding.title = (one ? "1 task" : longest.size() + " tasks") + " hung, but the stacks are missing in this capture";
    finding.summary =
        "The kernel reported as blocked: " + names + (longest.size() > SHOWN ? ", and more" : "")
            + ". What " + (one ? "it waits" : "they wait") + " for stands in the lines after each report, which are not here.";
    longest.values().forEach(t -> finding.evidence.add(t.header()));
    DeviceTrouble.tell(incident, finding);
    finding.mechanism.addAll(List.of("no stacks"));
    finding.nextSteps.add("Give the whole kernel log: each report goes on with \"Call Trace:\" and the stack.");
    finding.nextSteps.add("Or take the stacks anew while it hangs: echo w > /proc/sysrq-trigger; dmesg");
    finding.numbers.put("tasks", (long) longest.size());
    return Optional.of(finding.build());
  }
}
