package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.btrsleuth.knowledge.FramePath;
import org.btrsleuth.stack.Frame;

/**
 * The best way to find the steps of a path, in their order, in a stack.
 *
 * @param matched weight of the steps found
 * @param total weight of all steps that could be found
 * @param frames indices of the frames that match, innermost first
 */
record PathMatch(double matched, double total, List<Integer> frames) {
  /** What a frame counts that the unwinder could not vouch for. */
  private static final double UNRELIABLE = 0.5;

  static final PathMatch NONE = new PathMatch(0, 0, List.of());

  double share() {
    return total == 0 ? 0 : matched / total;
  }

  /** The same frames as weaker evidence. */
  PathMatch times(double factor) {
    return factor == 1 ? this : new PathMatch(matched * factor, total, frames);
  }

  /**
   * Heaviest common subsequence of path and stack. Work is steps times frames.
   *
   * @param sleeping false for a stack of a report: what the innermost step of a wait names is not there yet
   */
  static PathMatch of(FramePath path, List<Frame> stack, StepIndex index, boolean sleeping) {
    return of(index.steps(path), stack, index.matching(stack), sleeping);
  }

  /** @param matching {@link StepIndex#matching(List)} of the stack */
  static PathMatch of(StepIndex.Steps path, List<Frame> stack, BitSet[] matching, boolean sleeping) {
    int[] ids = path.ids();
    double[] weight = path.weights();
    double total = path.total();
    int steps = ids.length;
    int frames = stack.size();
    double[][] best = new double[steps + 1][frames + 1];
    for (int s = steps - 1; s >= 0; s--) {
      for (int f = frames - 1; f >= 0; f--) {
        best[s][f] = Math.max(best[s + 1][f], best[s][f + 1]);
        double gain = gain(matching[f], ids[s], stack, f, weight[s]);
        if (gain > 0) {
          best[s][f] = Math.max(best[s][f], gain + best[s + 1][f + 1]);
        }
      }
    }
    List<Integer> found = new ArrayList<>();
    boolean first = false;
    int s = 0;
    int f = 0;
    while (s < steps && f < frames && best[s][f] > 0) {
      double gain = gain(matching[f], ids[s], stack, f, weight[s]);
      if (gain > 0 && best[s][f] == gain + best[s + 1][f + 1]) {
        first |= s == 0;
        found.add(f);
        s++;
        f++;
      } else if (best[s][f] == best[s + 1][f]) {
        s++;
      } else {
        f++;
      }
    }
    if (!sleeping && !first && path.openEnded()) {
      total -= weight[0];
    }
    return new PathMatch(best[0][0], total, Collections.unmodifiableList(found));
  }

  private static double gain(BitSet matching, int step, List<Frame> stack, int frame, double weight) {
    return matching.get(step) ? (stack.get(frame).reliable() ? weight : UNRELIABLE * weight) : 0;
  }
}
