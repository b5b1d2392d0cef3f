package org.btrsleuth.accuracy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.Confidence;

/**
 * Whether reported cycles run over the kinds of resources that the label of a deadlock names. Labels say it in words
 * ("holds the file range and wants write lock on the leaf"), in which victims and alternatives are named, too: a cycle is
 * right if the label names all of its kinds, and two at least unless the label speaks of one task.
 *
 * <p>Two groups are counted apart: labels that say there is no cycle (a lock that leaked, a loop), where none may be
 * claimed, and logs in which no stack shows one of the parties, where none can be found.
 */
final class CycleKinds {
  private static final Map<Pattern, String> WORDS = new LinkedHashMap<>();

  static {
    word("page lock|folio lock", "page_lock");
    word("range", "extent_range");
    word("leaf|tree block|chunk-tree block", "tree_lock");
    word("ticket", "ticket");
    word("qgroup flush", "qgroup_flush");
    word("(?<!qgroup )flush", "delalloc_flush");
    word("ordered extent", "ordered_extent");
    word("handle|commit", "transaction");
    word("reclaim work", "work_item");
    word("delayed iputs", "delayed_iputs");
    word("rescan", "maintenance_op");
    word("subpage->lock", "spinlock");
    for (String lock : List.of("qgroup_ioctl_lock", "chunk_mutex", "uuid_mutex", "s_umount", "i_mmap_lock")) {
      word(lock, lock);
    }
  }

  private static final Pattern NO_CYCLE =
      Pattern.compile("no lock cycle|never completes|leaves the new block locked|nobody ever clears");
  private static final Pattern ALONE = Pattern.compile("^one (task|CPU)");

  private final Map<String, String> signatures = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final List<String> invented = new ArrayList<>();
  private int right;
  private int all;
  private int withoutCycle;
  private int withoutHolder;

  CycleKinds(Path shared) {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(shared.resolve("incidents/known-bugs.csv"))) {
      for (CSVRecord row : format.parse(reader)) {
        signatures.put(row.get("bug_id"), row.get("signature_by_role"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void word(String pattern, String kind) {
    WORDS.put(Pattern.compile(pattern), kind);
  }

  void add(Incidents.Labelled labelled, List<Finding> findings) {
    if (!labelled.kind().equals("hang-deadlock") || labelled.stacks() < 2) {
      return;
    }
    Set<String> reported = new TreeSet<>();
    findings.stream()
        .filter(f -> !f.cycle().isEmpty())
        .limit(1)
        .forEach(f -> f.cycle().forEach(step -> reported.add(general(step.waitsFor().kind()))));
    if (NO_CYCLE.matcher(labelled.mechanism()).find()) {
      withoutCycle++;
      if (findings.stream().anyMatch(f -> !f.cycle().isEmpty() && f.confidence() != Confidence.POSSIBLE)) {
        invented.add(labelled.id() + " " + reported);
      }
      return;
    }
    if (reported.isEmpty() && partyMissing(labelled)) {
      withoutHolder++;
      return;
    }
    all++;
    Set<String> named = new TreeSet<>();
    WORDS.forEach(
        (pattern, kind) -> {
          if (pattern.matcher(labelled.mechanism()).find()) {
            named.add(kind);
          }
        });
    int least = ALONE.matcher(labelled.mechanism()).find() ? 1 : 2;
    if (reported.size() >= least && named.containsAll(reported)) {
      right++;
    } else {
      wrong.add(labelled.id() + " says " + reported + ", label names " + named);
    }
  }

  private static String general(String kind) {
    return kind.startsWith("transaction") || kind.equals("pending_ordered")
        ? "transaction"
        : kind.equals("qgroup_rescan") ? "maintenance_op" : kind;
  }

  /** Whether no line of the log has a function of btrfs that one of the bug's parties stands in. */
  private boolean partyMissing(Incidents.Labelled labelled) {
    String log;
    try {
      log = Files.readString(labelled.log(), java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String role : signatures.get(labelled.bug()).split(" ;; ")) {
      String path = role.substring(role.indexOf(": ") + 1);
      for (String frame : path.split(" < ")) {
        List<String> names = Stream.of(frame.strip().split("\\|")).map(String::strip).toList();
        if (names.stream().anyMatch(n -> n.contains("btrfs")) && names.stream().noneMatch(log::contains)) {
          return true;
        }
      }
    }
    return false;
  }

  double percent() {
    return all == 0 ? 100 : 100.0 * right / all;
  }

  /** Incidents without a cycle by their label for which one is claimed. */
  List<String> invented() {
    return invented;
  }

  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "cycles of deadlocks with two stacks or more: right kinds %d of %d (%.1f %%); holder not in the capture %d;"
                + " no cycle by the label %d, of these called one %d%n",
            right, all, percent(), withoutHolder, withoutCycle, invented.size()));
    wrong.forEach(w -> text.append("  ").append(w).append('\n'));
    invented.forEach(i -> text.append("  ").append(i).append('\n'));
    return text.toString();
  }
}
