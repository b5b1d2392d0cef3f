package org.btrsleuth.replay;

import java.util.List;
import java.util.Map;
import org.btrsleuth.source.Evidence;

/** What the replay of the reservation events of one incident found, per file system. All amounts are bytes. */
public record ReplayReport(List<FileSystem> fileSystems) {

  public static final ReplayReport EMPTY = new ReplayReport(List.of());

  public ReplayReport {
    fileSystems = List.copyOf(fileSystems);
  }

  /**
   * @param fsid uuid; "" if the events print none
   * @param era rules that the lines themselves imply, such as "3.3-4.7 delalloc bucket"
   * @param unitInsert bytes reserved per inserted item, 0 if it could not be inferred
   * @param unitUpdate bytes reserved per updated item (the inode unit), 0 if it could not be inferred
   * @param inodes inodes seen in reservation events
   * @param series time series for charts
   * @param gaps places where events are missing; the state was taken up anew after each
   * @param enospcMoments the first moments at which a reservation failed, in order
   * @param anomalies what findings are made from, most serious first
   * @param notes what is uncertain or could not be decided and why, in sentences
   * @param whatIf replay under the rules that were asked for, null if none were
   * @param unanswered what the recorded events cannot tell
   */
  public record FileSystem(
      String fsid,
      String era,
      long unitInsert,
      long unitUpdate,
      List<SpaceInfo> spaceInfos,
      List<Pool> pools,
      long inodes,
      Tickets tickets,
      List<Flush> flushes,
      InodeUnits inodeUnits,
      List<InodeUnitEvent> inodeUnitEvents,
      List<Check> checks,
      List<Series> series,
      List<Gap> gaps,
      List<EnospcMoment> enospcMoments,
      List<Anomaly> anomalies,
      List<String> notes,
      WhatIf whatIf,
      List<Question> unanswered) {}

  /**
   * A question that the capture leaves open.
   *
   * @param patterns patterns of findings that can neither be found nor excluded, separated by ", "
   * @param record events that would answer it, "" if none would on that kernel
   */
  public record Question(String patterns, String because, String record) {}

  /**
   * A replay of the recorded operations under other rules.
   *
   * @param option as asked for: "fixed", "unfixed", ...
   * @param rules the rules in words, to follow the word "rules"
   * @param replayed false where the events cannot carry these rules; {@code verdict} then says why
   * @param verdict what they would have changed, in sentences
   * @param firstDifference first completion that goes another way, named by what it would have been; null if none
   * @param firstFailure first completion that would have failed; null if none
   * @param inodes those that fare differently, the most affected first
   */
  public record WhatIf(
      String option,
      String rules,
      boolean replayed,
      String verdict,
      InodeUnitEvent firstDifference,
      InodeUnitEvent firstFailure,
      List<InodeDifference> inodes,
      List<String> notes) {
    public WhatIf {
      inodes = List.copyOf(inodes);
      notes = List.copyOf(notes);
    }
  }

  /**
   * @param root -1 if unknown
   * @param differing completions that go another way
   * @param firstAtNanos time of the first of them, -1 if none
   */
  public record InodeDifference(
      long root, long ino, long completions, long differing, long firstAtNanos, InodeShare recorded,
      InodeShare otherwise) {}

  /**
   * What an inode got under one set of rules; counts of completions.
   *
   * @param reserved bytes reserved for its dirty data, -1 if the events do not tell
   * @param taken from what was reserved for others
   */
  public record InodeShare(long reserved, long handedOver, long onDemand, long taken, long failed) {}

  /** A place where events are missing, or where the input starts anew. */
  public record Gap(Evidence at, String because) {}

  /**
   * A reservation that failed, and who held the space then.
   *
   * @param flags block group flags of the space_info that had no room
   * @param bytes what was asked for
   * @param how "ticket", "reservation" or "all tickets"
   * @param sentence the situation in one or two sentences
   * @param holders who had the space promised, greatest first
   */
  public record EnospcMoment(
      Evidence at, long timeNanos, int flags, String task, long bytes, String how, String sentence,
      List<Holder> holders) {
    public EnospcMoment {
      holders = List.copyOf(holders);
    }
  }

  /**
   * @param kind "inode", "transaction", "pool", "task"
   * @param name such as "inode 257 of root 5"
   */
  public record Holder(String kind, String name, long bytes) {}

  /**
   * Something in the ledger that a correct kernel does not do, or that explains an ENOSPC.
   *
   * @param kind kebab-case, the pattern of the finding: leaked-reservation, double-release, negative-balance,
   *     ticket-starvation, flush-storm, premature-enospc, enospc-explained
   * @param pool reservation pool concerned, "" if none
   * @param root -1 if unknown
   * @param owner inode or transaction, -1 if none
   * @param amount bytes, or nanoseconds for a wait
   * @param certain the recorded events prove it; false if it rests on an assumption that {@code because} names
   * @param numbers further figures by name
   * @param evidence first and last actor at least
   */
  public record Anomaly(
      String kind,
      String pool,
      long root,
      long owner,
      long amount,
      boolean certain,
      String because,
      Map<String, Long> numbers,
      List<Evidence> evidence) {
    public Anomaly {
      evidence = List.copyOf(evidence);
    }
  }

  /** Least, last and greatest value of a counter. */
  public record Range(long first, long last, long max) {}

  /**
   * @param flags block group flags: 1 data, 2 system, 4 metadata, 5 mixed
   * @param anchored true if absolute values are known, false if they count from the first event
   */
  public record SpaceInfo(int flags, String name, boolean anchored, Range mayUse, Range pinned) {}

