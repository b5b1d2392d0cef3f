package org.btrsleuth.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads texts and captures for tests. */
final class Logs {
  private Logs() {}

  static LogText read(String text) {
    LogReader reader = new LogReader("test.log");
    long number = 0;
    for (String line : text.split("\n", -1)) {
      reader.accept(++number, line);
    }
    return reader.finish();
  }

  static LogText read(Path file) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
