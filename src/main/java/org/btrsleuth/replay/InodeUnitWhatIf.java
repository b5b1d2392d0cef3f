package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.replay.ReplayReport.WhatIf;

/** States what the rules that were asked for would have changed, or why the events cannot tell. */
final class InodeUnitWhatIf {
  private static final String RECORD =
      " Record btrfs:btrfs_space_reservation, btrfs:btrfs_ordered_extent_add and btrfs:btrfs_ordered_extent_remove.";

  private final InodeUnitDifferences differences;
  private final WhatIfRules asked;
  private final UnitRules observed;
  private final InodeUnits units;
  private final long unit;

  InodeUnitWhatIf(InodeUnitDifferences differences, UnitRules observed, InodeUnits units, long unit) {
    this.differences = differences;
    this.asked = differences.asked;
    this.observed = observed;
    this.units = units;
    this.unit = unit;
  }

  WhatIf build() {
    if (units.completions() == 0) {
      return refused("The capture holds no completion of ordered I/O that could be replayed." + RECORD);
    }
    if (observed == UnitRules.UNKNOWN) {
      return refused(
          "The events do not tell by which rules this kernel pays for inode updates, so their amounts cannot be read as"
              + " those of other rules.");
    }
    if (observed == asked.rules() && !isOtherVariant()) {
      return refused(
          "The recorded kernel works by these rules already: what was recorded is what they do.");
    }
    if (observed == UnitRules.PER_INODE && asked != WhatIfRules.UNFIXED) {
      return refused(
          "The recorded kernel has the fix: it gives every inode a reserve of its own, which holds the unit, too. What one"
              + " reserve for all inodes would have held cannot be told from its events: they show what each inode got"
              + " back, not what others left in the reserve.");
    }
    List<String> notes = new ArrayList<>();
    if (observed == UnitRules.PER_INODE) {
      notes.add(
          "Replayed is the same reserve per inode without the unit for the inode. That kernel would not take the missing"
              + " bytes from others: it would write the inode item directly.");
    }
    if (asked == WhatIfRules.COMMIT) {
      notes.add(
          "No trace event tells which inode a refused delalloc reservation was for, so the unit without bytes that the"
              + " commit left behind after one is not followed.");
    }
    if (observed == UnitRules.BEFORE_FIX && asked.rules() == UnitRules.AFTER_FIX) {
      notes.add("Whether a reservation on the spot would have been granted is not recorded; it is taken to be.");
    }
    if (units.undecided() > 0) {
      notes.add(units.undecided() + " completions are undecided under both rules.");
    }
    if (differences.left() > 0) {
      notes.add("The table of inodes was full; " + differences.left() + " more count in the totals only.");
    }
    InodeUnits other = units.whatIf();
    return new WhatIf(
        asked.option(), asked.text(), true, verdict(other), differences.first(observed), other.rules().firstFailure(),
        differences.inodes(observed, unit), notes);
  }

  /** Rules of the same side of the fix that differ in detail: steals, phantom units. */
  private boolean isOtherVariant() {
    return observed == UnitRules.AFTER_FIX && asked != WhatIfRules.FIXED;
  }

  private String verdict(InodeUnits other) {
    long needed = other.completions() - other.alreadyDirty() - other.noUpdate() - other.undecided();
    StringBuilder text = new StringBuilder();
    text.append("Under the rules ").append(asked.text()).append(", ").append(needed)
        .append(needed == 1 ? " completion" : " completions").append(" would have needed a unit: ");
    text.append(ways(other)).append(". As recorded: ").append(ways(units)).append('.');
    if (units.failed() > 0 && other.failed() == 0) {
      text.append(units.failed() == 1
          ? " The failure would not have happened."
          : " None of the " + units.failed() + " failures would have happened.");
    } else if (units.failed() == 0 && other.failed() > 0) {
      text.append(" Where nothing failed, ").append(other.failed())
          .append(other.failed() == 1 ? " update" : " updates").append(" would have failed with ENOSPC.");
    }
    return text.toString();
  }

  private static String ways(InodeUnits u) {
    List<String> ways = new ArrayList<>();
    way(ways, u.handedOver(), "handed over");
    way(ways, u.onDemand(), "reserved on the spot");
    way(ways, u.withoutEntitlement(), "taken without entitlement");
    way(ways, u.stolenFromDelalloc(), "stolen from delalloc");
    way(ways, u.stolenFromGlobal(), "stolen from the global reserve");
    way(ways, u.failed(), "failed");
    return ways.isEmpty() ? "none" : String.join(", ", ways);
  }

  private static void way(List<String> ways, long n, String name) {
    if (n > 0) {
      ways.add(n + " " + name);
    }
  }

  private WhatIf refused(String because) {
    InodeUnitEvent none = null;
    return new WhatIf(asked.option(), asked.text(), false, because, none, none, List.of(), List.of());
  }
}
