package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;

/** Counters of {@link InodeUnits} while they grow. */
final class InodeUnitCounts {
  long completions;
  long alreadyDirty;
  long handedOver;
  long withoutEntitlement;
  long withoutEntitlementBytes;
  long onDemand;
  long stolenFromDelalloc;
  long stolenFromGlobal;
  long failed;
  long directUpdate;
  long noUpdate;
  long undecided;

  void count(InodeUnitOutcome outcome, long unit) {
    completions++;
    switch (outcome) {
      case ALREADY_DIRTY -> alreadyDirty++;
      case HANDED_OVER -> handedOver++;
      case WITHOUT_ENTITLEMENT -> {
        withoutEntitlement++;
        withoutEntitlementBytes += unit;
      }
      case ON_DEMAND -> onDemand++;
      case STOLEN_FROM_DELALLOC -> stolenFromDelalloc++;
      case STOLEN_FROM_GLOBAL -> stolenFromGlobal++;
      case FAILED -> failed++;
      case NO_UPDATE -> noUpdate++;
      case UNDECIDED -> undecided++;
    }
  }

  InodeUnits report(InodeUnitRules rules, InodeUnits whatIf) {
    return new InodeUnits(
        completions,
        alreadyDirty,
        handedOver,
        withoutEntitlement,
        withoutEntitlementBytes,
        onDemand,
        stolenFromDelalloc,
        stolenFromGlobal,
        failed,
        directUpdate,
        noUpdate,
        undecided,
        rules,
        whatIf);
  }
}
