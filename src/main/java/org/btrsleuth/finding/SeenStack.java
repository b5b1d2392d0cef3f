package org.btrsleuth.finding;

import java.util.BitSet;
import java.util.List;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.waitgraph.TaskReading;

/**
 * A stack of an incident that may show a role of a bug.
 *
 * @param reading what rules say of it
 * @param place where it was printed
 * @param splat the report it belongs to, null unless {@code place} is {@link Place#REPORT}
 * @param matching by frame, the steps of signatures that it matches
 */
record SeenStack(TaskReading reading, Place place, LogRecord.Splat splat, BitSet[] matching) {
  /** Where a stack was printed. */
  enum Place {
    /** A listing of tasks: hung-task report, sysrq, /proc. */
    TASK,
    /** A WARN, BUG, oops or similar report. */
    REPORT,
    /** A lockdep report: the task that it caught, or a stack of its dependency chain. */
    LOCKDEP
  }

  List<Frame> frames() {
    return reading.task().frames();
  }

  /** The line of frame {@code i}. */
  Evidence line(int i) {
    Frame frame = frames().get(i);
    return new Evidence(reading.task().header().path(), frame.line(), frame.place());
  }
}
