package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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

  /** Reports after which the task, or the kernel, is no more. */
  private static final Set<String> CRASHES = Set.of("oops", "bug", "panic", "assertion");

  /** What prints reports, assertions and warnings of the kernel: says nothing of where things went wrong. */
  private static final Pattern TELLS =
      Pattern.compile(
          "(btrfs_)?assert?fail|dump_stack(_lvl)?|__dump_stack|show_stack|dump_backtrace|print_report|kasan_report.*|__warn"
              + "|__warn_printk|warn_slowpath_.*|report_bug|handle_bug|do_error_trap|panic|oops_exit|oops_end"
              + "|___might_sleep|__might_sleep|__might_resched|ubsan_epilogue|__ubsan_handle_.*|refcount_warn_saturate"
              + "|__list_(add|del_entry)_valid(_or_report)?|fortify_panic|__fortify_report|nmi_.*backtrace.*"
              + "|rcu_dump_cpu_stacks|rcu_sched_clock_irq|register_lock_class|__?lock_acquire.*|_raw_spin_lock.*|update_process_times|tick_sched_.*|__?hrtimer_.*|hrtimer_interrupt"
              + "|(__)?sysvec_.*|asm_.*|exc_.*|.*smp_apic_timer_interrupt|apic_timer_interrupt");

  private final Incident incident;
  private final SeenRecords records;
  private final Knowledge knowledge;

  ReportFindings(Incident incident, SeenRecords records, Knowledge knowledge) {
    this.knowledge = knowledge;
    this.incident = incident;
    this.records = records;
  }

  /**
   * @param explained true if a known bug explains the main report: then only aborts are told beside it
   * @param order true if that bug is a lock order that lockdep warned of: it stopped nothing, so a crash is told, too
   */
  List<Finding> all(boolean explained, boolean order) {
    List<Finding> findings = new ArrayList<>();
    if (!records.aborts().isEmpty()) {
      findings.add(aborted());
    }
    if (!explained) {
      lockdep(findings);
      if (records.aborts().isEmpty()) {
        splats(records.splats(), findings);
      }
    } else if (order) {
      splats(records.splats().stream().filter(splat -> CRASHES.contains(splat.kind())).toList(), findings);
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

  private void lockdep(List<Finding> findings) {
    List<LogRecord.Lockdep> reports = new ArrayList<>();
    for (LogRecord record : incident.records()) {
      if (record instanceof LogRecord.Lockdep report) {
        reports.add(report);
      }
    }
    if (reports.stream().anyMatch(report -> !report.kind().equals("other"))) {
      findings.add(lockOrder());
    } else if (!reports.isEmpty()) {
      findings.add(misuse(reports));
    }
  }

  /** What lockdep says of a single lock, not of an order: unlocked twice, never initialised, RCU. */
  private static Finding misuse(List<LogRecord.Lockdep> reports) {
    LogRecord.Lockdep first = reports.get(0);
    FindingBuilder finding = new FindingBuilder();
    finding.pattern = "lockdep-report";
    finding.severity = Severity.WARNING;
    finding.confidence = Confidence.CERTAIN;
    String said = first.at().text().replaceFirst("^.*?((WARNING|INFO|BUG): |\\[ (INFO|BUG): )", "").replaceFirst("[ .\\]]+$", "");
    finding.title = "lockdep reported: " + said;
    finding.summary = "No known bug explains this report. It says that a lock is used wrongly, not that anything hangs.";
    finding.mechanism.add(said);
    if (first.task() != null) {
      finding.explanation.add(cameFrom(first.task().frames()));
    }
    reports.forEach(report -> finding.evidence.add(report.at()));
    finding.certain.add(said);
    finding.nextSteps.add("Report it to linux-btrfs with the whole text from its headline on.");
    return finding.build();
  }

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

  private static void splats(List<LogRecord.Splat> reported, List<Finding> findings) {
    Map<String, List<LogRecord.Splat>> byPlace = new LinkedHashMap<>();
    for (LogRecord.Splat splat : reported) {
      byPlace.computeIfAbsent(splat.kind() + " in " + place(splat), p -> new ArrayList<>()).add(splat);
    }
    byPlace.forEach((place, splats) -> findings.add(splat(place, splats)));
  }

  /** Where it happened: not in the function that tells about it, but in the one that called it. */
  private static String place(LogRecord.Splat splat) {
    if (!splat.function().isEmpty() && !TELLS.matcher(splat.function()).matches()) {
      return splat.function();
    }
    return SeenRecords.frames(splat).stream()
        .filter(Frame::reliable)
        .map(Frame::function)
        .filter(function -> !TELLS.matcher(function).matches())
        .findFirst()
        .orElse("an unknown function");
  }

  private static String article(String noun) {
    return "aeio".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ";
  }

  private static Finding splat(String place, List<LogRecord.Splat> splats) {
    LogRecord.Splat first = splats.get(0);
    FindingBuilder finding = new FindingBuilder();
    boolean mild = Set.of("warning", "kcsan", "ubsan", "sleeping-in-atomic", "rcu-stall").contains(first.kind());
    finding.pattern = "kernel-report-" + first.kind().replaceAll("[^a-z0-9]+", "-");
    finding.severity = mild ? Severity.WARNING : Severity.ERROR;
    finding.confidence = Confidence.CERTAIN;
    finding.title = "The kernel reported " + article(place) + place + (splats.size() > 1 ? ", " + splats.size() + " times" : "");
    finding.summary = "No known bug explains this report. What it says about the task that printed it is certain, its cause is not.";
    finding.mechanism.add(place);
    for (LogRecord.Splat splat : splats) {
      finding.evidence.add(splat.at());
    }
    List<Frame> frames = SeenRecords.frames(first);
    if (!frames.isEmpty()) {
      finding.explanation.add(cameFrom(frames));
    }
    finding.certain.add(place);
    return finding.build();
  }

  private static String cameFrom(List<Frame> frames) {
    List<String> names = frames.stream().filter(Frame::reliable).map(Frame::function).distinct().toList();
    List<String> telling = names.stream().filter(name -> !TELLS.matcher(name).matches()).limit(FRAMES).toList();
    return "It came from " + String.join(" < ", telling.isEmpty() ? names.stream().limit(FRAMES).toList() : telling) + ".";
  }

  private static String join(Set<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
