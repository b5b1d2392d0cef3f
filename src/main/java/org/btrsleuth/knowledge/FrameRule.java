package org.btrsleuth.knowledge;

import java.util.List;

/**
 * What one frame of a stack means. "Nearer" frames stand closer to the innermost one, "farther" ones are callers.
 *
 * @param kinds what is waited for or held; several if the frame alone cannot tell, best first
 * @param frame the frame that the rule speaks of
 * @param whileCalling some nearer frame must match; null if not asked
 * @param unlessCalling no nearer frame may match; null if not asked
 * @param under some farther frame must match; null if not asked
 * @param behind names of primitives: the frame must stand directly below a run of such frames; empty if not asked
 * @param asleep nothing but scheduler and completion frames may stand nearer
 * @param offset where in the function the return address must lie, null if not asked
 * @param probable true if the rule is likely but no proof
 * @param instance which resource of the kind, in words; "" if not said
 * @param because reason in words; "" if not said
 * @param source kernel file or commits
 */
public record FrameRule(
    Type type,
    List<String> kinds,
    NamePattern frame,
    NamePattern whileCalling,
    NamePattern unlessCalling,
    NamePattern under,
    List<String> behind,
    boolean asleep,
    Offset offset,
    boolean probable,
    KernelRange kernels,
    String instance,
    String because,
    String source,
    Position at) {

  /** What a rule concludes. */
  public enum Type {
    /** The task waits for one of the kinds. */
    WAIT,
    /** The task holds the kinds. */
    HOLD,
    /** The task does not hold the kinds through this frame or one farther out, whatever hold rules say. */
    UNHELD,
    /** The task is the service that the rule belongs to. */
    SERVICE
  }

  /**
   * A bound on the relative place of a return address: it tells versions of one function apart where the kernel
   * version cannot, because a fix was backported.
   *
   * @param above true for at least, false for at most
   * @param percent of the function's size
   * @param bytes from the start of the function, for listings that print no sizes; -1 if not said
   */
  public record Offset(boolean above, int percent, int bytes) {}

  public FrameRule {
    kinds = List.copyOf(kinds);
    behind = List.copyOf(behind);
  }
}
