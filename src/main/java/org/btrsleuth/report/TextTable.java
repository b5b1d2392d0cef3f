package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.List;

/** Columns aligned with blanks: text to the left, figures to the right. */
final class TextTable {
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /** @param alignment a letter per column: {@code l} or {@code r} */
  TextTable(String alignment) {
    right = new boolean[alignment.length()];
    for (int i = 0; i < right.length; i++) {
      right[i] = alignment.charAt(i) == 'r';
    }
  }

  TextTable row(String... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    rows.add(cells);
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Lines without trailing blanks, two blanks between columns. */
  List<String> lines() {
    int[] width = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        width[i] = Math.max(width[i], columns(row[i]));
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String pad = " ".repeat(width[i] - columns(row[i]));
        line.append(i == 0 ? "" : "  ").append(right[i] ? pad + row[i] : row[i] + pad);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** Columns on a terminal, colour sequences not counted. */
  static int columns(String text) {
    int n = 0;
    for (int i = 0; i < text.length(); ) {
      if (text.charAt(i) == '\u001b') {
        i = text.indexOf('m', i) + 1;
        continue;
      }
      int c = text.codePointAt(i);
      n++;
      i += Character.charCount(c);
    }
    return n;
  }
}
