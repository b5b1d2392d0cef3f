package org.btrsleuth.waitgraph;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Functions;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Releases that stacks can be from, by the names of their functions and the form in which the kernel printed the tasks.
 * That rules out what other releases do; it rules nothing in, since vendors take functions into older kernels.
 */
public final class ImpliedKernel {
  /** Forms of the line that sched_show_task prints. */
  private static final Map<Pattern, KernelRange> FORMS =
      Map.of(
          Pattern.compile("\\btask:.{1,80}\\bstate:[A-Z]"), range("5.9", null),
          Pattern.compile("\\btask:.{1,80}\\bstate:[A-Z].{1,60}\\btgid:"), range("6.8", null),
          Pattern.compile("\\S +[DSRTIX] +(?:[0-9a-f]{8,16} +)?\\d{1,6} +\\d{1,8} +\\d{1,8} 0x[0-9a-f]{8}\\s*$"),
          range(null, "5.8"));

  private ImpliedKernel() {}

  /** {@link KernelRange#ALWAYS} if the stacks say nothing, or things of different kernels. */
  public static KernelRange of(List<TaskSnapshot> tasks, Functions functions) {
    Set<String> names = new HashSet<>();
    Set<Pattern> forms = new HashSet<>();
    for (TaskSnapshot task : tasks) {
      for (Frame frame : task.frames()) {
        if (frame.reliable()) {
          names.add(frame.function());
        }
      }
      FORMS.keySet().stream()
          .filter(form -> !forms.contains(form) && form.matcher(task.header().text()).find())
          .forEach(forms::add);
    }
    KernelRange range = functions.kernels(names);
    for (Pattern form : forms) {
      range = range == null ? null : range.and(FORMS.get(form));
    }
    return range == null ? KernelRange.ALWAYS : range;
  }

  private static KernelRange range(String from, String to) {
    return new KernelRange(from == null ? null : KernelVersion.parse(from), to == null ? null : KernelVersion.parse(to));
  }
}
