package org.btrsleuth.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.btrsleuth.grammar.KernelLogPrefixLexer;

/** Takes the prefix off a line: see {@code KernelLogPrefixLexer.g4} for the shapes. */
final class PrefixReader {
  /** Digits and blanks of the seconds of a time stamp. */
  private static final int MAX_SECONDS = 16;

  /** Names under which journals and collectors keep the text of a line. */
  private static final Set<String> MESSAGE_FIELDS = Set.of("MESSAGE", "message", "msg", "log");

  private static final JsonFactory JSON = new JsonFactory();

  private final LineChars chars = new LineChars();
  private final KernelLogPrefixLexer lexer = new KernelLogPrefixLexer(chars);
  private boolean json;
  private boolean exported;
  private boolean kmsg;
  private long jsonNanos = -1;

  PrefixReader() {
    lexer.removeErrorListeners();
  }

  LogLine read(long number, String original) {
    LogLine line = new LogLine(number, original);
    String text = plainBlanks(original);
    takePrefixes(line, text);
    int stamp = line.nanos >= 0 || json || line.procPid >= 0 ? -1 : laterStamp(text);
    if (stamp > 0) {
      // Console output of other programs has no line end of its own: "login: [  123.456789] INFO: task ...". And
      // what collects consoles writes its own date, host and stream before the kernel's line.
      takePrefixes(line, text.substring(stamp));
    }
    if (json && !line.stamped && isPunctuation(line.message)) {
      line.stamped = true;
      line.frameOnly = true;
    }
    if (kmsg && !line.stamped && text.startsWith(" ") && line.message.indexOf('=') > 0) {
      line.stamped = true;
      line.frameOnly = true;
    }
    return line;
  }

  private void takePrefixes(LogLine line, String text) {
    chars.set(text);
    lexer.reset();
    Token token = lexer.nextToken();
    while (takePrefix(line, token)) {
      token = lexer.nextToken();
    }
    int start = token.getType() == Token.EOF ? text.length() : token.getStartIndex();
    if (token.getType() == KernelLogPrefixLexer.JSON_OBJECT) {
      jsonObject(line, text.substring(start));
      return;
    }
    line.message = token.getType() == KernelLogPrefixLexer.JSON_MESSAGE
        ? jsonMessage(line, text, token.getStopIndex())
        : trimEnd(text, start);
  }

  /** Index of a printk time stamp inside a line, -1 if there is none: six digits of microseconds tell it. */
  private static int laterStamp(String text) {
    for (int close = text.indexOf(']'); close > 0; close = text.indexOf(']', close + 1)) {
      int dot = close - 7;
      int open = dot > 0 && text.charAt(dot) == '.' ? text.lastIndexOf('[', dot) : -1;
      if (open > 0 && dot > open + 1 && dot - open < MAX_SECONDS) {
        boolean digits = Character.isDigit(text.charAt(dot - 1));
        for (int i = dot + 1; i < close; i++) {
          digits &= Character.isDigit(text.charAt(i));
        }
        for (int i = open + 1; i < dot; i++) {
          digits &= Character.isDigit(text.charAt(i)) || text.charAt(i) == ' ';
        }
        if (digits) {
          return open;
        }
      }
    }
    return -1;
  }

  private static boolean toTheMicrosecond(String stamp) {
    int dot = stamp.indexOf('.');
    int end = dot + 1;
    while (end < stamp.length() && Character.isDigit(stamp.charAt(end))) {
      end++;
    }
    return end - dot - 1 == 6;
  }

  /** False if the message starts with this token. */
  private boolean takePrefix(LogLine line, Token token) {
    switch (token.getType()) {
      case KernelLogPrefixLexer.QUOTE, KernelLogPrefixLexer.BAR, KernelLogPrefixLexer.INDENT -> {
        return !line.prefixed();
      }
      case KernelLogPrefixLexer.UPTIME, KernelLogPrefixLexer.UPTIME_DELTA, KernelLogPrefixLexer.UPTIME_HOST -> {
        line.nanos = uptime(token.getText());
        // Only the kernel writes its uptime to the microsecond, whatever name syslog gives it.
        line.otherProgram &= !toTheMicrosecond(token.getText());
      }
      case KernelLogPrefixLexer.KMSG -> {
        kmsg = true;
        line.nanos = kmsgNanos(token.getText());
      }
      case KernelLogPrefixLexer.CALLER -> {
        String text = token.getText();
        line.caller = text.substring(1, text.indexOf(']')).strip();
      }
      case KernelLogPrefixLexer.SYSLOG_OTHER, KernelLogPrefixLexer.ISO_OTHER -> line.otherProgram = true;
      case KernelLogPrefixLexer.PROC_GREP -> {
        procGrep(line, token.getText());
        return true;
      }
      case KernelLogPrefixLexer.JSON_START -> json = true;
      case KernelLogPrefixLexer.JSON_TIME -> {
        jsonNanos = seconds(token.getText(), token.getText().indexOf(':') + 1);
        line.frameOnly = true;
      }
      case KernelLogPrefixLexer.JSON_FIELD -> line.frameOnly = true;
      case KernelLogPrefixLexer.EXPORT_FIELD -> {
        String text = token.getText();
        exported |= text.startsWith("__");
        if (!exported) {
          return false;
        }
        line.frameOnly = true;
      }
      case KernelLogPrefixLexer.EXPORT_MESSAGE -> {
        if (!exported) {
          return false;
        }
      }
      case KernelLogPrefixLexer.PRIORITY, KernelLogPrefixLexer.LEVEL, KernelLogPrefixLexer.DELTA,
          KernelLogPrefixLexer.SINCE_LAST, KernelLogPrefixLexer.MINUTE, KernelLogPrefixLexer.CTIME,
          KernelLogPrefixLexer.SYSLOG_KERNEL, KernelLogPrefixLexer.ISO_KERNEL, KernelLogPrefixLexer.ISO,
          KernelLogPrefixLexer.KERNEL_TAG, KernelLogPrefixLexer.SYSLOG_5424 -> {
        // Nothing but the fact that it is a log line.
      }
      default -> {
        return false;
      }
    }
    line.stamped = true;
    return true;
  }

