package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.replay.ReplayReport.Check;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.Flush;
import org.btrsleuth.replay.ReplayReport.InodeUnitEvent;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.Pool;
import org.btrsleuth.replay.ReplayReport.Question;
import org.btrsleuth.replay.ReplayReport.SpaceInfo;
import org.btrsleuth.replay.ReplayReport.Tickets;

/** The reservation ledger of each file system as aligned text. */
final class LedgerText {
  private static final int EVENTS = 5;

  private final Style style;
  private final boolean verbose;
  private final List<String> out = new ArrayList<>();

  LedgerText(Style style, boolean verbose) {
    this.style = style;
    this.verbose = verbose;
  }

  List<String> of(ReplayReport replay) {
    for (FileSystem fs : replay.fileSystems()) {
      if (!out.isEmpty()) {
        out.add("");
      }
      fileSystem(fs);
    }
    return out;
  }

  private void fileSystem(FileSystem fs) {
    String name = fs.fsid().isEmpty() ? "file system (the events print no uuid)" : Words.printable(fs.fsid());
    out.add("  " + style.bold("Ledger of " + name));
    StringBuilder rules = new StringBuilder("    rules " + Words.printable(fs.era()));
    if (fs.unitUpdate() > 0) {
      rules.append("; inode unit ").append(Words.bytes(fs.unitUpdate()));
    }
    rules.append("; ").append(Words.count(fs.inodes(), "inode"));
    out.add(rules.toString());
    inodeUnits(fs);
    if (fs.whatIf() != null) {
      out.addAll(new WhatIfText(style, verbose).of(fs.whatIf()));
    }
    spaceInfos(fs);
    pools(fs);
    tickets(fs.tickets());
    flushes(fs);
    checks(fs);
    for (Question question : fs.unanswered()) {
      String text =
          question.patterns() + ": " + question.because()
              + (question.record().isEmpty() ? "" : "; record " + question.record());
      labelled("    N/A   ", text);
    }
    for (String note : fs.notes()) {
      labelled("    note  ", note);
    }
  }

  private void labelled(String label, String text) {
    String head = label;
    for (String part : Words.wrap(Words.printable(text), 100)) {
      out.add(head + part);
      head = " ".repeat(label.length());
    }
  }

  private void inodeUnits(FileSystem fs) {
    InodeUnits units = fs.inodeUnits();
    if (units == null || units.completions() == 0) {
      return;
    }
    InodeUnits other = units.whatIf();
    TextTable table = new TextTable("lrr");
    table.row(
        "metadata for the inode update",
        units.rules().rules().toString(),
        other == null ? "" : "what-if: " + other.rules().rules());
    row(table, "completions of ordered I/O", units.completions(), other == null ? -1 : other.completions());
    row(table, "  nothing needed, already dirty", units.alreadyDirty(), other == null ? -1 : other.alreadyDirty());
    row(table, "  handed over from delalloc", units.handedOver(), other == null ? -1 : other.handedOver());
    row(table, "  taken without entitlement", units.withoutEntitlement(), other == null ? -1
        : other.withoutEntitlement());
    row(table, "  reserved on demand", units.onDemand(), other == null ? -1 : other.onDemand());
    row(table, "  stolen from delalloc", units.stolenFromDelalloc(), other == null ? -1 : other.stolenFromDelalloc());
    row(table, "  stolen from the global reserve", units.stolenFromGlobal(), other == null ? -1
        : other.stolenFromGlobal());
    row(table, "  written directly after ENOSPC", units.directUpdate(), other == null ? -1 : other.directUpdate());
    row(table, "  inode not updated", units.noUpdate(), other == null ? -1 : other.noUpdate());
    row(table, "  failed", units.failed(), other == null ? -1 : other.failed());
    row(table, "  undecided", units.undecided(), other == null ? -1 : other.undecided());
    add(table);
    if (units.withoutEntitlementBytes() > 0) {
      out.add("    taken without entitlement: " + Words.bytes(units.withoutEntitlementBytes()));
    }
    List<InodeUnitEvent> worth = fs.inodeUnitEvents().stream().filter(e -> verbose || !isOrdinary(e)).toList();
    int shown = verbose ? worth.size() : Math.min(EVENTS, worth.size());
    if (shown > 0) {
      TextTable events = new TextTable("lrlrl");
      events.row("completion", "at", "inode", "bytes", "line");
      for (InodeUnitEvent e : worth.subList(0, shown)) {
        events.row(
            Words.name(e.outcome()),
            Words.seconds(e.timeNanos()),
            (e.root() == -1 ? "?" : e.root()) + "/" + (e.ino() < 0 ? "?" : e.ino()),
            Words.bytes(e.bytes()),
            e.evidence() == null ? "" : Words.printable(e.evidence().location()));
      }
      add(events);
      if (shown < worth.size()) {
        out.add("    " + style.dim("and " + (worth.size() - shown) + " more"));
      }
    }
  }

