package org.btrsleuth.replay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.Field;
import org.btrsleuth.event.Symbols;

/**
 * A second, slow reader of ftrace text, for tests of the replay that must not depend on the product's reader, and that
 * feed single lines.
 */
final class TextFeeder {
  private static final Pattern HEAD =
      Pattern.compile(
          "^(?<comm>.*)-(?<pid>\\d+)\\s+(?:\\([ \\d-]+\\)\\s+)?\\[(?<cpu>\\d+)\\]\\s+(?:[^\\s:]{4,6}\\s+)?(?<time>[\\d.]+):"
              + "\\s+(?<event>[A-Za-z_0-9]+):\\s+(?<text>.*)$");
  private static final Pattern FSID =
      Pattern.compile("^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}): ");
  private static final Pattern PAIR = Pattern.compile("([a-z_]+) ?= ?([^ ,]*)");
  private static final Pattern ENTRIES = Pattern.compile("^# entries-in-buffer/entries-written: (\\d+)/(\\d+)");
  private static final Pattern NUMBER = Pattern.compile("^(-?\\d+)(?:\\(([^)]*)\\))?");

  private final Symbols symbols = new Symbols();
  private final EventBlock block = new EventBlock(symbols);
  private final EventSink sink;
  private final String path;
  private long line;

  TextFeeder(EventSink sink, String path) {
    this.sink = sink;
    this.path = path;
  }

  static void file(EventSink sink, Path path) throws IOException {
    TextFeeder feeder = new TextFeeder(sink, path.toString());
    try (InputStream raw = Files.newInputStream(path);
        InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        feeder.line(text);
      }
    }
  }

  void line(String text) {
    line++;
    Matcher entries = ENTRIES.matcher(text);
    boolean overwritten = entries.find() && !entries.group(1).equals(entries.group(2));
    if (overwritten || text.contains("[LOST ")) {
      begin(text);
      int cpu = overwritten ? -1 : 0;
      block.begin(EventType.LOST, Symbols.NONE, EventBlock.NO_TIME, cpu, -1, Symbols.NONE, line, 0, text.length());
      sink.accept(block);
      return;
    }
    Matcher m = HEAD.matcher(text);
    if (!m.matches()) {
      return;
    }
    byte[] bytes = begin(text);
    EventType type = EventType.of(m.group("event"));
    block.begin(
        type,
        symbols.intern(m.group("event")),
        time(m.group("time")),
        Integer.parseInt(m.group("cpu")),
        Integer.parseInt(m.group("pid")),
        symbols.intern(m.group("comm").strip()),
        line,
        0,
        bytes.length);
    String rest = m.group("text");
    Matcher fsid = FSID.matcher(rest);
    if (fsid.find()) {
      block.setFsid(symbols.intern(fsid.group(1)));
      rest = rest.substring(fsid.end());
    }
    fields(type, rest);
    sink.accept(block);
  }

  private byte[] begin(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    block.reset(path, bytes);
    return bytes;
  }

  private void fields(EventType type, String rest) {
    if (type == EventType.SPACE_RESERVATION) {
      int colon = rest.lastIndexOf(": ");
      String[] words = rest.substring(colon + 2).split(" ");
      block.field(Field.RSV, 0, symbols.intern(rest.substring(0, colon)));
      block.field(Field.VAL, Long.parseUnsignedLong(words[0]), 0);
      block.field(Field.RESERVE, words[1].equals("reserve") ? 1 : 0, 0);
      block.field(Field.BYTES, Long.parseLong(words[2]), 0);
      return;
    }
    Matcher pair = PAIR.matcher(rest);
    while (pair.find()) {
      Field field = Field.ofKey(pair.group(1));
      if (field == null) {
        continue;
      }
      Matcher number = NUMBER.matcher(pair.group(2));
      if (number.find()) {
        String name = number.group(2);
        block.field(field, parse(number.group(1)), name == null ? Symbols.NONE : symbols.intern(name));
      } else {
        block.field(field, 0, symbols.intern(pair.group(2)));
      }
    }
  }

  private static long parse(String number) {
    return number.startsWith("-") ? Long.parseLong(number) : Long.parseUnsignedLong(number);
  }

  private static long time(String text) {
    int dot = text.indexOf('.');
    if (dot < 0) {
      return Long.parseLong(text);
    }
    String fraction = (text.substring(dot + 1) + "000000000").substring(0, 9);
    return Long.parseLong(text.substring(0, dot)) * 1_000_000_000L + Long.parseLong(fraction);
  }
}