  /** One object a line: what stands in it as message is taken apart like a line of its own. */
  private void jsonObject(LogLine line, String text) {
    String message = null;
    boolean other = false;
    try (JsonParser parser = JSON.createParser(text)) {
      for (JsonToken t = parser.nextToken(); t != null; t = parser.nextToken()) {
        String name = parser.currentName();
        if (t != JsonToken.VALUE_STRING || name == null) {
          continue;
        }
        if (name.equals("_TRANSPORT")) {
          other = !parser.getText().equals("kernel");
        } else if (message == null && MESSAGE_FIELDS.contains(name)) {
          message = parser.getText();
        }
      }
    } catch (IOException e) {
      line.message = trimEnd(text, 0);
      return;
    }
    line.message = "";
    line.stamped = true;
    line.otherProgram = other;
    if (message == null) {
      line.frameOnly = true;
    } else if (!message.startsWith("{")) {
      takePrefixes(line, message);
    }
  }

  private String jsonMessage(LogLine line, String text, int quote) {
    json = true;
    line.stamped = true;
    line.nanos = jsonNanos;
    int end = text.lastIndexOf('"');
    if (end <= quote) {
      return text.substring(quote + 1);
    }
    try (JsonParser parser = JSON.createParser(text.substring(quote, end + 1))) {
      String value = parser.nextTextValue();
      return value == null ? "" : value.strip();
    } catch (IOException e) {
      return text.substring(quote + 1, end);
    }
  }

  private static void procGrep(LogLine line, String prefix) {
    String[] parts = prefix.substring(0, prefix.length() - 1).split("/");
    line.procFile = parts[parts.length - 1];
    line.procPid = Numbers.pid(parts[parts.length - 2]);
  }

  private static boolean isPunctuation(String message) {
    for (int i = 0; i < message.length(); i++) {
      if ("{}[], \t".indexOf(message.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Mail programs and web pages turn runs of blanks into no-break spaces. */
  private static String plainBlanks(String original) {
    String text = original.indexOf('\u001b') < 0 ? original : withoutColours(original);
    return text.indexOf('\u00a0') < 0 && text.indexOf('\u202f') < 0
        ? text
        : text.replace('\u00a0', ' ').replace('\u202f', ' ');
  }

  /** {@code dmesg --color} and terminals leave {@code ESC [ ... m} and similar sequences. */
  private static String withoutColours(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\u001b') {
        plain.append(text.charAt(i));
      } else if (i + 1 < text.length() && text.charAt(i + 1) == '[') {
        i += 2;
        while (i < text.length() && (text.charAt(i) < '@' || text.charAt(i) > '~')) {
          i++;
        }
      }
    }
    return plain.toString();
  }

  private static String trimEnd(String text, int start) {
    int end = text.length();
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    int from = start;
    while (from < end && isBlank(text.charAt(from))) {
      from++;
    }
    return text.substring(from, end);
  }

  /** Crashed hosts leave blocks of NUL in files that were being written. */
  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == 0;
  }

  private static long uptime(String stamp) {
    return seconds(stamp, 1);
  }

  private static long kmsgNanos(String prefix) {
    String[] fields = prefix.split("[,;]", 4);
    long micros = Numbers.longAt(fields[2], 0);
    return micros < 0 || micros > Long.MAX_VALUE / 1000 ? -1 : micros * 1000;
  }

  /** Seconds with fraction at or after {@code from}, in nanoseconds; -1 if they do not fit. */
  static long seconds(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    int dot = text.indexOf('.', at);
    long whole = Numbers.longAt(text, at);
    if (dot < 0 || whole < 0 || whole > 9_000_000_000L) {
      return -1;
    }
    long nanos = 0;
    long scale = 100_000_000L;
    for (int i = dot + 1; i < text.length() && Character.isDigit(text.charAt(i)); i++, scale /= 10) {
      nanos += (text.charAt(i) - '0') * scale;
    }
    return whole * 1_000_000_000L + nanos;
  }
}
