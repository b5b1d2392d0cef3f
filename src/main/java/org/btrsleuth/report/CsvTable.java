package org.btrsleuth.report;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * One CSV table: RFC 4180, a header line, UTF-8. Text that a spreadsheet would run as a formula gets an apostrophe in
 * front; numbers are numbers and stay plain, negative ones too.
 */
public final class CsvTable {
  private final CSVPrinter printer;
  private int columns;

  public CsvTable(Appendable out) throws IOException {
    printer = new CSVPrinter(out, CSVFormat.RFC4180);
  }

  public void header(String... names) throws IOException {
    columns = names.length;
    printer.printRecord((Object[]) names);
  }

  /** A row as wide as the header; null is an empty cell. */
  public void row(Object... cells) throws IOException {
    if (cells.length != columns) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns + " columns");
    }
    for (Object cell : cells) {
      printer.print(cell instanceof String text ? neutral(text) : cell);
    }
    printer.println();
  }

  void flush() throws IOException {
    printer.flush();
  }

  /** Spreadsheets skip blanks and control characters before they decide that a cell is a formula. */
  static String neutral(String text) {
    int i = 0;
    while (i < text.length() && (text.charAt(i) <= ' ' || text.charAt(i) == '\u00A0' || text.charAt(i) == '\uFEFF')) {
      i++;
    }
    boolean formula = i < text.length() && "=+-@\uFF1D\uFF0B\uFF0D\uFF20".indexOf(text.charAt(i)) >= 0;
    boolean control = !text.isEmpty() && (text.charAt(0) == '\t' || text.charAt(0) == '\r' || text.charAt(0) == '\n');
    return formula || control ? "'" + text : text;
  }

  /** Null, an empty cell, for the value that means unknown. */
  public static Long known(long value, long unknown) {
    return value == unknown ? null : Long.valueOf(value);
  }

  /** Seconds with nine digits, as a number; null for the value that means unknown. */
  public static BigDecimal seconds(long nanos, long unknown) {
    return nanos == unknown ? null : BigDecimal.valueOf(nanos, 9);
  }

  static BigDecimal decimal(double value) {
    return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP);
  }
}
