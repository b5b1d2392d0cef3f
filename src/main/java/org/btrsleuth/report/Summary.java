package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.Region;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.FileSystem;

/** Sentences on an analysis as a whole, shared by the formats. */
final class Summary {
  private Summary() {}

  /** Headline of a report without findings. It claims no more than that nothing was found in what was read. */
  static String nothingFound(Analysis analysis) {
    return recognisedNothing(analysis)
        ? "NOTHING RECOGNISED: the input holds no trace, kernel log or stack that btrsleuth can read"
        : "NOTHING FOUND: no defect that btrsleuth knows shows in this input";
  }

  /** What the absence of findings rests on. */
  static List<String> basis(Analysis analysis) {
    List<String> sentences = new ArrayList<>();
    if (recognisedNothing(analysis)) {
      sentences.add(
          "It reads tracefs trace text, kernel logs (dmesg, journal, serial console), /proc/PID/stack listings and"
              + " sysrq dumps. 'btrsleuth capture' prints what to record; --input-format overrides detection.");
      return sentences;
    }
    long tasks = analysis.incident().tasks().size();
    long events = records(analysis, Format.FTRACE) + records(analysis, Format.RSV_PROBE_CSV);
    long lines = analysis.incident().inputs().stream().mapToLong(InputSummary::lines).sum();
    long logRecords = analysis.incident().records().size();
    sentences.add(
        "Looked at " + Words.count(lines, "line") + ": " + Words.count(events, "trace event") + ", "
            + Words.count(tasks, "task stack") + " and "
            + Words.count(logRecords, "kernel log record") + ".");
    if (tasks == 0) {
      sentences.add(
          "No stack of a blocked task is in the input, so a hang could not be seen; 'btrsleuth capture hang' prints"
              + " what to record.");
    }
    if (analysis.replay().fileSystems().isEmpty()) {
      sentences.add(
          "No reservation events are in the input, so reservations could not be replayed; 'btrsleuth capture enospc'"
              + " prints what to record.");
    } else {
      sentences.add(checks(analysis));
    }
    return sentences;
  }

  /** How far the replay agrees with the kernel's own counters. */
  static String checks(Analysis analysis) {
    long compared = 0;
    long mismatches = 0;
    long undecided = 0;
    for (FileSystem fs : analysis.replay().fileSystems()) {
      for (Check check : fs.checks()) {
        compared += check.compared();
        mismatches += check.mismatches();
        undecided += check.undecided();
      }
    }
    return compared == 0
        ? "Reservations were replayed; the capture prints no counter to check the replay against."
        : "Reservations were replayed and compared with the kernel's own counters " + Words.count(compared, "time")
            + ": " + Words.count(mismatches) + (mismatches == 1 ? " mismatch, " : " mismatches, ")
            + Words.count(undecided) + " undecided.";
  }

  private static boolean recognisedNothing(Analysis analysis) {
    return analysis.incident().inputs().stream()
        .flatMap(input -> input.regions().stream())
        .noneMatch(Region::recognised);
  }

  static long records(Analysis analysis, Format format) {
    long n = 0;
    for (InputSummary input : analysis.incident().inputs()) {
      for (Region region : input.regions()) {
        n += region.format() == format ? region.records() : 0;
      }
    }
    return n;
  }

  /** Records per format of one input, in order of appearance. */
  static Map<Format, Long> recordsByFormat(InputSummary input) {
    Map<Format, Long> counts = new LinkedHashMap<>();
    for (Region region : input.regions()) {
      counts.merge(region.format(), region.records(), Long::sum);
    }
    return counts;
  }

  /** What the records of a format are called. */
  static String noun(Format format) {
    return switch (format) {
      case FTRACE -> "event";
      case KERNEL_LOG -> "log record";
      case PROC_STACK -> "stack";
      case RSV_PROBE_CSV -> "probe row";
      default -> "line";
    };
  }
}
