package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.csv.CSVRecord;

/** Text of the records of a block, for evidence. */
final class ProbeCsvText {
  private byte[] bytes = new byte[1 << 20];
  private int length;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Cells joined by commas; line ends inside a cell become {@code \n} so that the text stays one line. */
  void add(CSVRecord record) {
    for (int c = 0; c < record.size(); c++) {
      if (c > 0) {
        add((byte) ',');
      }
      add(record.get(c));
    }
  }

  private void add(String cell) {
    boolean ascii = cell.length() < 64;
    for (int i = 0; ascii && i < cell.length(); i++) {
      char ch = cell.charAt(i);
      ascii = ch >= ' ' && ch < 0x7f;
    }
    if (ascii) {
      for (int i = 0; i < cell.length(); i++) {
        add((byte) cell.charAt(i));
      }
      return;
    }
    for (byte b : cell.replace("\n", "\\n").replace("\r", "\\r").getBytes(StandardCharsets.UTF_8)) {
      add(b);
    }
  }

  private void add(byte b) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, length * 2);
    }
    bytes[length++] = b;
  }
}