  /**
   * @param type reservation pool as the kernel prints it: delalloc, delayed_inode, transaction, ...
   * @param consumed bytes used for tree blocks, where the era's events tell
   * @param migrated bytes moved to another pool
   * @param outstanding reserved minus everything that left
   * @param highWater greatest outstanding
   */
  public record Pool(
      String type, long reserved, long released, long consumed, long migrated, long outstanding, long highWater) {}

  /**
   * @param waitNanos quantiles p50, p90, p99, max in nanoseconds, empty if the clock does not allow it
   */
  public record Tickets(long count, long failed, long interrupted, List<Long> waitNanos) {}

  /**
   * Flush steps of one state.
   *
   * @param askedForAll steps that were to give back all there is (U64_MAX); {@code bytesAsked} adds up the others
   */
  public record Flush(
      String state, long count, long failed, long bytesAsked, long askedForAll, long bytesReclaimed) {}

  /**
   * How each completion of ordered I/O got the metadata for its inode update. Terms of the two machines before and
   * after "Btrfs: fix our reservations for updating an inode when completing io".
   *
   * @param completions ordered and inline completions seen
   * @param alreadyDirty the delayed node was dirty: nothing needed
   * @param handedOver unit reserved at delalloc time and handed over
   * @param withoutEntitlement unit taken from the delalloc reserve although nobody had reserved it
   * @param onDemand reserved on the spot
   * @param stolenFromDelalloc taken from the delalloc reserve after the reservation on the spot failed (fixed code)
   * @param stolenFromGlobal taken from the global reserve (with a WARN)
   * @param failed ended in -ENOSPC
   * @param directUpdate inode item written directly after -ENOSPC; these are counted in {@code failed}, too
   * @param noUpdate the inode was not updated at all (preallocated extent inside the file, truncated extent)
   * @param undecided the recorded events cannot tell
   * @param rules which rules these are, how sure that is, who came short
   * @param whatIf the same under the other rules, null inside it
   */
  public record InodeUnits(
      long completions,
      long alreadyDirty,
      long handedOver,
      long withoutEntitlement,
      long withoutEntitlementBytes,
      long onDemand,
      long stolenFromDelalloc,
      long stolenFromGlobal,
      long failed,
      long directUpdate,
      long noUpdate,
      long undecided,
      InodeUnitRules rules,
      InodeUnits whatIf) {}

  /** The rules by which a kernel pays for the inode update of a completion. */
  public enum UnitRules {
    /** One delalloc bucket, no unit reserved for the inode: a completion takes it from the bucket. */
    BEFORE_FIX("before the fix"),
    /** One delalloc bucket; the unit is reserved at write time and handed over (3.2 to 4.14). */
    AFTER_FIX("after the fix"),
    /** Every inode has its own delalloc reserve that holds its unit (4.15 on). */
    PER_INODE("per-inode reserve"),
    /** Nothing in the capture decides it. */
    UNKNOWN("unknown");

    private final String text;

    UnitRules(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Which rules counted {@link InodeUnits}, and what followed from them for the delalloc reserve.
   *
   * @param certain the capture itself proves the rules; false for a what-if and where only amounts suggest them
   * @param because what they were decided from, in sentences
   * @param inodes inodes whose completions took a unit without entitlement, stole one, or failed
   * @param peakShortage greatest number of bytes by which the delalloc reserve fell short of what was promised from it
   * @param peakShortageAt event at which it was reached, null if there was none
   * @param victims inodes with promises open while the reserve was short, most affected first
   * @param firstFailure first completion that failed, in a what-if: that would have failed; null if none
   * @param fromCalls the completions were read from recorded function calls, not from trace events: inodes have no number
   */
  public record InodeUnitRules(
      UnitRules rules,
      boolean certain,
      List<String> because,
      long inodes,
      long peakShortage,
      Evidence peakShortageAt,
      List<UnitVictim> victims,
      InodeUnitEvent firstFailure,
      boolean fromCalls) {
    public static final InodeUnitRules UNKNOWN =
        new InodeUnitRules(UnitRules.UNKNOWN, false, List.of(), 0, 0, null, List.of(), null);

    /** Read from trace events. */
    public InodeUnitRules(
        UnitRules rules, boolean certain, List<String> because, long inodes, long peakShortage, Evidence peakShortageAt,
        List<UnitVictim> victims, InodeUnitEvent firstFailure) {
      this(rules, certain, because, inodes, peakShortage, peakShortageAt, victims, firstFailure, false);
    }

    public InodeUnitRules {
      because = List.copyOf(because);
      victims = List.copyOf(victims);
    }
  }

  /**
   * An inode whose reservation stood in a bucket that others emptied.
   *
   * @param promised bytes that were reserved for it when the shortage was greatest for it
   * @param shortage bytes that the bucket lacked at that moment
   */
  public record UnitVictim(long ino, long promised, long shortage, long timeNanos) {}

  /**
   * A completion worth showing: one that took, fell back, stole or failed.
   *
   * @param outcome name of the component of {@link InodeUnits} that counted it
   * @param root -1 if unknown
   * @param timeNanos trace clock
   */
  public record InodeUnitEvent(
      String outcome, long root, long ino, long bytes, String task, long timeNanos, Evidence evidence) {}

  /** A replayed value compared with what the kernel printed. {@code undecided} never counts as a match. */
  public record Check(String name, long compared, long mismatches, long undecided, Evidence firstMismatch, String detail) {}

  /**
   * A counter over time, thinned while it was recorded: at most a few thousand points, each bucket keeping its least
   * and greatest value.
   *
   * @param group "space_info", "pool", "inode" or "what-if"
   * @param name legend text
   * @param unit "bytes" or "count"
   * @param timesNanos ascending, on the trace clock
   */
  public record Series(String group, String name, String unit, long[] timesNanos, long[] values, List<Mark> marks) {}

  /** A moment worth marking in a series. */
  public record Mark(long timeNanos, String kind) {}
}
