package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.MatchedFix;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.log.LogRecord.BlockRsvReturned;
import org.btrsleuth.log.LogRecord.BtrfsError;
import org.btrsleuth.log.LogRecord.Splat;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;

/**
 * What a kernel log alone says of missing inode reservations. It can show that a completion failed for want of metadata,
 * never whether the unit had been reserved: other defects end the same way. So nothing here is certain, and kernels whose
 * inodes have their own reserve (4.15 on) are left out.
 */
final class InodeUnitLog {
  private static final String COMPLETION = "btrfs_finish_ordered_io";
  private static final Set<String> DELAYED_INODE =
      Set.of("btrfs_delayed_inode_reserve_metadata", "btrfs_delayed_update_inode");
  private static final Set<String> TREE_BLOCK = Set.of("btrfs_alloc_free_block", "btrfs_alloc_tree_block", "use_block_rsv");
  private static final int ENOSPC = -28;
  /** The message stands right before its WARN in 3.x and inside of it later. */
  private static final int NEAR_LINES = 6;
  private static final KernelVersion HAS_FIX = new KernelVersion(3, 2, 0, "3.2");
  /** From here on a refused unit leads to a direct update, never to an abort. */
  private static final KernelVersion NO_STEALING = new KernelVersion(4, 8, 0, "4.8");

  private final Incident incident;
  private final List<Evidence> bugs = new ArrayList<>();
  private final List<Evidence> aborts = new ArrayList<>();
  private final List<Evidence> blocks = new ArrayList<>();
  private final List<Evidence> stolen = new ArrayList<>();
  private boolean direct;

  private InodeUnitLog(Incident incident) {
    this.incident = incident;
  }

  static void addFindings(Incident incident, List<MatchedFix> fixes, List<Finding> findings) {
    KernelVersion kernel = incident.kernel();
    if (kernel != null && kernel.compareTo(NO_STEALING) >= 0) {
      return;
    }
    InodeUnitLog log = new InodeUnitLog(incident);
    log.collect(kernel != null);
    if (log.bugs.size() + log.aborts.size() + log.blocks.size() > 0) {
      findings.add(log.missing(fixes));
    }
    if (!log.stolen.isEmpty()) {
      findings.add(log.stolen());
    }
  }

  private void collect(boolean kernelKnown) {
    for (LogRecord record : incident.records()) {
      if (record instanceof Splat splat) {
        splat(splat, kernelKnown);
      } else if (record instanceof BtrfsError error
          && kernelKnown
          && error.errno() == ENOSPC
          && error.function().equals(COMPLETION)) {
        aborts.add(error.at());
      }
    }
  }

  private void splat(Splat splat, boolean kernelKnown) {
    boolean inCompletion = splat.function().equals(COMPLETION) || onStack(splat, COMPLETION);
    if (splat.kind().equals("bug") && splat.function().equals(COMPLETION)) {
      bugs.add(splat.at());
    } else if (splat.kind().equals("warning") && inCompletion) {
      if (DELAYED_INODE.contains(splat.function())) {
        stolen.add(splat.at());
      } else if (TREE_BLOCK.contains(splat.function()) && rsvReturned(splat)) {
        blocks.add(splat.at());
        direct |= onStack(splat, "btrfs_update_inode_fallback");
      } else if (kernelKnown && splat.function().endsWith("btrfs_abort_transaction") && enospcReported()) {
        aborts.add(splat.at());
      }
    }
  }

  /** 3.x prints no error number with the abort: the message of the function that aborted tells it. */
  private boolean enospcReported() {
    return incident.records().stream()
        .filter(r -> r instanceof BtrfsError)
        .map(r -> (BtrfsError) r)
        .filter(e -> e.function().equals(COMPLETION))
        .anyMatch(e -> e.errno() == ENOSPC);
  }

  private boolean rsvReturned(Splat splat) {
    return incident.records().stream()
        .anyMatch(
            r ->
                r instanceof BlockRsvReturned returned
                    && returned.errno() == ENOSPC
                    && returned.at().path().equals(splat.at().path())
                    && Math.abs(returned.at().line() - splat.at().line()) <= NEAR_LINES);
  }

  /** Frames that the unwinder only guesses prove nothing. */
  private static boolean onStack(Splat splat, String function) {
    if (splat.task() == null) {
      return false;
    }
    for (Frame frame : splat.task().frames()) {
      if (frame.reliable() && frame.function().equals(function)) {
        return true;
      }
    }
    return false;
  }

