package org.btrsleuth.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.Token;
import org.btrsleuth.format.Format;
import org.btrsleuth.grammar.KernelLogLexer;
import org.btrsleuth.grammar.KernelLogParser.ArmFrameContext;
import org.btrsleuth.grammar.KernelLogParser.LineContext;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot.Origin;

/**
 * Sends each parsed line to what it belongs to and accounts for it: kernel log, stack listing, prose or unrecognised.
 *
 * <p>printk contexts are kept apart by the caller field, so that two CPUs that print at the same time do not mix their
 * stacks.
 */
final class LogAssembler {
  private static final int MAX_CONTEXTS = 64;
  private static final int FIRST_UNRECOGNISED = 5;

  private final Collector out;
  private final MessageParser parser = new MessageParser();
  private final Frames frames = new Frames();
  private final Regions regions = new Regions();
  private final Listings listings;
  private final BtrfsLines btrfs;
  private final Map<String, Report> reports = new LinkedHashMap<>(16, 0.75f, true);
  private final List<Evidence> unrecognised = new ArrayList<>();
  private final List<Evidence> firstProse = new ArrayList<>();
  private long unrecognisedLines;
  private long proseLines;
  private long recognisedLines;
  private String lastCaller = "";
  private long blankFrom = -1;
  private long blankTo = -1;

  /** Lines that also stand in other texts: without anything else around them they are no log. */
  private long weakLines;

  private boolean lastWasLog;
  private boolean lastWasListing;

  /** Whether rows of {@code ps} are being listed: who waits where, without stacks. */
  private boolean table;

  LogAssembler(String path, int firstDump) {
    out = new Collector(path, firstDump);
    listings = new Listings(out);
    btrfs = new BtrfsLines(out);
  }

  void accept(LogLine line) {
    if (line.frameOnly || line.otherProgram) {
      account(Format.KERNEL_LOG, line);
      return;
    }
    if (line.procPid >= 0) {
      listings.grep(line);
    }
    if (line.message.isEmpty()) {
      if (line.text.indexOf(0) >= 0 && !line.prefixed()) {
        unrecognised(line);
      } else {
        blank(line);
      }
      return;
    }
    Frames.Parsed known = frames.known(line.message);
    if (known != null) {
      account(frame(line, known.at(line.line), known.origin()), line);
      return;
    }
    LineContext context = parser.parse(line.message);
    int first = context == null ? 0 : context.start.getType();
    if ((first == KernelLogLexer.ELISION || first == KernelLogLexer.RULER) && parser.complete() && !line.stamped) {
      neutral(line, first == KernelLogLexer.RULER);
      return;
    }
    Format format = context == null ? null : understand(line, context);
    if (format == null) {
      format = other(line);
    }
    if (format != null) {
      account(format, line);
      if (!line.prefixed() && format != Format.PROSE && Weak.isWeak(first, line.message)) {
        recognisedLines -= 1;
        weakLines += line.lastLine - line.line + 1;
        first(line);
      }
    }
  }

  LogText finish() {
    reports.values().forEach(Report::endAll);
    listings.end();
    btrfs.finish();
    boolean nothing = recognisedLines == 0;
    if (nothing) {
      // Without any log around it, text is not prose around a log.
      unrecognisedLines += proseLines + weakLines;
      for (Evidence evidence : firstProse) {
        if (unrecognised.size() < FIRST_UNRECOGNISED) {
          unrecognised.add(evidence);
        }
      }
      unrecognised.sort(null);
    }
    if (nothing) {
      return new LogText(
          List.of(), List.of(), List.of(), unrecognisedLines, unrecognised, List.of(), out.firstDump(), List.of());
    }
    out.tasks().forEach(task -> regions.count(task.header().line()));
    out.records().forEach(rec -> regions.count(rec.at().line()));
    return new LogText(
        out.tasks(), out.records(), regions.regions(), unrecognisedLines, unrecognised, out.kernels(),
        out.nextDump(), out.problems());
  }

