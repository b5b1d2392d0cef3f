package org.btrsleuth.finding;

import java.util.List;
import java.util.Set;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.source.Evidence;

/** Finds texts and kinds of reports in log records. */
final class Messages {
  private Messages() {}

  /** First line that matches {@code glob}, if at least {@code times} records do, else null. */
  static Evidence find(String glob, int times, List<LogRecord> records) {
    Evidence first = null;
    int found = 0;
    for (LogRecord record : records) {
      if (matches(glob, record)) {
        first = first == null ? record.at() : first;
        if (++found == times) {
          return first;
        }
      }
    }
    return null;
  }

  private static boolean matches(String glob, LogRecord record) {
    return NamePattern.globMatches(glob, record.at().text())
        || record instanceof LogRecord.BtrfsMessage message && NamePattern.globMatches(glob, message.text())
        || record instanceof LogRecord.Splat splat
            && splat.messages().stream().anyMatch(text -> NamePattern.globMatches(glob, text));
  }

  /** Whether a report is of the kind that a pattern asks for; a BUG also prints itself as an oops, and so on. */
  static boolean sameReport(String asked, LogRecord.Splat splat) {
    boolean atomic = asked.equals("sleeping-in-atomic") && splat.at().text().contains("scheduling while atomic");
    return asked.equals("any")
        || atomic
        || asked.equals(splat.kind())
        || Set.of("bug", "oops", "assertion", "panic").containsAll(List.of(asked, splat.kind()));
  }
}
