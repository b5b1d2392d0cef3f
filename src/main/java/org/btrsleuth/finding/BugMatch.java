package org.btrsleuth.finding;

import java.util.List;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.source.Evidence;

/**
 * How far an incident shows a known bug.
 *
 * @param score for ranking bugs against each other on one incident; no probability
 * @param coverage share of what the bug must show that was found, 0 to 1
 * @param matched weight of what was found
 * @param telling whether something was found that correct kernels do not show as well, and nothing speaks against the
 *     set-up that the bug needs; without it no match, however complete, names the bug
 * @param version how the kernel stands to the releases that have the bug
 * @param elements what was found, role by role, record by record
 */
public record BugMatch(
    Bug bug, double score, double coverage, double matched, boolean telling, Version version, List<Element> elements) {

  public BugMatch {
    elements = List.copyOf(elements);
  }

  /** How the kernel of the incident stands to a bug. */
  public enum Version {
    /** It may have the bug. */
    POSSIBLE,
    /** The kernel is not known. */
    UNKNOWN,
    /** A release that has the fix, or one from before the bug, as far as the catalogue knows. */
    UNLIKELY
  }

  /**
   * A part of the signature that was found.
   *
   * @param what role or record in words
   * @param share of its own weight that was found, 0 to 1
   * @param stack index of the stack among those seen, -1 if none
   * @param evidence lines that show it
   */
  public record Element(String what, double share, int stack, List<Evidence> evidence) {
    public Element {
      evidence = List.copyOf(evidence);
    }
  }
}
