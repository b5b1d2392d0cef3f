package org.btrsleuth.waitgraph;

import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;

/** What trace events of the same incident say of the tasks in its dumps. Memory is bounded by the number of tasks. */
public final class TraceEvidence implements EventSink {
  /** Without any events. */
  public static TraceEvidence none() {
    return new TraceEvidence();
  }

  @Override
  public void accept(EventBlock block) {
  }

  /** Resource that the last events of the task name, "" if they name none. */
  String instance(int pid) {
    return "";
  }

  /** Holders that the events prove for waiting parties. */
  List<KnownOwner> owners(List<Party> parties) {
    return List.of();
  }
}