  // ---- what a line is ----

  /** Format of the line, null if it says nothing that we know. */
  private Format understand(LogLine line, LineContext context) {
    if (context.frame() != null) {
      Frames.Parsed parsed = frames.parse(line.message, context.frame(), parser.complete());
      return parsed == null ? null : frame(line, parsed.at(line.line), parsed.origin());
    }
    if (context.armFrame() != null) {
      return armFrames(line, context.armFrame());
    }
    if (context.indexedFrame() != null) {
      Frame frame = frames.of(context.indexedFrame(), line.line);
      if (frame == null) {
        return null;
      }
      if (context.indexedFrame().start.getText().equals("#0")) {
        listings.blank();
      }
      listings.frame(line, frame, Origin.BARE);
      return Format.KERNEL_LOG;
    }
    Report report = report(line);
    if (context.lock() != null && context.lock().traced != null && !line.stamped) {
      listings.frame(line, frames.of(context.lock().traced, line.line), Origin.TRACE);
      return Format.PROC_STACK;
    }
    if (context.lock() != null) {
      boolean lock = report.locks().lock(line, context.lock());
      return lock || line.stamped || isStackWords(line.message) ? Format.KERNEL_LOG : null;
    }
    if (context.chain() != null) {
      Token lockClass = context.chain().lockClass;
      report.locks().chain(line, lockClass == null ? line.message : lockClass.getText());
      return Format.KERNEL_LOG;
    }
    if (context.task() != null) {
      endListing(line);
      report.taskHeader(line, context.task());
      return Format.KERNEL_LOG;
    }
    if (context.rip() != null) {
      report.rip(line, context.rip(), frames);
      return Format.KERNEL_LOG;
    }
    if (context.btrfs() != null) {
      report.locks().endHeld();
      report.message(line.message);
      btrfs.accept(line, context.btrfs());
      return Format.KERNEL_LOG;
    }
    return context.phrase() == null ? null : phrase(line, context.start, report);
  }

  private Format armFrames(LogLine line, ArmFrameContext context) {
    Format format = null;
    for (Frame frame : frames.of(context, lastCaller, line.line)) {
      format = frame(line, frame, Origin.BARE);
      lastCaller = frame.function();
    }
    return format;
  }

  /**
   * @param origin what the shape of the frame says
   */
  private Format frame(LogLine line, Frame frame, Origin origin) {
    if (line.procPid >= 0) {
      listings.frame(line, frame, Origin.PROC_STACK);
      return Format.PROC_STACK;
    }
    Report report = report(line);
    report.locks().endHeld();
    boolean listed = line.message.startsWith("[<0>]");
    if (line.stamped || !listed && report.wantsFrame(frame) && !listings.open()) {
      report.frame(line, frame);
      return Format.KERNEL_LOG;
    }
    listings.frame(line, frame, origin);
    return origin == Origin.BARE ? Format.KERNEL_LOG : Format.PROC_STACK;
  }

  private Format phrase(LogLine line, Token token, Report report) {
    String text = line.message;
    int type = token.getType();
    switch (type) {
      case KernelLogLexer.LISTING -> {
        return listing(line, () -> listings.header(line, text));
      }
      case KernelLogLexer.TAIL_FILE -> {
        return listing(line, () -> listings.tailFile(line, text));
      }
      case KernelLogLexer.PROC_HEADER -> {
        return listing(line, () -> listings.command(line, text));
      }
      case KernelLogLexer.CRASH_TASK -> {
        return listing(line, () -> listings.crashTask(line, text));
      }
      case KernelLogLexer.ELISION, KernelLogLexer.RULER -> {
        return line.stamped ? Format.KERNEL_LOG : null;
      }
      case KernelLogLexer.EXCEPTION_RIP -> {
        if (listings.open()) {
          listings.frame(line, frames.exceptionRip(text, line.line), Origin.BARE);
        }
        return Format.KERNEL_LOG;
      }
      case KernelLogLexer.TABLE_HEADER -> {
        table = !line.stamped;
        return table ? listing(line, listings::end) : Format.KERNEL_LOG;
      }
      case KernelLogLexer.ROUND -> {
        return listing(line, () -> listings.round(line.message));
      }
      case KernelLogLexer.STATUS_FIELD -> {
        return !line.stamped && listings.field(line, text) ? Format.PROC_STACK : null;
      }
      default -> endListing(line);
    }
    return Phrase.accept(type, line, report, out) ? Format.KERNEL_LOG : null;
  }

