package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.replay.Bytes;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnitRules;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.replay.ReplayReport.UnitVictim;

/**
 * Findings about the metadata for inode updates at the end of I/O: {@code missing-inode-reservation} where the kernel
 * reserves none, {@code stolen-inode-unit} where a correct kernel had to take it from others. Where a trace of the incident
 * holds completions, the replay decides; the kernel log is asked only without one.
 */
public final class InodeUnitFindings {
  static final String MISSING = "missing-inode-reservation";
  static final String STOLEN = "stolen-inode-unit";

  private static final int SHOWN_EVENTS = 8;
  private static final int SHOWN_VICTIMS = 4;
  private static final Fix FIX =
      new Fix("7fd2ae21a42d", "Btrfs: fix our reservations for updating an inode when completing io", "3.2", "");

  private InodeUnitFindings() {}

  /** @param knowledge where the fix is looked up; what is built in is used if it does not have it */
  public static List<Finding> of(ReplayReport replay, Incident incident, Knowledge knowledge) {
    List<Finding> findings = new ArrayList<>();
    for (FileSystem fs : replay.fileSystems()) {
      InodeUnits units = fs.inodeUnits();
      if (units.rules().rules() == UnitRules.BEFORE_FIX && units.withoutEntitlement() + units.failed() > 0) {
        findings.add(missing(fs, units, knowledge));
      }
      if (units.stolenFromDelalloc() + units.stolenFromGlobal() > 0) {
        findings.add(stolen(fs, units));
      }
    }
    if (!decided(replay)) {
      InodeUnitLog.addFindings(incident, fixes(knowledge), findings);
    }
    return findings;
  }

  /** Without what others conclude from a log about missing inode reservations, where a trace has told. */
  public static List<Finding> overrule(ReplayReport replay, List<Finding> others) {
    return decided(replay) ? others.stream().filter(f -> !f.pattern().equals(MISSING)).toList() : others;
  }

  private static boolean decided(ReplayReport replay) {
    return replay.fileSystems().stream()
        .map(FileSystem::inodeUnits)
        .anyMatch(units -> units.completions() > 0 && units.rules().rules() != UnitRules.UNKNOWN);
  }

  private static List<MatchedFix> fixes(Knowledge knowledge) {
    Bug bug = knowledge == null ? null : knowledge.bugs().get(MISSING);
    List<Fix> known = bug == null || bug.fixes().isEmpty() ? List.of(FIX) : bug.fixes();
    return known.stream().map(fix -> new MatchedFix(fix, true)).toList();
  }

  private static Finding missing(FileSystem fs, InodeUnits units, Knowledge knowledge) {
    InodeUnitRules rules = units.rules();
    FindingBuilder b = new FindingBuilder();
    b.pattern = MISSING;
    b.mechanism.add("delalloc reserve without inode unit");
    b.severity = Severity.ERROR;
    b.confidence = rules.certain() ? Confidence.CERTAIN : Confidence.LIKELY;
    b.fixes.addAll(fixes(knowledge));
    long bytes = units.withoutEntitlementBytes();
    b.title =
        units.failed() > 0
            ? count(units.failed(), "inode update") + " failed: nobody had reserved metadata for that"
            : count(units.withoutEntitlement(), "inode update") + " took metadata that was reserved for other data";
    b.summary =
        "When its I/O ends, an inode must be updated, and the delayed inode code wants a full reservation for that ("
            + Bytes.text(fs.unitUpdate())
            + "). This kernel reserves none when data becomes dirty: "
            + count(units.withoutEntitlement(), "completion")
            + " of "
            + count(rules.inodes(), "inode")
            + " took it, "
            + Bytes.text(bytes)
            + " in all, out of the delalloc reserve that belongs to the dirty data of all inodes"
            + failedText(units)
            + ". The fix reserves the unit at write time and hands it over at completion.";
    explain(fs, units, b);
    certainty(units, b);
    numbers(units, b);
    evidence(fs, units, b);
    b.nextSteps.add(
        "Run a kernel that has " + b.fixes.get(0).fix().commit() + " (3.2 or later); the same workload then hands the unit"
            + " over or reserves it on the spot.");
    if (units.failed() > 0) {
      b.nextSteps.add("Until then keep metadata far from full and commit less often while data is dirty.");
    }
    return b.build();
  }

