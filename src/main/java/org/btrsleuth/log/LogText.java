package org.btrsleuth.log;

import java.util.List;
import org.btrsleuth.format.Region;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * What the log lines of one input say, every line accounted for.
 *
 * @param tasks by line of their header
 * @param records by line
 * @param regions runs of lines of one format, ascending; blank lines belong to the run before them
 * @param unrecognisedLines lines that are neither log, listing nor prose
 * @param unrecognisedFirst the first few of them
 * @param kernels versions that the text names, each once per kind, in order of appearance
 * @param nextDump number for the first dump of the next input
 * @param problems what was left out and why, in sentences
 */
public record LogText(
    List<TaskSnapshot> tasks,
    List<LogRecord> records,
    List<Region> regions,
    long unrecognisedLines,
    List<Evidence> unrecognisedFirst,
    List<KernelHint> kernels,
    int nextDump,
    List<String> problems) {

  public LogText {
    tasks = List.copyOf(tasks);
    records = List.copyOf(records);
    regions = List.copyOf(regions);
    unrecognisedFirst = List.copyOf(unrecognisedFirst);
    kernels = List.copyOf(kernels);
    problems = List.copyOf(problems);
  }
}
