package org.btrsleuth.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.antlr.v4.runtime.Token;
import org.btrsleuth.grammar.KernelLogLexer;
import org.btrsleuth.grammar.KernelLogParser.BtrfsContext;
import org.btrsleuth.log.LogRecord.SpaceInfoDump;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.FunctionName;

/** Records from what btrfs prints: errors, aborts, reserves and the space_info dumps of {@code enospc_debug}. */
final class BtrfsLines {
  private static final int NO_SPACE_LEFT = -28;

  private final Collector out;

  /** First line of a space_info dump that waits for its second. */
  private SpaceInfoDump open;

  private long openLine;

  BtrfsLines(Collector out) {
    this.out = out;
  }

  void accept(LogLine line, BtrfsContext context) {
    Evidence at = out.evidence(line);
    String text = line.message;
    String device = device(text);
    Token what = context.what;
    switch (what == null ? -1 : what.getType()) {
      case KernelLogLexer.BTRFS_ERROR_IN -> error(at, device, text);
      case KernelLogLexer.TRANSACTION_ABORTED ->
          out.add(new LogRecord.TransactionAborted(at, device, (int) Numbers.after(what.getText(), "(error ", 0)));
      case KernelLogLexer.BLOCK_RSV_RETURNED -> blockRsvReturned(at, what.getText());
      case KernelLogLexer.SPACE_INFO_HAS -> spaceInfo(at, device, what.getText(), line);
      case KernelLogLexer.SPACE_INFO_TOTAL -> totals(at, device, what.getText(), line.nanos);
      case KernelLogLexer.BLOCK_RSV -> blockRsv(at, device, what.getText(), line.nanos);
      case -1 -> out.add(new LogRecord.BtrfsMessage(at, device, level(text), body(text, context.head)));
      default -> out.add(new LogRecord.BtrfsMessage(at, device, level(text), text));
    }
  }

  /** End of the input: a dump whose second line is missing is still a record. */
  void finish() {
    if (open != null) {
      out.add(open);
      open = null;
    }
  }

  private void error(Evidence at, String device, String text) {
    int in = text.indexOf(" in ", text.indexOf(')'));
    String place = text.substring(in + 4);
    int colon = place.indexOf(':');
    int errno = (int) Numbers.after(text, "errno=", 0);
    if (errno == 0 && text.contains("No space left")) {
      errno = NO_SPACE_LEFT;
    }
    if (errno == 0) {
      // up to 3.6 numbers without a name print as "error 28": btrfs_decode_error, __btrfs_std_error
      errno = (int) -Math.abs(Numbers.after(place, ": error ", 0));
    }
    long sourceLine = Numbers.longAt(place, colon + 1);
    out.add(
        new LogRecord.BtrfsError(
            at,
            device,
            FunctionName.clean(place.substring(0, colon)),
            sourceLine > Integer.MAX_VALUE ? -1 : (int) sourceLine,
            errno));
  }

  private void blockRsvReturned(Evidence at, String text) {
    int type = text.startsWith("block rsv returned") ? -1 : (int) Numbers.after(text, "block rsv ", -1);
    out.add(new LogRecord.BlockRsvReturned(at, type, (int) Numbers.after(text, "returned ", 0)));
  }

  private void blockRsv(Evidence at, String device, String text, long nanos) {
    out.add(
        new LogRecord.BlockRsvDump(
            at,
            device,
            text.substring(0, text.indexOf(':')),
            Numbers.after(text, "size ", -1),
            Numbers.after(text, "reserved ", -1),
            nanos));
  }

  private void spaceInfo(Evidence at, String device, String text, LogLine line) {
    finish();
    String[] words = text.split(" +");
    int flags = Numbers.pid(words[1]);
    open =
        new SpaceInfoDump(
            at,
            device,
            flags,
            flags >= 0 ? "" : words[1],
            Numbers.after(text, " has ", 0),
            !words[words.length - 2].equals("not"),
            Map.of(),
            line.nanos);
    openLine = line.lastLine;
  }

  private void totals(Evidence at, String device, String text, long nanos) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String word : text.split("[ ,]+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        long value = Numbers.signed(word, equals + 1, Long.MIN_VALUE);
        if (value != Long.MIN_VALUE) {
          values.put(out.intern(word.substring(0, equals)), value);
        }
      }
    }
    boolean pair = open != null && at.line() - openLine <= 4;
    SpaceInfoDump first = pair ? open : new SpaceInfoDump(at, device, -1, "", 0, false, Map.of(), nanos);
    if (!pair) {
      finish();
    }
    out.add(
        new SpaceInfoDump(
            first.at(),
            first.device(),
            first.flags(),
            first.name(),
            first.free(),
            first.full(),
            Collections.unmodifiableMap(values),
            first.nanos()));
    open = null;
  }

  /** {@code (device dm-1: state EA)}, {@code (device vda state A)}: the name alone. */
  static String device(String text) {
    String inside = Phrases.between(text, "(device ", ")");
    int end = 0;
    while (end < inside.length() && inside.charAt(end) > ' ' && inside.charAt(end) != ')') {
      end++;
    }
    String device = inside.substring(0, end);
    return device.endsWith(":") ? device.substring(0, device.length() - 1) : device;
  }

  private static String level(String text) {
    for (String level : new String[] {"info", "warning", "critical", "error", "debug", "notice", "alert"}) {
      if (text.startsWith(level, 6) || text.startsWith(": " + level + " ", 5)) {
        return level;
      }
    }
    return "";
  }

  private static String body(String text, Token head) {
    return head == null ? text : text.substring(Math.min(text.length(), head.getStopIndex() + 1)).strip();
  }
}
