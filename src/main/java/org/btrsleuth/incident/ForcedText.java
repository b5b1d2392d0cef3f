package org.btrsleuth.incident;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.LineBlock;
import org.btrsleuth.log.LogReader;
import org.btrsleuth.source.Evidence;

/** Reading against what the lines look like, because the user said what they are. */
final class ForcedText {
  private ForcedText() {}

  /** Gives all lines of a block to the log grammars, those that the trace grammar took included, in their order. */
  static void feed(EventBlock events, LineBlock lines, LogReader log) {
    int e = 0;
    int l = 0;
    while (e < events.size() || l < lines.size()) {
      boolean event = l >= lines.size() || e < events.size() && events.line(e) < lines.line(l);
      if (event) {
        log.accept(events.line(e), events.text(e));
        e++;
      } else {
        log.accept(lines.line(l), lines.text(l));
        l++;
      }
    }
  }

  /** Lines that nobody reads, because the input was said to be a trace. */
  static final class Refused {
    private static final int FIRST = 10;

    private final String path;
    private final List<Evidence> first = new ArrayList<>();
    private long lines;

    Refused(String path) {
      this.path = path;
    }

    void add(LineBlock block) {
      for (int i = 0; i < block.size(); i++) {
        if (first.size() < FIRST) {
          first.add(new Evidence(path, block.line(i), block.text(i)));
        }
      }
      lines += block.size();
    }

    long lines() {
      return lines;
    }

    List<Evidence> first() {
      return first;
    }
  }
}