  private static boolean isOrdinary(InodeUnitEvent event) {
    return event.outcome().equals("handedOver") || event.outcome().equals("alreadyDirty");
  }

  /** Rows that are 0 on both sides say nothing. */
  private static void row(TextTable table, String name, long here, long other) {
    if (here != 0 || other > 0) {
      table.row(name, Words.count(here), other < 0 ? "" : Words.count(other));
    }
  }

  private void spaceInfos(FileSystem fs) {
    if (fs.spaceInfos().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("lrrrrl");
    table.row("space_info", "may_use first", "last", "max", "pinned max", "");
    for (SpaceInfo info : fs.spaceInfos()) {
      table.row(
          Words.printable(info.name()),
          bytes(info.mayUse() == null ? null : info.mayUse().first()),
          bytes(info.mayUse() == null ? null : info.mayUse().last()),
          bytes(info.mayUse() == null ? null : info.mayUse().max()),
          bytes(info.pinned() == null ? null : info.pinned().max()),
          info.anchored() ? "" : "relative to the first event");
    }
    add(table);
  }

  private static String bytes(Long value) {
    return value == null ? "-" : Words.bytes(value);
  }

  private void pools(FileSystem fs) {
    if (fs.pools().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("lrrrrr");
    table.row("pool", "reserved", "released", "consumed", "migrated", "outstanding");
    for (Pool pool : fs.pools()) {
      table.row(
          Words.printable(pool.type()),
          Words.bytes(pool.reserved()),
          Words.bytes(pool.released()),
          Words.bytes(pool.consumed()),
          Words.bytes(pool.migrated()),
          Words.bytes(pool.outstanding()));
    }
    add(table);
  }

  private void tickets(Tickets tickets) {
    if (tickets == null || tickets.count() == 0) {
      return;
    }
    StringBuilder text = new StringBuilder("    tickets: ").append(Words.count(tickets.count()));
    text.append(", failed ").append(Words.count(tickets.failed()));
    text.append(", interrupted ").append(Words.count(tickets.interrupted()));
    if (tickets.waitNanos().size() == 4) {
      text.append("; waited p50 ").append(Words.duration(tickets.waitNanos().get(0)));
      text.append(", p99 ").append(Words.duration(tickets.waitNanos().get(2)));
      text.append(", max ").append(Words.duration(tickets.waitNanos().get(3)));
    }
    out.add(text.toString());
  }

  private void flushes(FileSystem fs) {
    if (fs.flushes().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("lrrrr");
    table.row("flush state", "steps", "failed", "asked", "reclaimed");
    for (Flush flush : fs.flushes()) {
      table.row(
          Words.printable(flush.state()),
          Words.count(flush.count()),
          Words.count(flush.failed()),
          Words.asked(flush),
          Words.bytes(flush.bytesReclaimed()));
    }
    add(table);
  }

  private void checks(FileSystem fs) {
    if (fs.checks().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("lrrrl");
    table.row("check against the kernel's figures", "compared", "mismatches", "undecided", "");
    for (Check check : fs.checks()) {
      String first = check.firstMismatch() == null ? "" : "first at " + check.firstMismatch().location();
      table.row(
          check.name(),
          Words.count(check.compared()),
          Words.count(check.mismatches()),
          Words.count(check.undecided()),
          Words.printable(first));
    }
    add(table);
  }

  private void add(TextTable table) {
    boolean head = true;
    for (String line : table.lines()) {
      out.add("    " + (head ? style.dim(line) : line));
      head = false;
    }
  }
}