  private Format listing(LogLine line, Runnable action) {
    if (line.stamped) {
      return null;
    }
    report(line).endAll();
    action.run();
    return Format.PROC_STACK;
  }

  private void endListing(LogLine line) {
    if (!line.stamped) {
      listings.end();
    }
  }

  /** A line that no rule knows: text of the log, of a listed file, human text, or unrecognised (null). */
  private Format other(LogLine line) {
    Report report = report(line);
    report.heedFrames();
    if (line.stamped) {
      report.locks().endHeld();
      report.message(line.message);
      if (report.locks().atHead()) {
        report.version(line, line.message);
      }
      return Format.KERNEL_LOG;
    }
    if (line.procPid >= 0 || listings.content(line) || table && lastWasListing && Prose.hasDigit(line.message)) {
      return Format.PROC_STACK;
    }
    boolean inside = lastWasLog && report.expectsMore() || report.locks().explaining();
    if (inside && !Prose.isSentence(line.message) || report.inSplat() || report.inDump() && lastWasLog) {
      report.message(line.message);
      if (report.locks().atHead()) {
        report.version(line, line.message);
      }
      return Format.KERNEL_LOG;
    }
    report.interrupted();
    listings.title(line);
    if (Prose.isText(line.message)) {
      return Format.PROSE;
    }
    unrecognised(line);
    return null;
  }

  private void unrecognised(LogLine line) {
    if (unrecognised.size() < FIRST_UNRECOGNISED) {
      unrecognised.add(out.evidence(line));
    }
    unrecognisedLines += line.lastLine - line.line + 1;
  }

  // ---- accounting ----

  private void account(Format format, LogLine line) {
    long first = blankFrom > 0 && blankTo + 1 == line.line ? blankFrom : line.line;
    blankFrom = -1;
    regions.add(format, first, line.lastLine);
    lastWasLog = format == Format.KERNEL_LOG;
    lastWasListing = format == Format.PROC_STACK;
    if (format == Format.PROSE) {
      proseLines += line.lastLine - line.line + 1;
      first(line);
    } else {
      recognisedLines++;
    }
  }

  private void first(LogLine line) {
    if (firstProse.size() < FIRST_UNRECOGNISED) {
      firstProse.add(out.evidence(line));
    }
  }

  private void blank(LogLine line) {
    if (line.stamped) {
      account(Format.KERNEL_LOG, line);
      return;
    }
    lastWasLog = false;
    lastWasListing = false;
    report(line).endMessages();
    report(line).heedFrames();
    neutral(line, true);
  }

  /** A line that belongs to what stands around it. */
  private void neutral(LogLine line, boolean separates) {
    if (separates) {
      listings.blank();
    }
    if (!regions.extend(line.line)) {
      blankFrom = blankFrom > 0 && blankTo + 1 == line.line ? blankFrom : line.line;
      blankTo = line.line;
    }
  }

  private Report report(LogLine line) {
    Report report = reports.get(line.caller);
    if (report == null) {
      report = new Report(out);
      reports.put(line.caller, report);
      if (reports.size() > MAX_CONTEXTS) {
        String oldest = reports.keySet().iterator().next();
        reports.remove(oldest).endAll();
      }
    }
    return report;
  }

  private static boolean isStackWords(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (" 0123456789abcdef".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
