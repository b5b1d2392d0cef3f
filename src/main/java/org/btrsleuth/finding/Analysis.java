package org.btrsleuth.finding;

import java.util.List;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.waitgraph.WaitGraph;

/**
 * The complete result of one analysis: all that charts and reports are made from.
 *
 * @param findings ordered by severity, then confidence, then pattern
 */
public record Analysis(Incident incident, ReplayReport replay, WaitGraph waitGraph, List<Finding> findings) {
  public Analysis {
    findings = List.copyOf(findings);
  }
}
