package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.Bytes;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.replay.ReplayReport.EnospcMoment;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.Holder;

/** Findings from the reservation ledger: one per file system and pattern, with every occurrence as evidence. */
public final class ReservationFindings {
  private static final long METADATA = 4;
  private static final int MOST_EXPLAINED = 12;
  private static final int MOST_EVIDENCE = 24;

  private ReservationFindings() {}

  public static List<Finding> of(ReplayReport replay, Incident incident) {
    List<Finding> findings = new ArrayList<>();
    for (FileSystem fs : replay.fileSystems()) {
      Map<String, List<Anomaly>> byKind = new LinkedHashMap<>();
      for (Anomaly anomaly : fs.anomalies()) {
        byKind.computeIfAbsent(anomaly.kind(), k -> new ArrayList<>()).add(anomaly);
      }
      byKind.forEach((kind, anomalies) -> findings.add(finding(fs, kind, anomalies)));
    }
    ReservationLog.addFindings(incident, findings);
    return findings;
  }

  private static Finding finding(FileSystem fs, String kind, List<Anomaly> found) {
    List<Anomaly> anomalies = new ArrayList<>(found);
    if (kind.equals("enospc-explained")) {
      // Metadata first: its failures hurt more than a full data space_info.
      anomalies.sort(Comparator.comparing((Anomaly a) -> a.owner() % 8 < METADATA));
    }
    FindingBuilder b = new FindingBuilder();
    b.pattern = kind;
    for (Anomaly a : anomalies) {
      (a.certain() ? b.certain : b.inferred).add(a.because());
      if (b.explanation.size() < MOST_EXPLAINED) {
        b.explanation.add(a.because());
      }
      if (b.evidence.size() < MOST_EVIDENCE) {
        b.evidence.addAll(a.evidence());
      }
      b.mechanism.add(a.pool());
    }
    boolean proven = anomalies.stream().allMatch(Anomaly::certain);
    boolean gaps = !fs.gaps().isEmpty();
    b.confidence = proven && !gaps ? Confidence.CERTAIN : Confidence.LIKELY;
    if (gaps) {
      b.inferred.add(
          "Events are missing in " + fs.gaps().size() + " places of this capture; only what lies between them was used.");
    }
    numbers(b, anomalies);
    describe(fs, kind, anomalies, b);
    return b.build();
  }

  private static void numbers(FindingBuilder b, List<Anomaly> anomalies) {
    // Figures of different occurrences must not be mixed: they are those of the first.
    b.numbers.putAll(anomalies.get(0).numbers());
    b.numbers.put("occurrences", (long) anomalies.size());
  }

