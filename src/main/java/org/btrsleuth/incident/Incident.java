package org.btrsleuth.incident;

import java.util.List;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * Everything that was read from the inputs of one incident except the trace events, which are streamed.
 *
 * @param kernel null if nothing says or implies it
 * @param kernelAt where the version was read, null if it was given as an option or is unknown
 * @param tasks in order of appearance; a task may stand in it several times
 * @param records in order of appearance
 */
public record Incident(
    List<InputSummary> inputs,
    KernelVersion kernel,
    Evidence kernelAt,
    List<TaskSnapshot> tasks,
    List<LogRecord> records) {

  public Incident {
    inputs = List.copyOf(inputs);
    tasks = List.copyOf(tasks);
    records = List.copyOf(records);
  }
}
