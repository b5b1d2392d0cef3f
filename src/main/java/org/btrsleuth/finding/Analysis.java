package org.btrsleuth.finding;

import java.util.List;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.waitgraph.WaitGraph;

/**
 * The complete result of one analysis: all that charts and reports are made from.
 *
 * @param implied releases that the stacks can be from, whatever the input says of its kernel
 * @param findings ordered by severity, then confidence, then pattern
 */
public record Analysis(Incident incident, ReplayReport replay, WaitGraph waitGraph, KernelRange implied, List<Finding> findings) {
  public Analysis {
    findings = List.copyOf(findings);
  }

  /** Of an incident whose stacks, if there are any, say nothing of its kernel. */
  public Analysis(Incident incident, ReplayReport replay, WaitGraph waitGraph, List<Finding> findings) {
    this(incident, replay, waitGraph, KernelRange.ALWAYS, findings);
  }
}
