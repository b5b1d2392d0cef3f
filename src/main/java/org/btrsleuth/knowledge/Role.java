package org.btrsleuth.knowledge;

import java.util.List;

/**
 * A task's part in a bug.
 *
 * @param title in words; the name if none is given
 * @param optional true for a party that the bug does not need, such as a victim
 * @param common true if tasks of kernels without the bug stand there, too; alone it names nothing
 * @param waits what it waits for and where; alternatives in one entry, several entries if each alone is enough
 * @param holds what it holds meanwhile
 * @param runs paths in which it is seen running or reporting, waiting or not
 * @param task its task name or work queue, null if not said
 */
public record Role(
    String name,
    String title,
    boolean optional,
    boolean common,
    List<RoleWait> waits,
    List<RoleHold> holds,
    List<FramePath> runs,
    NamePattern task,
    Position at) {

  public Role {
    waits = List.copyOf(waits);
    holds = List.copyOf(holds);
    runs = List.copyOf(runs);
  }

  /**
   * @param kinds any of them; empty if only the path matters
   * @param path null if any place will do
   */
  public record RoleWait(List<String> kinds, FramePath path) {
    public RoleWait {
      kinds = List.copyOf(kinds);
    }
  }

  /**
   * @param kinds all of them
   * @param frame through which it holds them, null if any
   */
  public record RoleHold(List<String> kinds, NamePattern frame) {
    public RoleHold {
      kinds = List.copyOf(kinds);
    }
  }
}