  private Finding missing(List<MatchedFix> fixes) {
    KernelVersion kernel = incident.kernel();
    boolean mayLackFix = kernel != null && kernel.compareTo(HAS_FIX) < 0;
    boolean failed = bugs.size() + aborts.size() > 0;
    FindingBuilder b = new FindingBuilder();
    b.pattern = InodeUnitFindings.MISSING;
    b.mechanism.add("delalloc reserve without inode unit");
    b.severity = failed ? Severity.ERROR : Severity.WARNING;
    b.confidence = mayLackFix && failed ? Confidence.LIKELY : Confidence.POSSIBLE;
    b.fixes.addAll(fixes);
    b.title =
        failed
            ? "A completion found no metadata for its inode update"
            : "Completions ran out of the metadata that was reserved for their data";
    b.summary =
        (bugs.isEmpty()
                ? aborts.isEmpty()
                    ? "The delalloc reserve could not pay a tree block of a completion."
                    : "A completion of ordered I/O failed with ENOSPC and the transaction was aborted."
                : "The worker that completes ordered I/O died in btrfs_finish_ordered_io.")
            + " That is how it ends when nobody reserves metadata for the inode update at the end of I/O and completions take"
            + " it from the delalloc reserve until that is empty. The log does not show reservations, so it cannot tell this"
            + " cause from another one.";
    bugs.forEach(e -> b.certain.add("BUG in btrfs_finish_ordered_io (" + e.location() + ")."));
    aborts.stream().limit(3).forEach(e -> b.certain.add("ENOSPC in btrfs_finish_ordered_io (" + e.location() + ")."));
    blocks.stream()
        .limit(3)
        .forEach(e -> b.certain.add("'block rsv returned -28' for a tree block of a completion (" + e.location() + ")."));
    if (direct) {
      b.inferred.add("A completion was writing its inode item directly then (btrfs_update_inode_fallback): its delayed update"
          + " had no metadata.");
    }
    if (!bugs.isEmpty()) {
      b.inferred.add("That the BUG is the one on a failed inode update: the function has others, the source line tells.");
    }
    b.inferred.add(
        mayLackFix
            ? "Kernel " + kernel + " is older than the fix."
            : kernel == null
                ? "The kernel is unknown; only one without the fix does this."
                : "Kernel " + kernel + " should have the fix, which is in 3.2: only a kernel without it does this, other defects"
                    + " that exhaust the reserve of a completion look alike.");
    b.evidence.addAll(bugs);
    b.evidence.addAll(aborts);
    b.evidence.addAll(blocks);
    b.nextSteps.add("Record btrfs:btrfs_space_reservation and btrfs:btrfs_ordered_extent_* from mount: the replay then tells for"
        + " every completion whether its unit was reserved.");
    b.nextSteps.add("Check that the kernel's source has the fix (delalloc_meta_reserved in btrfs_inode.h).");
    b.numbers.put("failed", (long) Math.max(bugs.size(), aborts.isEmpty() ? 0 : 1));
    b.numbers.put("blockRsvReturned", (long) blocks.size());
    return b.build();
  }

  private Finding stolen() {
    FindingBuilder b = new FindingBuilder();
    b.pattern = InodeUnitFindings.STOLEN;
    b.mechanism.add("inode unit stolen after a refused reservation");
    b.severity = Severity.WARNING;
    b.confidence = Confidence.LIKELY;
    b.title = "A completion took its inode update's metadata from the global reserve";
    b.summary =
        "The WARN in the delayed inode code stands where a completion could neither reserve a unit nor take one from the"
            + " delalloc reserve and falls back to the global reserve. Only kernels that have the fix of the missing inode"
            + " reservation contain it; metadata space is exhausted.";
    stolen.forEach(e -> b.certain.add("WARN in the delayed inode reservation of a completion (" + e.location() + ")."));
    b.inferred.add("That the WARN is the one before the global reserve is used: the source line tells.");
    b.evidence.addAll(stolen);
    b.nextSteps.add("Free or add metadata space; record btrfs:btrfs_space_reservation to see who holds it.");
    b.numbers.put("warnings", (long) stolen.size());
    return b.build();
  }
}
