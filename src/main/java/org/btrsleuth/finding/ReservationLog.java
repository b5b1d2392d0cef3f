package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.log.LogRecord;

/**
 * What the kernel log alone says about reservations: the WARNs by which the kernel notices a reserve or a counter that
 * is not empty when the inode or the file system goes away.
 */
final class ReservationLog {
  /** btrfs_destroy_inode: WARN_ON of block_rsv, outstanding_extents, csum_bytes; also of other things of the inode. */
  private static final Set<String> AT_INODE_END = Set.of("btrfs_destroy_inode");

  /** btrfs_release_global_block_rsv, btrfs_free_block_groups and helpers: reserves or space_info counters left. */
  private static final Set<String> AT_UNMOUNT =
      Set.of("btrfs_release_global_block_rsv", "btrfs_free_block_groups", "release_global_block_rsv",
          "check_removing_space_info");

  private ReservationLog() {}

  static void addFindings(Incident incident, List<Finding> findings) {
    negative(incident, findings);
    List<LogRecord.Splat> left = new ArrayList<>();
    for (LogRecord record : incident.records()) {
      if (record instanceof LogRecord.Splat splat
          && splat.kind().equals("warning")
          && (AT_INODE_END.contains(splat.function()) || AT_UNMOUNT.contains(splat.function()))) {
        left.add(splat);
      }
    }
    if (left.isEmpty()) {
      return;
    }
    FindingBuilder b = new FindingBuilder();
    b.pattern = "leaked-reservation";
    b.severity = Severity.WARNING;
    b.confidence = Confidence.POSSIBLE;
    b.title = "The kernel found counters that were not empty at the end (" + left.size() + (left.size() == 1 ? " warning)" : " warnings)");
    b.summary =
        "When an inode or the file system goes away its reserves must be empty. The kernel warned that something was left; the "
            + "log alone does not tell whether it was reserved bytes or another counter of the same function.";
    for (LogRecord.Splat splat : left) {
      b.mechanism.add(splat.function());
      b.evidence.add(splat.at());
      b.certain.add("A WARN in " + splat.function() + ".");
    }
    b.inferred.add("That it was a reservation: the function checks several counters, the line number tells which in the source.");
    b.nextSteps.add("Compare the line number with the kernel's source, and record 'btrsleuth capture enospc' until unmount.");
    b.numbers.put("warnings", (long) left.size());
    findings.add(b.build());
  }

  /**
   * Counters below zero: dumps that print them as such, and the only WARN of space-info.h, which is where the update of a
   * counter finds less than it takes (DECLARE_SPACE_INFO_UPDATE, 5.3 on).
   */
  private static void negative(Incident incident, List<Finding> findings) {
    FindingBuilder b = new FindingBuilder();
    for (LogRecord record : incident.records()) {
      if (record instanceof LogRecord.SpaceInfoDump dump) {
        dump.values().forEach(
            (name, value) -> {
              if (value < 0) {
                b.certain.add("The kernel printed " + name + " of " + space(dump) + " as " + value + " bytes.");
                b.mechanism.add(name);
                b.evidence.add(dump.at());
              }
            });
      } else if (record instanceof LogRecord.Splat splat
          && splat.kind().equals("warning")
          && splat.file().endsWith("fs/btrfs/space-info.h")) {
        b.certain.add("A WARN in " + splat.function() + " at the update of a space_info counter.");
        b.mechanism.add(splat.function());
        b.evidence.add(splat.at());
      }
    }
    if (b.evidence.isEmpty()) {
      return;
    }
    b.pattern = "negative-balance";
    b.severity = Severity.ERROR;
    b.confidence = Confidence.LIKELY;
    b.title = "A space counter fell below zero";
    b.summary =
        "More was taken from a counter of a space_info than it held: the same bytes were given back twice, or given back "
            + "without having been reserved.";
    b.inferred.add("That no other defect, such as damaged memory, changed the counter.");
    b.nextSteps.add("Record 'btrsleuth capture enospc' from mount on: the trace shows which release comes twice.");
    findings.add(b.build());
  }

  private static String space(LogRecord.SpaceInfoDump dump) {
    return dump.name().isEmpty() ? "the space_info with flags " + dump.flags() : dump.name();
  }
}
