package org.btrsleuth.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

/** Every row of the collected tables is in the shipped knowledge; skipped where the tables are not. */
class CarriedOverTest {
  /** Names that only the regular expressions make, not the kernel; and a search that needs no transaction. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "btrfs_create_qgroup_relation", "btrfs_remove_qgroup_relation", "btrfs_limit_qgroup_relation",
          "btrfs_add_qgroup", "btrfs_del_qgroup", "btrfs_lookup_dir_item");

  private final Knowledge knowledge = Knowledge.shipped();

  private static List<CSVRecord> rows(Path file) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (Reader reader = Files.newBufferedReader(file)) {
      return format.parse(reader).getRecords();
    }
  }

  @Test
  void every_known_bug_is_there_with_its_fix() throws IOException {
    for (CSVRecord row : rows(Captures.shared("incidents/known-bugs.csv"))) {
      Bug bug = knowledge.bug(row.get("bug_id"));
      assertThat(bug).as(row.get("bug_id")).isNotNull();
      assertThat(bug.fixes()).extracting(Fix::subject).contains(row.get("fix_subject").replace('"', '\''));
      String commit = row.get("fix_commit");
      if (commit.matches("[0-9a-f]{7,40}")) {
        assertThat(bug.fixes()).extracting(Fix::commit).contains(commit);
      }
      assertThat(bug.says()).isNotBlank();
    }
  }

  @Test
  void every_bug_can_be_recognised_or_says_why_not() {
    for (Bug bug : knowledge.bugs().values()) {
      boolean signature = !bug.roles().isEmpty() || !bug.logPatterns().isEmpty() || !bug.lockOrders().isEmpty();
      assertThat(signature || !bug.symptom().isEmpty()).as(bug.name()).isTrue();
    }
  }

  @Test
  void the_two_bugs_that_the_project_grew_from_are_there_by_name() {
    assertThat(knowledge.bugs().get("delalloc-reservation-under-page-lock").fixes())
        .first()
        .isEqualTo(
            new Fix(
                "f4b1363cae43", "btrfs: do not do delalloc reservation under page lock", "5.6", "87826df0ec36"));
    assertThat(knowledge.bugs().get("missing-inode-reservation").fixes())
        .first()
        .satisfies(fix -> assertThat(fix.commit()).isEqualTo("7fd2ae21a42d"))
        .satisfies(fix -> assertThat(fix.fixedIn()).isEqualTo("3.2"));
  }

  @Test
  void every_function_of_the_lock_rules_has_a_rule() throws IOException {
    List<String> missing = new ArrayList<>();
    for (CSVRecord row : rows(Captures.shared("kernel/lock-rules.csv"))) {
      String pattern = row.get("frame_pattern");
      if (pattern.startsWith("RESOURCE:")) {
        String kind = pattern.split(":")[1];
        if (knowledge.progress().stream().noneMatch(p -> p.kind().equals(kind))) {
          missing.add("progress " + kind);
        }
        continue;
      }
      for (String name : new Expansion(pattern).all()) {
        if (!LEFT_OUT.contains(name) && !known(name, row.get("role"))) {
          missing.add(row.getRecordNumber() + " " + row.get("role") + " " + name);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  private boolean known(String name, String role) {
    boolean rule =
        knowledge.rules().stream()
            .filter(r -> (r.type() == FrameRule.Type.WAIT) == role.equals("wait"))
            .anyMatch(r -> r.frame().matches(name));
    return rule
        || role.equals("wait") && knowledge.schedulers().stream().anyMatch(p -> p.matches(name))
        || role.equals("wait") && knowledge.primitives().values().stream().anyMatch(p -> p.frames().matches(name));
  }

  /** The words of a regular expression made of letters, groups, alternatives, "?" and ".*" (which becomes "x"). */
  private static final class Expansion {
    private final String regex;
    private int at;

    Expansion(String regex) {
      this.regex = regex;
    }

    List<String> all() {
      List<String> words = alternatives();
      assertThat(at).as(regex).isEqualTo(regex.length());
      return words;
    }

    private List<String> alternatives() {
      List<String> words = new ArrayList<>(sequence());
      while (at < regex.length() && regex.charAt(at) == '|') {
        at++;
        words.addAll(sequence());
      }
      return words;
    }

    private List<String> sequence() {
      List<String> words = List.of("");
      while (at < regex.length() && "|)".indexOf(regex.charAt(at)) < 0) {
        List<String> next = new ArrayList<>(element());
        if (at < regex.length() && regex.charAt(at) == '?') {
          at++;
          next.add("");
        }
        List<String> longer = new ArrayList<>();
        words.forEach(word -> next.forEach(end -> longer.add(word + end)));
        words = longer;
      }
      return words;
    }

    private List<String> element() {
      char c = regex.charAt(at++);
      if (c == '(') {
        List<String> inner = alternatives();
        at++;
        return inner;
      }
      if (c == '.') {
        at++;
        return List.of("x");
      }
      return List.of(String.valueOf(c == '\\' ? regex.charAt(at++) : c));
    }
  }
}
