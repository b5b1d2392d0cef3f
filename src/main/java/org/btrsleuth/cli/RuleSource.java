package org.btrsleuth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Position;

/** Declarations as they stand in their rule files: a line at the margin and the indented lines below it. */
final class RuleSource {
  private RuleSource() {}

  static String block(Position at) throws IOException {
    String[] lines = text(at.file()).split("\n", -1);
    StringBuilder block = new StringBuilder();
    for (int i = at.line() - 1; i < lines.length; i++) {
      String line = lines[i].stripTrailing();
      boolean indented = line.isEmpty() || Character.isWhitespace(line.charAt(0));
      if (i >= at.line() && !indented) {
        break;
      }
      block.append(line).append('\n');
    }
    return block.toString().stripTrailing() + "\n";
  }

  private static String text(String file) throws IOException {
    try (InputStream in = Knowledge.class.getResourceAsStream(file)) {
      return in == null ? Files.readString(Path.of(file)) : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