  private static String failedText(InodeUnits units) {
    if (units.failed() == 0) {
      return "";
    }
    return ". For " + units.failed() + " the reserve was empty and the update failed with ENOSPC"
        + (units.directUpdate() == units.failed()
            ? "; the kernel then wrote the inode items directly"
            : units.directUpdate() > 0 ? "; " + units.directUpdate() + " were then written directly" : "");
  }

  private static void explain(FileSystem fs, InodeUnits units, FindingBuilder b) {
    List<InodeUnitEvent> taken = events(fs, "withoutEntitlement");
    if (!taken.isEmpty()) {
      InodeUnitEvent first = taken.get(0);
      b.explanation.add(
          "First: " + first.task() + " completes " + inode(first) + at(first)
              + " and takes " + Bytes.text(first.bytes()) + " from the delalloc reserve; nothing was reserved for it and nothing"
              + " handed over.");
    }
    InodeUnitRules rules = units.rules();
    if (rules.peakShortage() > 0) {
      b.explanation.add(
          "At the worst moment the reserve lacked " + Bytes.text(rules.peakShortage()) + " of what was promised from it"
              + (rules.peakShortageAt() == null ? "." : " (" + rules.peakShortageAt().location() + ")."));
    }
    for (UnitVictim victim : rules.victims().subList(0, Math.min(SHOWN_VICTIMS, rules.victims().size()))) {
      b.explanation.add(
          "Inode " + victim.ino() + " had " + Bytes.text(victim.promised()) + " reserved while " + Bytes.text(victim.shortage())
              + " of the reserve were gone, at " + seconds(victim.timeNanos()) + ".");
    }
    if (rules.victims().size() > SHOWN_VICTIMS) {
      b.explanation.add((rules.victims().size() - SHOWN_VICTIMS) + " more inodes relied on the reserve then.");
    }
    for (InodeUnitEvent failed : events(fs, "failed").stream().limit(SHOWN_VICTIMS).toList()) {
      b.explanation.add(
          "Failed: " + failed.task() + " completes " + inode(failed) + at(failed)
              + (rules.fromCalls()
                  ? "; its update returns -ENOSPC."
                  : "; its delayed node is clean and the reserve holds less than a unit."));
    }
    InodeUnits fixed = units.whatIf();
    if (fixed != null) {
      b.explanation.add(
          "With the fix the same completions: " + fixed.handedOver() + " handed over, " + fixed.onDemand()
              + " reserved on the spot, " + fixed.failed() + " failed.");
    }
  }

  private static void certainty(InodeUnits units, FindingBuilder b) {
    InodeUnitRules rules = units.rules();
    (rules.certain() ? b.certain : b.inferred).addAll(rules.because());
    b.certain.add("In " + count(units.withoutEntitlement(), "completion")
        + " the events show the delayed inode reservation with neither a reservation of their own before it nor a hand-over after it.");
    if (units.failed() > 0 && rules.fromCalls()) {
      b.certain.add("The failure of " + count(units.failed(), "update") + ": btrfs_delayed_update_inode returned -ENOSPC.");
    } else if (units.failed() > 0) {
      b.inferred.add("The failure of " + count(units.failed(), "update") + ": no line reports it; the delayed node was clean,"
          + " it was not made dirty, and by the recorded amounts the reserve could not pay a unit.");
    }
    if (units.directUpdate() > 0 && rules.fromCalls()) {
      b.certain.add("That the kernel wrote " + count(units.directUpdate(), "inode item") + " directly:"
          + " btrfs_update_inode_item returned 0 after the failure.");
    } else if (units.directUpdate() > 0) {
      b.inferred.add("That the kernel wrote " + count(units.directUpdate(), "inode item") + " directly: transactions went on"
          + " after the failure.");
    }
    if (!rules.victims().isEmpty()) {
      b.inferred.add("Whose bytes they were: the reserve is one bucket, every inode with dirty data at that moment relied on it.");
    }
    if (units.undecided() > 0) {
      b.inferred.add(units.undecided() + " further completions are undecided and counted nowhere else.");
    }
    if (units.whatIf() != null) {
      b.inferred.add("What the fix would have changed: the same operations run through its rules; whether a reservation on the"
          + " spot would have been granted is not recorded and taken to be so.");
    }
  }