  private static void describe(FileSystem fs, String kind, List<Anomaly> anomalies, FindingBuilder b) {
    long total = anomalies.stream().mapToLong(Anomaly::amount).sum();
    switch (kind) {
      case "leaked-reservation" -> {
        b.severity = Severity.ERROR;
        b.title = Bytes.text(total) + " of reservations were never given back (" + inodes(anomalies) + ")";
        b.summary =
            "Inodes with nothing outstanding still hold reserved metadata: more was reserved for them than was released, "
                + "consumed by tree blocks or handed to their delayed items. The space stays promised to nobody until the "
                + "inode leaves memory.";
        b.numbers.put("bytesLeaked", total);
        step(b, fs);
      }
      case "double-release" -> {
        b.severity = Severity.ERROR;
        b.title = Bytes.text(total) + " of reservations were given back twice (" + inodes(anomalies) + ")";
        b.summary =
            "Inodes with nothing outstanding have released more than was reserved for them, so they gave away what others "
                + "had reserved.";
        b.numbers.put("bytesReleasedTwice", total);
        step(b, fs);
      }
      case "negative-balance" -> {
        b.severity = Severity.ERROR;
        b.title = "A space counter fell below zero: " + anomalies.get(0).because();
        b.summary =
            "More was given back than was held. Where that is a counter of a space_info, the kernel warns and sets it to zero; "
                + "from then on it promises more than there is. Something before this line gave back the same bytes twice.";
        b.nextSteps.add(
            "Look for a double release before the first line; the kernel log has the stack of the warning at that time.");
      }
      case "ticket-starvation" -> {
        b.severity = Severity.WARNING;
        b.title = "Reservations waited up to " + anomalies.stream().mapToLong(Anomaly::amount).max().orElse(0) / 1_000_000
            + " ms while later ones were served";
        b.summary = "Tasks waited for a metadata or data ticket while many requests that came after them were granted.";
        b.nextSteps.add("Record btrfs:btrfs_flush_space and btrfs:btrfs_reserve_ticket with trace_clock mono.");
      }
      case "flush-storm" -> {
        Anomaly first = anomalies.get(0);
        boolean full = anomalies.stream().allMatch(a -> a.numbers().containsKey("reclaimableBytes"));
        b.severity = full ? Severity.INFO : Severity.WARNING;
        b.title = (full ? "Flushing could not help: " : "Flushing ran in circles: ") + first.because();
        b.summary =
            "The reclaim worker went through all its steps again and again, transaction commits included, without giving any "
                + "space back."
                + (full
                    ? " Nothing could have: when it gave up, requests for " + Bytes.text(first.numbers().get("wantedBytes"))
                        + " waited, and free, pinned and promised bytes together were "
                        + Bytes.text(first.numbers().get("reclaimableBytes")) + ". There was not that much to give back."
                    : " The requests behind it wait or fail however often it tries.");
        b.nextSteps.add("Compare free and promised bytes: btrfs filesystem usage; balance or add space if data holds all chunks.");
      }
      case "premature-enospc" -> {
        b.severity = Severity.WARNING;
        b.confidence = Confidence.LIKELY;
        b.title = "ENOSPC although the space_info had room";
        b.summary = anomalies.get(0).because();
        b.nextSteps.add("Record the same workload again with btrfs:update_bytes_may_use to see who was granted the space.");
      }
      default -> explained(fs, kind, anomalies, b);
    }
  }

  private static String inodes(List<Anomaly> anomalies) {
    return anomalies.size() + (anomalies.size() == 1 ? " inode" : " inodes");
  }

  private static void step(FindingBuilder b, FileSystem fs) {
    b.nextSteps.add("Look at the first and last line of each inode: the operation between them miscounts.");
    if (fs.checks().stream().noneMatch(c -> c.name().equals("bytes_may_use"))) {
      b.nextSteps.add("Record btrfs:update_bytes_may_use and btrfs:btrfs_cow_block as well, to attribute every tree block.");
    }
  }

  private static void explained(FileSystem fs, String kind, List<Anomaly> anomalies, FindingBuilder b) {
    b.severity = Severity.INFO;
    b.title = kind.equals("enospc-explained") ? "Why reservations failed with ENOSPC" : kind;
    b.summary = anomalies.get(0).because();
    if (anomalies.stream().anyMatch(a -> a.owner() % 8 >= METADATA)) {
      b.nextSteps.add(
          "See what is unallocated: btrfs filesystem usage. Metadata gets room when data gives up chunks (btrfs balance"
              + " start -dusage=10), when snapshots and files are deleted, or by another device");
    } else {
      b.nextSteps.add("See what is unallocated: btrfs filesystem usage. Delete files and the snapshots that hold them, or add a device");
    }
    for (EnospcMoment moment : fs.enospcMoments()) {
      if (b.explanation.size() < MOST_EXPLAINED && !moment.holders().isEmpty()) {
        StringBuilder line = new StringBuilder("Held at " + moment.at().location() + ":");
        for (Holder holder : moment.holders().subList(0, Math.min(3, moment.holders().size()))) {
          line.append(' ').append(holder.name()).append(' ').append(Bytes.text(holder.bytes())).append(';');
        }
        line.setLength(line.length() - 1);
        b.explanation.add(line.append('.').toString());
      }
    }
  }
}
