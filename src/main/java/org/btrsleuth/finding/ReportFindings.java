package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.replay.Bytes;
import org.btrsleuth.stack.Frame;

/**
 * What the kernel itself reported: aborted transactions, crashes, lockups, lock order reports. That it did is certain;
 * which bug it may be is another finding.
 */
final class ReportFindings {
  private static final int FRAMES = 4;
  private static final long ENOSPC = -28;

  private final Incident incident;
  private final SeenRecords records;
  private final Knowledge knowledge;

  ReportFindings(Incident incident, SeenRecords records, Knowledge knowledge) {
    this.knowledge = knowledge;
    this.incident = incident;
    this.records = records;
  }

  /** @param explained true if a known bug explains the main report: then only aborts are told beside it */
  List<Finding> all(boolean explained) {
    List<Finding> findings = new ArrayList<>();
    if (!records.aborts().isEmpty()) {
      findings.add(aborted());
    }
    if (!explained) {
      if (records.lockdep()) {
        findings.add(lockOrder());
      }
      if (records.aborts().isEmpty()) {
        splats(findings);
      }
    }
    return findings;
  }

  // ---- aborts ----

  private Finding aborted() {
    FindingBuilder finding = new FindingBuilder();
    Set<String> functions = new LinkedHashSet<>();
    Set<Integer> errors = new LinkedHashSet<>();
    for (SeenRecords.Abort abort : records.aborts()) {
      errors.add(abort.errno());
      finding.evidence.add(abort.at());
      if (!abort.frames().isEmpty()) {
        functions.add(abort.frames().get(0).function());
      }
    }
    boolean space = errors.iterator().next() == ENOSPC;
    finding.pattern = space ? "transaction-abort-enospc" : "transaction-abort";
    finding.severity = Severity.ERROR;
    finding.confidence = Confidence.CERTAIN;
    String where = functions.isEmpty() ? "" : " in " + String.join(", ", functions);
    finding.title = "The file system gave up a transaction with error " + join(errors) + where;
    finding.summary =
        space
            ? "Metadata space that had been promised was not there when it was needed. The file system went read-only to"
                + " stay consistent."
            : "An operation failed inside a transaction. The file system went read-only to stay consistent.";
    finding.mechanism.addAll(functions);
    finding.certain.add("error " + join(errors) + where);
    space(finding);
    finding.nextSteps.add(
        space
            ? "Look at 'btrfs filesystem usage': unallocated space and metadata. Record 'btrsleuth capture enospc' for a repeat."
            : "Look at the first error before the abort: it is the cause, later ones follow from it.");
    return finding.build();
  }

  /** Reads the space_info dumps that came with the abort. */
  private void space(FindingBuilder finding) {
    for (LogRecord record : incident.records()) {
      if (record instanceof LogRecord.SpaceInfoDump dump) {
        String name = dump.name().isEmpty() ? "block groups of type " + dump.flags() : dump.name();
        String free = dump.free() < 0 ? "overcommitted by " + Bytes.text(-dump.free()) : Bytes.text(dump.free()) + " free";
        finding.explanation.add(
            "Space of " + name + ": " + free + ", " + (dump.full() ? "no chunk can be added." : "chunks can be added."));
        finding.evidence.add(dump.at());
      } else if (record instanceof LogRecord.BlockRsvDump dump && dump.name().equals("global_block_rsv")) {
        long missing = dump.size() - dump.reserved();
        finding.explanation.add(
            "Global reserve: " + Bytes.text(dump.reserved()) + " of " + Bytes.text(dump.size())
                + (missing > 0 ? ", " + Bytes.text(missing) + " used up or never filled." : ", full."));
        finding.numbers.put("globalReserveMissingBytes", Math.max(0, missing));
        finding.evidence.add(dump.at());
      }
    }
  }

  // ---- lock order ----

  private Finding lockOrder() {
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = "lock-order-report";
    finding.severity = Severity.WARNING;
    finding.confidence = Confidence.POSSIBLE;
    finding.title = "Lock order report that no known bug explains: " + String.join(", ", records.locks().keySet());
    finding.summary =
        "lockdep saw these locks taken in an order that can end in a deadlock. It did not happen here, and the report may be"
            + " false if two of the locks can never be the same instance.";
    finding.mechanism.addAll(records.locks().keySet());
    records.locks().forEach(
        (name, lines) -> {
          finding.certain.add("lock class " + name + " is part of the order");
          finding.evidence.add(lines.get(0));
        });
    LockOrderText.add(finding, incident, knowledge, null);
    finding.nextSteps.add("Report it to linux-btrfs with the whole text from 'possible circular locking' on.");
    return finding.build();
  }

  // ---- crashes and warnings ----

  private void splats(List<Finding> findings) {
    Map<String, List<LogRecord.Splat>> byPlace = new LinkedHashMap<>();
    for (LogRecord.Splat splat : records.splats()) {
      byPlace.computeIfAbsent(splat.kind() + " in " + place(splat), p -> new ArrayList<>()).add(splat);
    }
    byPlace.forEach((place, splats) -> findings.add(splat(place, splats)));
  }

  private static String place(LogRecord.Splat splat) {
    List<Frame> frames = SeenRecords.frames(splat);
    return !splat.function().isEmpty() ? splat.function() : frames.isEmpty() ? "an unknown function" : frames.get(0).function();
  }

  private Finding splat(String place, List<LogRecord.Splat> splats) {
    LogRecord.Splat first = splats.get(0);
    FindingBuilder finding = new FindingBuilder();
    boolean mild = Set.of("warning", "kcsan", "ubsan", "sleeping-in-atomic", "rcu-stall").contains(first.kind());
    finding.pattern = "kernel-report-" + first.kind().replaceAll("[^a-z0-9]+", "-");
    finding.severity = mild ? Severity.WARNING : Severity.ERROR;
    finding.confidence = Confidence.CERTAIN;
    finding.title = "The kernel reported a " + place + (splats.size() > 1 ? ", " + splats.size() + " times" : "");
    finding.summary = "No known bug explains this report. What it says about the task that printed it is certain, its cause is not.";
    finding.mechanism.add(place);
    for (LogRecord.Splat splat : splats) {
      finding.evidence.add(splat.at());
    }
    List<Frame> frames = SeenRecords.frames(first);
    if (!frames.isEmpty()) {
      finding.explanation.add(
          "It came from "
              + frames.stream().filter(Frame::reliable).limit(FRAMES).map(Frame::function).collect(Collectors.joining(" < "))
              + ".");
    }
    finding.certain.add(place);
    return finding.build();
  }

  private static String join(Set<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
