package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Question;
import org.btrsleuth.replay.ReplayReport.UnitRules;

/** Which questions the recorded events cannot answer, why, and what to record for an answer. */
final class Unanswered {
  private final Dialect dialect;
  private final List<Question> questions = new ArrayList<>();

  private Unanswered(Dialect dialect) {
    this.dialect = dialect;
  }

  static List<Question> of(Dialect dialect, InodeUnits units, boolean taskless) {
    Unanswered made = new Unanswered(dialect);
    if (taskless) {
      made.add(
          "leaked-reservation, double-release", "the lines name no task, so nothing can be attributed to an inode",
          "the same events with the trace option context-info");
    } else {
      made.inodes();
    }
    if (dialect.delalloc && !dialect.perInode() && !dialect.flushEvents && !dialect.pinnedLines) {
      made.add(
          "negative-balance, ticket-starvation, premature-enospc, flush-storm",
          "kernels of this era print neither counters nor tickets nor flush steps", "");
    } else {
      made.counters();
      made.waits();
    }
    made.units(units);
    return List.copyOf(made.questions);
  }

  private void inodes() {
    String patterns = "leaked-reservation, double-release";
    if (!dialect.delalloc) {
      add(
          patterns, "no delalloc line was recorded: no data became dirty, or btrfs_space_reservation was off",
          "btrfs:btrfs_space_reservation, btrfs:btrfs_inode_mod_outstanding_extents (4.15 on)");
    } else if (!dialect.perInode()) {
      add(
          patterns,
          "up to 4.14 all inodes share one delalloc reserve whose releases are computed from counters, not from what is left",
          "");
    } else if (!dialect.outstandingEvents) {
      add(
          patterns, "nothing tells when an inode has nothing outstanding",
          "btrfs:btrfs_inode_mod_outstanding_extents (4.15 on)");
    }
  }

  private void counters() {
    if (!dialect.updateLines) {
      add(
          "negative-balance", "no line prints the counters' own values",
          "btrfs:update_bytes_may_use, btrfs:update_bytes_pinned (5.3 on)");
    }
  }

  private void waits() {
    if (!dialect.tickets) {
      add(
          "ticket-starvation, premature-enospc", "no ticket ended in this capture: none waited, or the event was off",
          "btrfs:btrfs_reserve_ticket, btrfs:btrfs_fail_all_tickets (5.12 on)");
    }
    if (!dialect.flushEvents) {
      add(
          "flush-storm", "no flush step in this capture: none was needed, or the events were off",
          "btrfs:btrfs_trigger_flush, btrfs:btrfs_flush_space (4.9 on)");
    }
  }

  private void units(InodeUnits units) {
    String patterns = "missing-inode-reservation, stolen-inode-unit";
    if (units.completions() == 0) {
      add(
          patterns, "no completion of ordered I/O was recorded",
          "btrfs:btrfs_space_reservation, btrfs:btrfs_ordered_extent_add, btrfs:btrfs_ordered_extent_remove");
    } else if (units.rules().rules() == UnitRules.UNKNOWN) {
      add(
          patterns, "the completions recorded do not tell by which rules the kernel works",
          "the same events over writes that are completed after a commit");
    }
  }

  private void add(String patterns, String because, String record) {
    questions.add(new Question(patterns, because, record));
  }
}
