package org.btrsleuth.replay;

import org.btrsleuth.replay.ReplayReport.UnitRules;

/** Rules under which a capture can be replayed instead of its kernel's own. */
public enum WhatIfRules {
  UNFIXED("unfixed", UnitRules.BEFORE_FIX, null, "before the fix (3.2-rc)"),
  /** Whatever the capture's era makes of the fix. */
  FIXED("fixed", UnitRules.AFTER_FIX, null, "after the fix"),
  COMMIT("fixed-commit", UnitRules.AFTER_FIX, InodeUnitAfterFix.Variant.SEED_COMMIT, "of the fix as it was committed"),
  V3_2("fixed-3.2", UnitRules.AFTER_FIX, InodeUnitAfterFix.Variant.V3_2, "after the fix, as released in 3.2"),
  V3_4("fixed-3.4", UnitRules.AFTER_FIX, InodeUnitAfterFix.Variant.V3_4, "after the fix, 3.4 to 4.7"),
  V4_8("fixed-4.8", UnitRules.AFTER_FIX, InodeUnitAfterFix.Variant.V4_8, "after the fix, 4.8 to 4.14"),
  PER_INODE("per-inode", UnitRules.PER_INODE, null, "of a reserve per inode (4.15 on)");

  private final String option;
  private final UnitRules rules;
  private final InodeUnitAfterFix.Variant variant;
  private final String text;

  WhatIfRules(String option, UnitRules rules, InodeUnitAfterFix.Variant variant, String text) {
    this.option = option;
    this.rules = rules;
    this.variant = variant;
    this.text = text;
  }

  /** As written on the command line. */
  public String option() {
    return option;
  }

  UnitRules rules() {
    return rules;
  }

  /** "before the fix (3.2-rc)": what follows the word "rules". */
  String text() {
    return text;
  }

  /** The machine of these rules, or, where they are the observed ones, of the other side of the fix. */
  static InodeUnitMachine machine(WhatIfRules asked, UnitRules observed, int slot) {
    if (asked == PER_INODE) {
      return new InodeUnitOwnReserve(slot);
    }
    if (observed == UnitRules.BEFORE_FIX) {
      return new InodeUnitAfterFix(
          slot, asked == null || asked.variant == null ? InodeUnitAfterFix.Variant.V3_4 : asked.variant);
    }
    return asked == null || asked.variant == null
        ? new InodeUnitBeforeFix(slot)
        : new InodeUnitAfterFix(slot, asked.variant);
  }
}
