package org.btrsleuth.waitgraph;

import java.util.List;
import org.btrsleuth.source.Evidence;

/**
 * A holder that the input names: an owner hint of the hung-task detector, two held-locks lists with one address, or
 * trace events.
 *
 * @param waiterPid task that waits
 * @param ownerPid task that holds, -1 if the input names it only by {@code ownerComm}
 * @param instance which resource, "" if not said
 * @param because in words
 */
public record KnownOwner(
    int waiterPid, int ownerPid, String ownerComm, String instance, String because, List<Evidence> evidence) {
  public KnownOwner {
    evidence = List.copyOf(evidence);
  }
}
