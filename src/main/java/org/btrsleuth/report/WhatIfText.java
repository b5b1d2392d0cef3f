package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.WhatIf;

/** What other rules would have changed, as aligned text. */
final class WhatIfText {
  private static final int INODES = 10;
  private static final int WIDTH = 106;

  private final Style style;
  private final boolean verbose;
  private final List<String> out = new ArrayList<>();

  WhatIfText(Style style, boolean verbose) {
    this.style = style;
    this.verbose = verbose;
  }

  List<String> of(WhatIf whatIf) {
    out.add("    " + style.bold("What if the rules were those " + whatIf.rules()));
    paragraph(whatIf.verdict());
    event("first completion that goes another way", whatIf.firstDifference());
    event("first that would fail", whatIf.firstFailure());
    inodes(whatIf.inodes());
    whatIf.notes().forEach(this::paragraph);
    return out;
  }

  private void paragraph(String text) {
    for (String part : Words.wrap(Words.printable(text), WIDTH - 6)) {
      out.add("      " + part);
    }
  }

  private void event(String what, InodeUnitEvent event) {
    if (event == null) {
      return;
    }
    paragraph(
        what + ": inode " + (event.ino() < 0 ? "unknown" : event.ino()) + " at "
            + Words.seconds(event.timeNanos()) + " s, by " + event.task() + ", "
            + Words.name(event.outcome()).toLowerCase(java.util.Locale.ROOT)
            + (event.evidence() == null ? "" : " (" + event.evidence().location() + ")"));
  }

  private void inodes(List<InodeDifference> inodes) {
    if (inodes.isEmpty()) {
      return;
    }
    TextTable table = new TextTable("lrrrrrrrr");
    table.row("inode", "completions", "differ", "first at", "reserved", "what-if", "taken", "what-if", "failed/what-if");
    int shown = verbose ? inodes.size() : Math.min(INODES, inodes.size());
    for (InodeDifference i : inodes.subList(0, shown)) {
      table.row(
          (i.root() == -1 ? "?" : i.root()) + "/" + i.ino(),
          Words.count(i.completions()),
          Words.count(i.differing()),
          i.firstAtNanos() < 0 ? "-" : Words.seconds(i.firstAtNanos()),
          bytes(i.recorded().reserved()),
          bytes(i.otherwise().reserved()),
          Words.count(i.recorded().taken()),
          Words.count(i.otherwise().taken()),
          Words.count(i.recorded().failed()) + "/" + Words.count(i.otherwise().failed()));
    }
    boolean head = true;
    for (String line : table.lines()) {
      out.add("      " + (head ? style.dim(line) : line));
      head = false;
    }
    if (shown < inodes.size()) {
      out.add("      " + style.dim("and " + Words.count(inodes.size() - shown, "more inode")));
    }
  }

  static String bytes(long value) {
    return value < 0 ? "-" : Words.bytes(value);
  }
}
