package org.btrsleuth.accuracy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** The labelled collection of real reports. */
final class Incidents {
  private Incidents() {}

  /**
   * @param bug catalogue id of the right answer, "" if nobody knows it
   * @param group labelled, labelled-other, unlabelled or negative
   * @param stacks number of stacks in the log
   * @param mechanism who holds what and waits for what, in words
   * @param independent whether the label comes from elsewhere than the fixing patch's own mail
   */
  record Labelled(
      String id, String kind, String group, String bug, String fixSubject, String fixCommit, boolean independent,
      int stacks, String mechanism, Path log) {}

  static List<Labelled> dev(Path shared) {
    Path directory = shared.resolve("incidents");
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(directory.resolve("dev.csv"))) {
      List<Labelled> all = new ArrayList<>();
      for (CSVRecord row : format.parse(reader)) {
        all.add(
            new Labelled(
                row.get("id"), row.get("kind"), row.get("group"), row.get("bug"), row.get("fix_subject"),
                row.get("fix_commit"), row.get("independent").equals("True"),
                Integer.parseInt("0" + row.get("stacks")), row.get("mechanism"),
                directory.resolve("logs").resolve(row.get("id") + ".log")));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
