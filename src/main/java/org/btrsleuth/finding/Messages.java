package org.btrsleuth.finding;

import java.util.List;
import java.util.Set;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.source.Evidence;

/** Finds texts and kinds of reports in log records. */
final class Messages {
  private Messages() {}

  /** First line that matches {@code glob}, or null. */
  static Evidence find(String glob, List<LogRecord> records) {
    for (LogRecord record : records) {
      if (NamePattern.globMatches(glob, record.at().text())) {
        return record.at();
      }
      if (record instanceof LogRecord.BtrfsMessage message && NamePattern.globMatches(glob, message.text())) {
        return record.at();
      }
      if (record instanceof LogRecord.Splat splat
          && splat.messages().stream().anyMatch(text -> NamePattern.globMatches(glob, text))) {
        return record.at();
      }
    }
    return null;
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
