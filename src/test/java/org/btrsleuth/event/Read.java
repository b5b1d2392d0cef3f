package org.btrsleuth.event;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.source.Input;

/** Reads text and renders what came out, one string per event, for tests. */
final class Read {
  final List<String> events = new ArrayList<>();
  final List<String> others = new ArrayList<>();
  InputStats stats;

  static TraceReader.Options options(int workers, int blockSize, boolean stock) {
    return new TraceReader.Options(workers, blockSize, 1 << 20, stock);
  }

  static Read text(String... lines) {
    return bytes((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), options(1, 1 << 20, false));
  }

  static Read bytes(byte[] bytes, TraceReader.Options options) {
    return input(Input.of("test", new ByteArrayInputStream(bytes)), options);
  }

  static Read input(Input input, TraceReader.Options options) {
    Read read = new Read();
    StackTable stacks = new StackTable();
    TraceReader reader = new TraceReader(new Symbols(), stacks, options);
    read.stats = reader.read(input, (events, lines) -> {
      for (int i = 0; i < events.size(); i++) {
        read.events.add(render(events, i, stacks));
      }
      for (int i = 0; i < lines.size(); i++) {
        read.others.add(lines.line(i) + ":" + lines.text(i));
      }
    });
    return read;
  }

  /** {@code line TYPE name time cpu pid [comm] fsid {FIELD=number(symbol) ...}}; absent columns are left out. */
  static String render(EventBlock b, int i, StackTable stacks) {
    Symbols symbols = b.symbols();
    StringBuilder s = new StringBuilder();
    s.append(b.line(i)).append(' ').append(b.type(i)).append(' ').append(symbols.text(b.name(i)));
    if (b.time(i) != EventBlock.NO_TIME) {
      s.append(" t=").append(b.time(i));
    }
    if (b.cpu(i) >= 0) {
      s.append(" cpu=").append(b.cpu(i));
    }
    if (b.pid(i) >= 0) {
      s.append(" pid=").append(b.pid(i));
    }
    s.append(" [").append(symbols.text(b.comm(i))).append(']');
    if (b.fsid(i) != Symbols.NONE) {
      s.append(" fsid=").append(symbols.text(b.fsid(i)));
    }
    for (Field field : Field.values()) {
      if (!b.has(i, field)) {
        continue;
      }
      if (field == Field.STACK) {
        s.append(" stack=");
        int id = (int) b.number(i, field);
        for (int d = 0; d < stacks.depth(id); d++) {
          s.append(d == 0 ? "" : "<").append(symbols.text(stacks.frame(id, d)));
        }
        continue;
      }
      s.append(' ').append(field).append('=').append(b.number(i, field));
      if (b.symbol(i, field) != Symbols.NONE) {
        s.append('(').append(b.symbolText(i, field)).append(')');
      }
    }
    return s.toString();
  }
}