  private static void numbers(InodeUnits units, FindingBuilder b) {
    b.numbers.put("completions", units.completions());
    b.numbers.put("unitsTaken", units.withoutEntitlement());
    b.numbers.put("bytesTaken", units.withoutEntitlementBytes());
    b.numbers.put("inodes", units.rules().inodes());
    b.numbers.put("failed", units.failed());
    b.numbers.put("directUpdate", units.directUpdate());
    b.numbers.put("handedOver", units.handedOver());
    b.numbers.put("undecided", units.undecided());
    b.numbers.put("peakShortageBytes", units.rules().peakShortage());
    if (units.whatIf() != null) {
      b.numbers.put("fixedHandedOver", units.whatIf().handedOver());
      b.numbers.put("fixedOnDemand", units.whatIf().onDemand());
      b.numbers.put("fixedFailed", units.whatIf().failed());
    }
  }

  private static void evidence(FileSystem fs, InodeUnits units, FindingBuilder b) {
    for (InodeUnitEvent failed : events(fs, "failed")) {
      add(b, failed);
    }
    for (InodeUnitEvent taken : events(fs, "withoutEntitlement")) {
      add(b, taken);
    }
    if (units.rules().peakShortageAt() != null) {
      b.evidence.add(units.rules().peakShortageAt());
    }
  }

  private static void add(FindingBuilder b, InodeUnitEvent event) {
    if (event.evidence() != null && b.evidence.size() < SHOWN_EVENTS) {
      b.evidence.add(event.evidence());
    }
  }

  private static Finding stolen(FileSystem fs, InodeUnits units) {
    FindingBuilder b = new FindingBuilder();
    long stolen = units.stolenFromDelalloc() + units.stolenFromGlobal();
    b.pattern = STOLEN;
    b.mechanism.add("inode unit stolen after a refused reservation");
    b.severity = Severity.WARNING;
    List<InodeUnitEvent> events = new ArrayList<>(events(fs, "stolenFromDelalloc"));
    events.addAll(events(fs, "stolenFromGlobal"));
    b.confidence = units.rules().certain() ? Confidence.CERTAIN : Confidence.LIKELY;
    b.title = count(stolen, "inode update") + " took metadata of other inodes after ENOSPC";
    b.summary =
        "Completions needed a second inode unit, no space was left to reserve one on the spot, and the kernel took "
            + Bytes.text(stolen * fs.unitUpdate())
            + ": "
            + units.stolenFromDelalloc()
            + " units from the delalloc reserve, "
            + units.stolenFromGlobal()
            + " from the global reserve. Kernels up to 4.7 do that on purpose as a last resort. It is no defect by itself, but"
            + " metadata space is exhausted and the reserve of other writers is short by that much.";
    for (InodeUnitEvent event : events.stream().limit(SHOWN_EVENTS).toList()) {
      b.explanation.add(event.task() + " takes " + Bytes.text(event.bytes()) + " for " + inode(event) + at(event) + ".");
      add(b, event);
    }
    b.certain.addAll(units.rules().because());
    if (units.rules().fromCalls()) {
      b.certain.add("That the reservation on the spot was refused: btrfs_block_rsv_add returned an error.");
    } else {
      b.inferred.add("That the reservation on the spot was refused: kernels before 3.13 print no line for it; the unit arrived"
          + " without one and without a hand-over.");
    }
    b.numbers.put("unitsStolen", stolen);
    b.numbers.put("bytesStolen", stolen * fs.unitUpdate());
    b.numbers.put("fromDelalloc", units.stolenFromDelalloc());
    b.numbers.put("fromGlobal", units.stolenFromGlobal());
    b.nextSteps.add("Free or add metadata space; record btrfs:btrfs_space_reservation to see who holds it.");
    return b.build();
  }

  private static String count(long n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private static List<InodeUnitEvent> events(FileSystem fs, String outcome) {
    return fs.inodeUnitEvents().stream().filter(e -> e.outcome().equals(outcome)).toList();
  }

  private static String inode(InodeUnitEvent event) {
    return event.ino() < 0 ? "an inode" : "inode " + event.ino();
  }

  private static String at(InodeUnitEvent event) {
    String when = event.timeNanos() > 0 ? " at " + seconds(event.timeNanos()) : "";
    return event.evidence() == null ? when : when + " (" + event.evidence().location() + ")";
  }

  private static String seconds(long nanos) {
    return nanos / 1_000_000_000 + "." + String.format(java.util.Locale.ROOT, "%06d", nanos % 1_000_000_000 / 1000) + " s";
  }
}
