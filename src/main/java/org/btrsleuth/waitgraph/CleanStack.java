package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * The frames of a stack that count as evidence: those that the unwinder vouches for. Indices lead back to the task's
 * own frames. If the unwinder vouched for none, all of them are taken and nothing is certain.
 */
final class CleanStack {
  private final List<Frame> frames = new ArrayList<>();
  private final List<Integer> origins = new ArrayList<>();
  private final List<FrameRules.Entry> entries = new ArrayList<>();
  private final boolean reliable;
  private final int firstKept;
  private final int firstBelowPrimitives;
  private final List<String> primitives = new ArrayList<>();

  CleanStack(TaskSnapshot task, FrameRules rules) {
    List<Frame> all = task.frames();
    reliable = all.stream().anyMatch(Frame::reliable);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).reliable() || !reliable) {
        frames.add(all.get(i));
        origins.add(i);
        entries.add(rules.of(all.get(i).function()));
      }
    }
    int i = 0;
    while (i < frames.size() && entries.get(i).scheduler() && entries.get(i).primitive() == null) {
      i++;
    }
    firstKept = i;
    // A primitive may call scheduler frames again: rwsem_down_read_slowpath < down_read.
    while (i < frames.size() && (entries.get(i).primitive() != null || (i > firstKept && entries.get(i).scheduler()))) {
      if (entries.get(i).primitive() != null) {
        primitives.add(entries.get(i).primitive());
      }
      i++;
    }
    firstBelowPrimitives = primitives.isEmpty() ? firstKept : i;
  }

  int size() {
    return frames.size();
  }

  Frame frame(int i) {
    return frames.get(i);
  }

  FrameRules.Entry entry(int i) {
    return entries.get(i);
  }

  /** Index into the task's frames. */
  int origin(int i) {
    return origins.get(i);
  }

  /** False if the unwinder vouched for no frame at all. */
  boolean reliable() {
    return reliable;
  }

  /** Whether frames of sleeping stand on top. */
  boolean sleeping() {
    return firstKept > 0;
  }

  /** First frame that is not the scheduler's. */
  int firstKept() {
    return firstKept;
  }

  /** Primitives on top, innermost first; empty if the stack does not start with one. */
  List<String> primitives() {
    return primitives;
  }

  /** First frame below the primitives on top, or the first kept one if there are none. */
  int firstBelowPrimitives() {
    return firstBelowPrimitives;
  }

  boolean nearerMatches(int i, NamePattern pattern) {
    for (int k = 0; k < i; k++) {
      if (pattern.matches(frames.get(k).function())) {
        return true;
      }
    }
    return false;
  }

  boolean fartherMatches(int i, NamePattern pattern) {
    for (int k = i + 1; k < frames.size(); k++) {
      if (pattern.matches(frames.get(k).function())) {
        return true;
      }
    }
    return false;
  }
}
