package org.btrsleuth.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.btrsleuth.testing.Captures;

/**
 * A line of {@code sample-traces/expected.tsv}: what must be concluded from a capture.
 *
 * @param captures files below {@code sample-traces/}, together one incident
 * @param status exit status of {@code analyze}
 * @param findings each as {@code pattern severity confidence}, in the order of the report
 */
record Expected(List<String> captures, int status, List<String> findings) {

  static List<Expected> all() {
    try (var lines = Files.lines(Captures.sample("expected.tsv"))) {
      return lines.filter(line -> !line.isBlank() && !line.startsWith("#")).map(Expected::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Expected parse(String line) {
    String[] cells = line.split("\t");
    if (cells.length != 3) {
      throw new IllegalArgumentException("expected.tsv: three columns wanted: " + line);
    }
    List<String> findings = cells[2].equals("-") ? List.of() : Arrays.asList(cells[2].split(", "));
    return new Expected(List.of(cells[0].split(" ")), Integer.parseInt(cells[1]), findings);
  }

  List<String> paths() {
    return captures.stream().map(name -> Captures.sample(name).toString()).toList();
  }

  /** File name of the golden text. */
  String name() {
    String first = captures.get(0).replace('/', '.');
    return captures.size() == 1 ? first : first + "+" + (captures.size() - 1);
  }

  @Override
  public String toString() {
    return String.join(" ", captures);
  }
}
