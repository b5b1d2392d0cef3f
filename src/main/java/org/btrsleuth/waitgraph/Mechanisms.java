package org.btrsleuth.waitgraph;

import java.util.Set;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.waitgraph.Party.Claim;

/** What the weights of edges need to know of kernel functions beyond what waits and holds say. */
final class Mechanisms {
  static final String DELALLOC_FLUSH = "delalloc_flush";
  static final String TICKET = "ticket";

  /** Functions that hold what they hold because of dirty data: every flush of all inodes needs it. */
  private static final Set<String> DIRTY =
      Set.of("btrfs_writepage_fixup_worker", "clone_copy_inline_extent", "copy_inline_to_page", "defrag_one_locked_target");

  /** Writes back the dirty pages of an inode, in whoever's context (mm/page-writeback.c, fs/btrfs/extent_io.c). */
  private static final Set<String> WRITEBACK =
      Set.of("extent_write_cache_pages", "do_writepages", "btrfs_writepages", "extent_writepages", "filemap_fdatawrite_wbc");

  /** Carries out the flush of one inode that start_delalloc_inodes queued, or of all of them (5.15 and newer). */
  private static final Set<String> FLUSH = Set.of("btrfs_run_delalloc_work");

  /**
   * Functions through which the kernel enters a file system again from within it: a page fault on a user buffer,
   * memory reclaim, writeback, loading an internal inode. A lock taken before and wanted again behind one of them may
   * be the same one.
   */
  private static final Set<String> REENTRY =
      Set.of(
          "handle_mm_fault", "__handle_mm_fault", "filemap_fault", "do_page_fault", "__do_page_fault",
          "exc_page_fault", "asm_exc_page_fault", "async_page_fault", "page_fault", "do_user_addr_fault",
          "get_user_pages_fast", "__get_user_pages", "iov_iter_get_pages", "fault_in_readable", "fault_in_iov_iter_readable",
          "do_writepages", "filemap_fdatawrite_wbc", "filemap_fdatawrite_range", "__filemap_fdatawrite_range",
          "filemap_flush", "btrfs_fdatawrite_range", "folio_end_writeback", "end_page_writeback",
          "shrink_slab", "shrink_node", "prune_icache_sb", "super_cache_scan", "btrfs_evict_inode",
          "load_free_space_cache", "find_free_extent", "btrfs_iget");

  /** Waits that end when all resources of the file system are done, not one of them. */
  private static final Set<String> WHOLE =
      Set.of(
          "btrfs_wait_ordered_roots", "btrfs_wait_ordered_extents", "start_delalloc_inodes", "__start_delalloc_inodes",
          "btrfs_start_delalloc_roots", "btrfs_start_delalloc_inodes", "btrfs_start_delalloc_snapshot");

  /** Join the running transaction: kept out only while its state is COMMIT_DOING (btrfs_blocked_trans_types). */
  private static final Set<String> JOIN =
      Set.of("btrfs_join_transaction", "btrfs_join_transaction_spacecache", "btrfs_join_transaction_nostart");

  private Mechanisms() {}

  static boolean joinsTransaction(Party party) {
    return inAny(party, JOIN);
  }

  /** Whether the wait is for all resources of its kind in the file system. */
  static boolean wholeFileSystem(Party party, Claim wait) {
    return wait.kind().equals(DELALLOC_FLUSH)
        || wait.kind().startsWith("transaction")
        || inAny(party, WHOLE);
  }

  /** How sure it is that a wait for {@code kind} depends on the service of that name, if the service is in the dump. */
  static double needs(String kind, String service) {
    if (kind.equals("ordered_extent") && service.equals("fixup_worker")) {
      // That the page under fixup belongs to the ordered extent is a hunch (lock-model 1e).
      return 0.5;
    }
    if (kind.equals("block_io")) {
      // That the device is the loop device whose worker is in the dump is likely, but nothing shows it.
      return 0.7;
    }
    if (kind.equals("qgroup_flush")) {
      // The flush worker may work for somebody else than the task that flushes for the qgroup.
      return 0.8;
    }
    return 1;
  }

  /**
   * Whether {@code server} carries out the I/O of a device in a file system of the same type as the waiter's, as a loop
   * device whose backing file lies on btrfs does for the btrfs on it. Both file systems look the same in stacks, and a
   * device never lies below the file system that carries it.
   */
  static boolean nested(String kind, Party server, Party waiter) {
    return kind.equals("block_io") && !server.fileSystem().isEmpty() && server.fileSystem().equals(waiter.fileSystem());
  }

  /** Whether a wait for {@code kind} ends only when every holder of {@code needed} has let go. */
  static boolean everyHolder(String kind, String needed) {
    return kind.startsWith("transaction") && needed.startsWith("transaction");
  }

  static boolean dirties(Party holder, Claim hold) {
    return hold.frame() >= 0
        && hold.frame() < holder.first().frames().size()
        && DIRTY.contains(holder.first().frames().get(hold.frame()).function());
  }

  static boolean writesBack(Party party) {
    return inAny(party, WRITEBACK);
  }

  static boolean flushes(Party party) {
    return inAny(party, FLUSH);
  }

  /** Whether the stack enters the file system again between the frames {@code nearer} and {@code farther}. */
  static boolean reenters(Party party, int nearer, int farther) {
    for (int i = nearer + 1; i < farther; i++) {
      if (REENTRY.contains(party.first().frames().get(i).function())) {
        return true;
      }
    }
    return false;
  }

  private static boolean inAny(Party party, Set<String> functions) {
    for (Frame frame : party.first().frames()) {
      if (functions.contains(frame.function())) {
        return true;
      }
    }
    return false;
  }
}
