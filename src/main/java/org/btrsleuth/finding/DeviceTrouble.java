package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.source.Evidence;

/**
 * What the kernel log says of failing devices: messages of the block layer and its drivers, and the counters that btrfs
 * keeps for each device (btrfs_dev_stat_inc_and_print), where they are not zero. It is the first thing to look at when
 * tasks wait for storage, and proves by itself neither that they do nor a bug of btrfs.
 */
final class DeviceTrouble {
  private static final int SHOWN = 2;

  /** {@code bdev /dev/sda3 errs: wr 1, rd 0, flush 0, corrupt 0, gen 0}: writes, reads, flushes. */
  private static final Pattern COUNTED = Pattern.compile("bdev .* errs: (?=.*(wr|rd|flush) [1-9])");

  private DeviceTrouble() {}

  static List<Evidence> of(Incident incident) {
    List<Evidence> lines = new ArrayList<>();
    for (LogRecord record : incident.records()) {
      boolean storage = record instanceof LogRecord.StorageMessage;
      boolean counted =
          record instanceof LogRecord.BtrfsMessage message
              && message.level().equals("error")
              && COUNTED.matcher(message.text()).find();
      if (storage || counted) {
        lines.add(record.at());
      }
    }
    return lines;
  }

  /** Adds a sentence and the first lines, if there are any. */
  static void tell(Incident incident, FindingBuilder finding) {
    List<Evidence> lines = of(incident);
    if (lines.isEmpty()) {
      return;
    }
    finding.explanation.add(
        (lines.size() == 1 ? "One message" : lines.size() + " messages")
            + " of the kernel log tell of failing or slow devices: look there first.");
    lines.stream().limit(SHOWN).forEach(finding.evidence::add);
    finding.numbers.put("deviceMessages", (long) lines.size());
  }
}
