package org.btrsleuth.knowledge;

import java.util.List;

/**
 * What must go on for a wait on a kind to end.
 *
 * @param all true if every need must be met, false if any one is enough
 */
public record Progress(
    String kind, boolean all, List<Need> needs, KernelRange kernels, String because, String source, Position at) {

  public Progress {
    needs = List.copyOf(needs);
  }

  /** What a need names. */
  public enum NeedType {
    /** The task that holds the resource. */
    HOLDER,
    /** A {@link Service}. */
    SERVICE,
    /** Another kind of resource. */
    KIND
  }

  /**
   * @param name of the service or kind; "" for the holder
   * @param of which of them, in words; "" if not said
   */
  public record Need(NeedType type, String name, String of) {}
}
