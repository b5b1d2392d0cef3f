package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.waitgraph.Party.Claim;

/**
 * The wait graph of an incident with what it was drawn from.
 *
 * @param parties by id; the node of a party has the party's id
 * @param lists what lists of held locks say of tasks with and without stacks
 * @param implied releases that the stacks can be from, whatever the input says
 * @param moved tasks left out or seen anew because they moved between two dumps
 * @param complete true if some dump lists all blocked tasks
 */
public record HangGraph(
    WaitGraph graph,
    List<Party> parties,
    List<KnownOwner> owners,
    LockLists lists,
    TraceEvidence trace,
    KernelVersion kernel,
    KernelRange implied,
    int moved,
    boolean complete) {

  public HangGraph {
    parties = List.copyOf(parties);
    owners = List.copyOf(owners);
  }

  /** Draws the graph of all blocked tasks of an incident. */
  public static HangGraph of(Incident incident, Knowledge knowledge, TraceEvidence trace) {
    Snapshots.Selection selection = new Snapshots(knowledge.schedulers()).select(incident.tasks());
    KernelRange implied = ImpliedKernel.of(incident.tasks(), knowledge.functions());
    LockLists lists = new LockLists(incident.records(), knowledge);
    List<KnownOwner> owners = new ArrayList<>(NamedOwners.of(incident.records(), selection.seen()));
    List<Party> parties = new Folder(knowledge, incident.kernel(), implied, trace, owners).fold(selection.seen());
    GraphBuilder builder =
        new GraphBuilder(parties, knowledge, incident.kernel(), implied, selection.complete(), owners, lists, trace);
    return new HangGraph(
        builder.build(), parties, owners, lists, trace, incident.kernel(), implied, selection.moved(), selection.complete());
  }

  /** The graph as it would be if some parties held more than the rules say: the hypothesis of a known bug. */
  public HangGraph assuming(Map<Integer, List<Claim>> holds, Knowledge knowledge) {
    List<Party> more = new ArrayList<>();
    for (Party party : parties) {
      more.add(party.holding(holds.getOrDefault(party.id(), List.of())));
    }
    GraphBuilder builder = new GraphBuilder(more, knowledge, kernel, implied, complete, owners, lists, trace);
    return new HangGraph(builder.build(), more, owners, lists, trace, kernel, implied, moved, complete);
  }
}
