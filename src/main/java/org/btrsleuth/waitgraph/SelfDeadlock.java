package org.btrsleuth.waitgraph;

import java.util.Optional;
import java.util.Set;
import org.btrsleuth.waitgraph.Party.Claim;

/**
 * A task that waits for a lock which it took itself, farther out in the same stack. The two are taken for the same
 * lock only if the file system was entered again between them, as by a page fault on the user's buffer; two locks of
 * one kind in nested functions are ordinary lock order.
 */
record SelfDeadlock(Claim wanted, Claim hold, double confidence, String because) {
  /** Both frames mean the same inode by path (lock-model section 5). */
  private static final double SAME_INODE = 0.9;

  private static final Set<String> KINDS =
      Set.of("page_lock", "extent_range", "ordered_extent", "tree_lock", "inode_lock", "i_mmap_lock", "log_tree", "spinlock");

  static Optional<SelfDeadlock> in(Party party) {
    Claim wait = party.waitsFor();
    if (wait == null || !KINDS.contains(wait.kind())) {
      return Optional.empty();
    }
    for (Claim hold : party.holds()) {
      if (hold.kind().equals(wait.kind())
          && hold.frame() > wait.frame()
          && Mechanisms.reenters(party, wait.frame(), hold.frame())) {
        double confidence = hold.proven() ? SAME_INODE : SAME_INODE - 0.2;
        return Optional.of(
            new SelfDeadlock(
                wait, hold, confidence, "the same task wants it again farther in, on the same inode by the path between"));
      }
    }
    return Optional.empty();
  }
}
