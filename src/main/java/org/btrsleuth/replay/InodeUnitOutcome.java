package org.btrsleuth.replay;

/** How a completion got the metadata for its inode update. {@link #key} is the component of the report that counts it. */
enum InodeUnitOutcome {
  ALREADY_DIRTY("alreadyDirty"),
  HANDED_OVER("handedOver"),
  WITHOUT_ENTITLEMENT("withoutEntitlement"),
  ON_DEMAND("onDemand"),
  STOLEN_FROM_DELALLOC("stolenFromDelalloc"),
  STOLEN_FROM_GLOBAL("stolenFromGlobal"),
  FAILED("failed"),
  NO_UPDATE("noUpdate"),
  UNDECIDED("undecided");

  final String key;

  InodeUnitOutcome(String key) {
    this.key = key;
  }
}
