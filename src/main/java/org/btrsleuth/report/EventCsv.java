package org.btrsleuth.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.Field;

/** Streams decoded trace events as one wide CSV table: a column for each field, empty where an event has none. */
public final class EventCsv implements EventSink {
  private static final Field[] FIELDS = Field.values();
  private static final int FIXED = 9;

  private final CsvTable csv;
  private final Object[] row = new Object[FIXED + FIELDS.length];
  private long rows;

  public EventCsv(Appendable out) throws IOException {
    csv = new CsvTable(out);
    String[] header = new String[FIXED + FIELDS.length];
    String[] fixed = {"path", "line", "time_s", "cpu", "comm", "pid", "event", "kind", "fsid"};
    System.arraycopy(fixed, 0, header, 0, FIXED);
    for (Field field : FIELDS) {
      header[FIXED + field.ordinal()] = field.name().toLowerCase(Locale.ROOT);
    }
    csv.header(header);
  }

  @Override
  public void accept(EventBlock block) {
    try {
      for (int i = 0; i < block.size(); i++) {
        row[0] = block.path();
        row[1] = block.line(i);
        row[2] = CsvTable.seconds(block.time(i), EventBlock.NO_TIME);
        row[3] = CsvTable.known(block.cpu(i), -1);
        row[4] = block.symbols().text(block.comm(i));
        row[5] = CsvTable.known(block.pid(i), -1);
        row[6] = block.symbols().text(block.name(i));
        row[7] = block.type(i).name().toLowerCase(Locale.ROOT);
        row[8] = block.symbols().text(block.fsid(i));
        for (Field field : FIELDS) {
          row[FIXED + field.ordinal()] = cell(block, i, field);
        }
        csv.row(row);
        rows++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A field with a number and a symbol, {@code flags=4(METADATA)}, shows the number. */
  private static Object cell(EventBlock block, int i, Field field) {
    if (!block.has(i, field)) {
      return null;
    }
    String symbol = block.symbolText(i, field);
    long number = block.number(i, field);
    return symbol.isEmpty() || number != 0 ? (Object) number : symbol;
  }

  public long rows() {
    return rows;
  }
}
