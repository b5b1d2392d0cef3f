package org.btrsleuth.chart.graph;

import org.btrsleuth.waitgraph.WaitGraph.Knot;

/** Which knots are drawn as deadlocks. */
public final class Cycles {
  /** A cycle less likely than this is no finding either, so it looks different. */
  private static final double DOUBTFUL = 0.4;

  private Cycles() {}

  /** False for a knot that something outside may resolve and for one that rests on unlikely edges. */
  public static boolean isDeadlock(Knot knot) {
    return !knot.resolvable() && knot.confidence() >= DOUBTFUL;
  }
}
