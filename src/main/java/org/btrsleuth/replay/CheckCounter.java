package org.btrsleuth.replay;

import java.util.Arrays;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.source.Evidence;

/** Counts comparisons of a replayed value with a printed one. */
final class CheckCounter {
  private static final int MOST_LINES = 1 << 16;

  private final String name;
  private long compared;
  private long mismatches;
  private long undecided;
  private Evidence firstMismatch;
  private String detail = "";
  /** Lines of the mismatches, ascending within an input. */
  private long[] lines = new long[16];
  private int kept;

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
    count(block.line(i));
    if (firstMismatch == null) {
      firstMismatch = evidence(block, i);
      return true;
    }
    return false;
  }

  boolean mismatch(Evidence at) {
    count(at == null ? 0 : at.line());
    if (firstMismatch == null) {
      firstMismatch = at;
      return true;
    }
    return false;
  }

  private void count(long line) {
    compared++;
    mismatches++;
    if (kept == lines.length && kept < MOST_LINES) {
      lines = Arrays.copyOf(lines, kept * 2);
    }
    if (kept < lines.length) {
      lines[kept++] = line;
    }
  }

  /** Whether there are mismatches in this input, all of them after {@code line}. */
  boolean onlyMismatchesAfter(String path, long line) {
    return kept > 0 && lines[0] > line && firstMismatch != null && firstMismatch.path().equals(path);
  }

  /** Takes back the mismatches after {@code line}: events turn out to have been missing there. */
  void forgiveSince(long line) {
    while (kept > 0 && lines[kept - 1] > line) {
      kept--;
      mismatches--;
      compared--;
      undecided++;
    }
    if (mismatches == 0) {
      firstMismatch = null;
      detail = "";
    }
  }

  void detail(String text) {
    detail = text;
  }

  Evidence firstMismatch() {
    return firstMismatch;
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
