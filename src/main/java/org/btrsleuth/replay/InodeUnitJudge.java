package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.UnitRules;

/**
 * Decides from the events, not from a version, by which rules the observed kernel pays for inode updates. Counts what
 * each set of rules could not have produced; the rules that contradict nothing are the kernel's.
 */
final class InodeUnitJudge {
  /** Share of contradictions that lines printed out of order may cause. */
  private static final long NOISE_DIVISOR = 50;

  // What a single delalloc bucket cannot produce.
  long perInodeEvents;
  long partialUnits;
  // What an own reserve per inode cannot produce.
  long emptyReleases;
  long closedBalances;

  // What the rules before the fix cannot produce.
  long handOvers;
  long onDemand;
  long onDemandRefused;
  /** First reservations of a clean inode with more units than extent and checksums need. */
  long unitReserved;
  // What the rules after the fix cannot produce.
  long takenThoughHeld;
  /** First reservations of a clean inode without room for an inode unit. */
  long noUnitReserved;
  /** First reservations that fit both. */
  long eitherReserved;
  /** Completions that needed a unit and show neither a hand-over nor a reservation. */
  long taken;

  private boolean certain;
  private final List<String> because = new ArrayList<>();

  /** Amount of a delalloc line; units are known from the first delayed inode reservation on. */
  void amount(long bytes, long unit, boolean reserve) {
    if (bytes == 0) {
      emptyReleases++;
    } else if (unit > 0 && bytes % unit != 0) {
      partialUnits++;
    }
  }

  /** First reservation of an inode that had none, for data of {@code len} bytes (0 if unknown). */
  void firstReservation(long bytes, long unit, long len) {
    if (unit <= 0 || bytes % unit != 0 || len <= 0 || len > 65536) {
      return;
    }
    long units = bytes / unit;
    if (units == 1) {
      noUnitReserved++;
    } else if (units == 2) {
      eitherReserved++;
    } else if (units == 3) {
      unitReserved++;
    }
  }

  UnitRules decide() {
    because.clear();
    certain = false;
    if (partialUnits > 0) {
      certain = true;
      because.add(partialUnits + " delalloc amounts are no multiple of the unit: the inode's own reserve pays tree blocks,"
          + " as kernels do since 4.15");
      return UnitRules.PER_INODE;
    }
    if (perInodeEvents > 0 && handOvers == 0) {
      certain = emptyReleases == 0;
      because.add("the capture holds events that exist only in kernels with a delalloc reserve per inode");
      return UnitRules.PER_INODE;
    }
    long againstBefore = handOvers + onDemand + onDemandRefused;
    long againstAfter = takenThoughHeld;
    if (againstBefore == 0 && againstAfter == 0) {
      return fromAmounts();
    }
    if (againstBefore > 0 && againstAfter > 0
        && Math.min(againstBefore, againstAfter) > Math.max(againstBefore, againstAfter) / NOISE_DIVISOR) {
      because.add(againstBefore + " completions were given their unit and " + againstAfter
          + " took it although one would have been reserved: the events contradict each other");
      return UnitRules.UNKNOWN;
    }
    certain = againstBefore == 0 || againstAfter == 0;
    if (againstBefore > againstAfter) {
      because.add(handOvers + " completions were handed the unit reserved at write time and " + (onDemand + onDemandRefused)
          + " tried to reserve one on the spot; kernels without the fix do neither");
      return UnitRules.AFTER_FIX;
    }
    if (unitReserved > 0 && noUnitReserved == 0) {
      // Amounts with an inode unit on a kernel that takes units: no known rules do that.
      certain = false;
      because.add(takenThoughHeld + " completions took a unit, but " + unitReserved
          + " first reservations are large enough to hold one");
      return UnitRules.UNKNOWN;
    }
    because.add(takenThoughHeld + " completions took a unit from the delalloc reserve while the fixed code would have held one"
        + " for the inode; none was handed over and none reserved on the spot");
    if (noUnitReserved > 0) {
      because.add(noUnitReserved + " first reservations of a clean inode are a single unit: no room for the inode's");
    } else if (eitherReserved > 0) {
      because.add(eitherReserved + " first reservations of a clean inode are two units, one for the extent and one for"
          + " checksums; with the fix they would be three");
    }
    return UnitRules.BEFORE_FIX;
  }

  private UnitRules fromAmounts() {
    if (noUnitReserved > 0 && unitReserved == 0) {
      because.add(noUnitReserved + " first reservations of a clean inode are a single unit: none for the inode is included");
      return UnitRules.BEFORE_FIX;
    }
    if (unitReserved > 0 && noUnitReserved == 0) {
      because.add(unitReserved + " first reservations of a clean inode are three units: extent, checksums and inode");
      return UnitRules.AFTER_FIX;
    }
    because.add("no completion of the capture needed a unit, and the amounts reserved do not tell");
    return UnitRules.UNKNOWN;
  }

  /** After {@link #decide}: whether the capture proves the rules. */
  boolean certain() {
    return certain;
  }

  /** After {@link #decide}: what the rules were decided from. */
  List<String> because() {
    return because;
  }
}
