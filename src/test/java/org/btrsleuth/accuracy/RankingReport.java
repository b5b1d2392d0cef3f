package org.btrsleuth.accuracy;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.finding.BugMatch;
import org.btrsleuth.finding.BugMatcher;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.Knowledge;

/** Where the right bug stands among all when incidents are compared with the catalogue's signatures alone. */
final class RankingReport {
  private RankingReport() {}

  public static void main(String[] args) {
    BugMatcher matcher = new BugMatcher(Knowledge.shipped());
    Map<String, int[]> families = new TreeMap<>();
    for (Incidents.Labelled labelled : Incidents.dev(Path.of("../shared"))) {
      if (labelled.bug().isEmpty()) {
        continue;
      }
      Incident incident = Reading.read(labelled.log());
      List<BugMatch> ranked = matcher.rank(incident);
      int place = 0;
      while (place < ranked.size() && !ranked.get(place).bug().ids().contains(labelled.bug())) {
        place++;
      }
      boolean found = place < ranked.size();
      int[] counts = families.computeIfAbsent(labelled.kind(), k -> new int[3]);
      counts[0]++;
      counts[1] += found && place == 0 ? 1 : 0;
      counts[2] += found && place < 3 ? 1 : 0;
      if (!found || place > 0) {
        System.out.printf(
            Locale.ROOT, "%s %s %s kernel=%s tasks=%d records=%d place=%s%n", labelled.id(), labelled.kind(),
            labelled.bug(), incident.kernel(), incident.tasks().size(), incident.records().size(),
            found ? place + 1 : "-");
        for (int i = 0; i < Math.min(ranked.size(), Math.max(3, found ? Math.min(place + 1, 12) : 3)); i++) {
          BugMatch m = ranked.get(i);
          System.out.printf(
              Locale.ROOT, "      %5.1f cov %.2f %s %s %s%n", m.score(), m.coverage(), m.version(), m.bug().ids(),
              m.elements().stream().map(e -> e.what() + "=" + String.format(Locale.ROOT, "%.2f", e.share())).toList());
        }
      }
    }
    int[] all = new int[3];
    families.forEach(
        (kind, counts) -> {
          System.out.printf(Locale.ROOT, "%-14s n=%3d first=%5.1f%% three=%5.1f%%%n", kind, counts[0], 100.0 * counts[1] / counts[0], 100.0 * counts[2] / counts[0]);
          for (int i = 0; i < 3; i++) {
            all[i] += counts[i];
          }
        });
    System.out.printf(Locale.ROOT, "%-14s n=%3d first=%5.1f%% three=%5.1f%%%n", "all", all[0], 100.0 * all[1] / all[0], 100.0 * all[2] / all[0]);
  }
}
