package org.btrsleuth.knowledge;

import java.util.List;

/**
 * A kind of thing that tasks wait for or hold: page_lock, ticket, transaction_complete, ...
 *
 * @param shown in words, "page lock"
 * @param family the general kind that it is one of: chunk_mutex is a mutex; "" if it is general itself
 * @param rank place of the declaration: of several kinds that one frame may mean, the lowest rank is taken first
 * @param trait what a wait for it says about the task
 * @param lockClasses names, or last members, of the lock classes under which lockdep prints it; see {@link LockNames}
 */
public record ResourceKind(String name, String shown, String family, int rank, Trait trait, List<String> lockClasses, Position at) {
  public ResourceKind {
    lockClasses = List.copyOf(lockClasses);
  }

  ResourceKind withRank(int newRank) {
    return new ResourceKind(name, shown, family, newRank, trait, lockClasses, at);
  }

  /** The general kind: the family if there is one, else the kind itself. */
  public String general() {
    return family.isEmpty() ? name : family;
  }

  /** What a wait for a kind says. */
  public enum Trait {
    /** Some task or service of the file system must act. */
    ORDINARY,
    /** Below the file system or beside it: a chain of waits ends here. */
    SINK,
    /** The task has nothing to do and is blocked on nothing. */
    IDLE
  }
}
