package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.FramePath;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.stack.Frame;

/**
 * Which steps of the catalogue's signatures each function matches, so that a signature is compared with a stack by
 * looking up bits. A listing of ten thousand tasks names the same few hundred functions; each is compared with the
 * patterns once. (Comparing names was three quarters of the analysis of such a listing.) Thread-safe.
 */
final class StepIndex {
  private static final BitSet NOTHING = new BitSet();

  private final Map<List<String>, Integer> ids = new HashMap<>();
  private final Map<FramePath, Steps> paths = new IdentityHashMap<>();
  private final Map<String, List<Integer>> names = new HashMap<>();
  private final Map<String, List<Integer>> globs = new HashMap<>();
  private final Map<String, BitSet> functions = new ConcurrentHashMap<>();

  /**
   * The steps of a path.
   *
   * @param ids their numbers, innermost first
   * @param weights what each counts
   * @param total sum of the weights
   * @param openEnded whether the innermost step is what puts a task to sleep, a lock or the scheduler, not a function of
   *     btrfs on the way there: reports are printed before it is reached
   */
  record Steps(int[] ids, double[] weights, double total, boolean openEnded) {}

  StepIndex(Knowledge knowledge, PatternWeights weights) {
    for (Bug bug : knowledge.bugs().values()) {
      for (FramePath path : PatternWeights.paths(bug)) {
        double[] weight = path.steps().stream().mapToDouble(weights::step).toArray();
        double total = 0;
        for (double w : weight) {
          total += w;
        }
        paths.put(path, new Steps(path.steps().stream().mapToInt(this::id).toArray(), weight, total, openEnded(path)));
      }
    }
  }

  private static boolean openEnded(FramePath path) {
    return path.steps().size() > 1 && path.steps().get(0).alternatives().stream().noneMatch(n -> n.contains("btrfs"));
  }

  private int id(NamePattern step) {
    Integer known = ids.putIfAbsent(step.alternatives(), ids.size());
    if (known != null) {
      return known;
    }
    int id = ids.size() - 1;
    for (String name : step.alternatives()) {
      (name.indexOf('*') < 0 ? names : globs).computeIfAbsent(name, n -> new ArrayList<>()).add(id);
    }
    return id;
  }

  /** The steps of a path of the catalogue. */
  Steps steps(FramePath path) {
    return paths.get(path);
  }

  /** Numbers of the steps that {@code function} matches; not to be changed. */
  BitSet matching(String function) {
    return functions.computeIfAbsent(function, this::compare);
  }

  /** {@link #matching(String)} of each frame. */
  BitSet[] matching(List<Frame> frames) {
    BitSet[] matching = new BitSet[frames.size()];
    for (int i = 0; i < matching.length; i++) {
      matching[i] = matching(frames.get(i).function());
    }
    return matching;
  }

  private BitSet compare(String function) {
    BitSet found = new BitSet();
    names.getOrDefault(function, List.of()).forEach(found::set);
    globs.forEach(
        (glob, steps) -> {
          if (NamePattern.globMatches(glob, function)) {
            steps.forEach(found::set);
          }
        });
    return found.isEmpty() ? NOTHING : found;
  }
}
