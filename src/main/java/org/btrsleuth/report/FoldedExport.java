package org.btrsleuth.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;

/** Stacks in the folded form that flame graph tools read: {@code comm;outermost;...;innermost count}. */
public final class FoldedExport {
  private FoldedExport() {}

  public static void write(List<TaskSnapshot> tasks, Appendable out) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (TaskSnapshot task : tasks) {
      StringBuilder line = new StringBuilder(part(task.comm().isEmpty() ? "task" : task.comm()));
      for (int i = task.frames().size() - 1; i >= 0; i--) {
        if (isFunction(task.frames().get(i))) {
          line.append(';').append(part(task.frames().get(i).function()));
        }
      }
      counts.merge(line.toString(), 1L, Long::sum);
    }
    for (Map.Entry<String, Long> e : counts.entrySet()) {
      out.append(e.getKey()).append(' ').append(e.getValue().toString()).append('\n');
    }
  }

  /** Bare addresses, such as the terminator of old stacks, and frames that the unwinder doubts are left out. */
  static boolean isFunction(Frame frame) {
    return frame.reliable() && !frame.function().startsWith("0x");
  }

  /** The format gives semicolons and line ends a meaning and ends a stack at the last blank. */
  private static String part(String name) {
    return Words.printable(name).replace(';', ':').replace(' ', '_');
  }
}
