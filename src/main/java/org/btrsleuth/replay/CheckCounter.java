package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.source.Evidence;

/** Counts comparisons of a replayed value with a printed one. */
final class CheckCounter {
  private final String name;
  private long compared;
  private long mismatches;
  private long undecided;
  private Evidence firstMismatch;
  private String detail = "";

  CheckCounter(String name) {
    this.name = name;
  }

  void match() {
    compared++;
  }

  /** {@code undecided} never counts as compared. */
  void addUndecided() {
    undecided++;
  }

  /** Counts a mismatch; true for the first one, whose detail the caller then states. */
  boolean mismatch(EventBlock block, int i) {
    compared++;
    mismatches++;
    if (firstMismatch == null && block != null) {
      firstMismatch = evidence(block, i);
      return true;
    }
    return false;
  }

  boolean mismatch(Evidence at) {
    compared++;
    mismatches++;
    if (firstMismatch == null) {
      firstMismatch = at;
      return true;
    }
    return false;
  }

  /** Takes back the mismatches so far: events turn out to have been missing. */
  void forgive() {
    undecided += mismatches;
    compared -= mismatches;
    mismatches = 0;
    firstMismatch = null;
    detail = "";
  }

  void detail(String text) {
    detail = text;
  }

  long compared() {
    return compared;
  }

  long mismatches() {
    return mismatches;
  }

  long undecided() {
    return undecided;
  }

  boolean isEmpty() {
    return compared == 0 && undecided == 0;
  }

  ReplayReport.Check finish() {
    return new ReplayReport.Check(name, compared, mismatches, undecided, firstMismatch, detail);
  }

  static Evidence evidence(EventBlock block, int i) {
    return new Evidence(block.path(), block.line(i), block.text(i));
  }
}
