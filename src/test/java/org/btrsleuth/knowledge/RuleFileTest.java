package org.btrsleuth.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.incident.KernelVersion;
import org.junit.jupiter.api.Test;

/** The rule language: what it accepts, and what it says about what it does not. */
class RuleFileTest {
  private static final String BUG =
      """
      bug reserves-under-page-lock
          id         X1
          kind       hang-deadlock
          fix        f4b1363cae43 "btrfs: do not do delalloc reservation under page lock" in 5.6
          introduced 87826df0ec36 in 3.4
          role fixup
              holds  page_lock in btrfs_writepage_fixup_worker
              waits  delalloc_flush at start_delalloc_inodes < btrfs_writepage_fixup_worker
          role flusher
              waits  page_lock at __lock_page | __folio_lock < extent_write_cache_pages
          cycle  fixup -> flusher -> fixup
          says   "reserves under the page lock"
      """;

  private static Knowledge with(String text) {
    return Knowledge.shipped().with("user.rules", text);
  }

  private static List<String> problems(String text) {
    return with(text).diagnostics().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void a_wait_rule_is_read() {
    Knowledge knowledge =
        with(
            """
            # a comment
            wait page_lock
                at      my_lock | my_other_* while io_schedule
                kernels 4.10 .. 5.15
                because "a \\"good\\" reason"
                source  mm/filemap.c, f4b1363cae43
            """);
    assertThat(knowledge.diagnostics()).isEmpty();
    FrameRule rule = knowledge.rules().get(knowledge.rules().size() - 1);
    assertThat(rule.kinds()).containsExactly("page_lock");
    assertThat(rule.frame().matches("my_other_lock")).isTrue();
    assertThat(rule.frame().matches("not_my_lock")).isFalse();
    assertThat(rule.whileCalling().alternatives()).containsExactly("io_schedule");
    assertThat(rule.because()).isEqualTo("a \"good\" reason");
    assertThat(rule.source()).isEqualTo("mm/filemap.c, f4b1363cae43");
    assertThat(rule.kernels().of(KernelVersion.parse("5.15.99"))).isEqualTo(KernelRange.Membership.INSIDE);
    assertThat(rule.kernels().of(KernelVersion.parse("5.16"))).isEqualTo(KernelRange.Membership.OUTSIDE);
    assertThat(rule.kernels().of(null)).isEqualTo(KernelRange.Membership.UNKNOWN);
    assertThat(rule.at()).hasToString("user.rules:2:1");
  }

  @Test
  void a_bug_is_read() {
    Knowledge knowledge = with(BUG);
    assertThat(knowledge.diagnostics()).isEmpty();
    Bug bug = knowledge.bug("X1");
    assertThat(bug).isSameAs(knowledge.bug("reserves-under-page-lock"));
    assertThat(bug.title()).isEqualTo("btrfs: do not do delalloc reservation under page lock");
    assertThat(bug.fixes())
        .containsExactly(new Fix("f4b1363cae43", bug.title(), "5.6", "87826df0ec36"));
    assertThat(bug.kernels().from()).hasToString("3.4");
    assertThat(bug.cycle()).containsExactly("fixup", "flusher", "fixup");
    assertThat(bug.roles()).extracting(Role::name).containsExactly("fixup", "flusher");
    assertThat(bug.roles().get(0).waits().get(0).path().steps()).hasSize(2);
    FramePath path = bug.roles().get(1).waits().get(0).path();
    assertThat(path.steps().get(0).alternatives()).startsWith("__lock_page", "__folio_lock");
    assertThat(path.steps().get(1)).hasToString("extent_write_cache_pages");
  }

  @Test
  void a_misspelt_clause_is_reported_where_it_stands_with_what_was_probably_meant() {
    assertThat(problems("wait page_lock\n    at f\n    kernals 4.1 .. 4.2\n"))
        .containsExactly("user.rules:3:5: error: found 'kernals'; did you mean kernels?");
  }

  @Test
  void a_missing_word_names_what_is_expected() {
    assertThat(problems("wait page_lock\n    at\n")).containsExactly("user.rules:3:1: error: the file ends where expected: a word");
    assertThat(problems("hold page_lock\n    because \"x\"\n"))
        .containsExactly("user.rules:2:5: error: found 'because' where expected: a comma, in");
  }

  @Test
  void a_word_of_the_language_as_a_name_is_reported() {
    assertThat(problems("wait page_lock\n    at while\n"))
        .first()
        .isEqualTo("user.rules:2:8: error: found 'while', which is a word of the rule language, where a name is expected");
  }

  @Test
  void a_stray_character_and_an_open_quote_are_reported() {
    assertThat(problems("wait page_lock at f ;\n")).containsExactly("user.rules:1:21: error: the character ';' has no meaning here");
    assertThat(problems("wait page_lock at f because \"open\n"))
        .first().asString().contains("user.rules:1:29: error: text in quotes does not end on its line");
  }

  @Test
  void one_broken_block_does_not_take_the_next_with_it() {
    Knowledge knowledge = with("wait page_lock at\nwait page_lock at good_one\n" + BUG);
    assertThat(knowledge.diagnostics()).hasSize(1);
    assertThat(knowledge.bug("X1")).isNotNull();
  }

  @Test
  void unknown_kinds_primitives_and_services_are_reported() {
    assertThat(problems("wait page_lok at f\n"))
        .containsExactly("user.rules:1:1: error: no resource 'page_lok' is declared; did you mean page_lock?");
    assertThat(problems("wait mutex at f behind mutexes\n"))
        .containsExactly("user.rules:1:1: error: no primitive 'mutexes' is declared; did you mean mutex?");
    assertThat(problems("progress mutex needs all service clean\n"))
        .containsExactly("user.rules:1:10: error: no service 'clean' is declared");
  }

  @Test
  void a_bad_release_range_or_percentage_is_reported() {
    assertThat(problems("wait mutex at f kernels 5.6 .. 5.4\n"))
        .containsExactly("user.rules:1:17: error: kernels 5.6 .. 5.4 is empty: the first is newer than the last");
    assertThat(problems("wait mutex at f kernels five .. 5.4\n"))
        .containsExactly("user.rules:1:25: error: 'five' is no kernel release such as 5.4 or 6.1.25");
    assertThat(problems("hold mutex in f offset above 120 %\n"))
        .containsExactly("user.rules:1:30: error: '120' is no percentage from 0 to 100");
  }

  @Test
  void contradictions_and_repetitions_are_reported() {
    assertThat(problems("wait mutex at f asleep while g\n"))
        .containsExactly("user.rules:1:1: error: a frame that is asleep calls nothing: 'asleep' and 'while' exclude each other");
    assertThat(problems("wait mutex at f asleep asleep\n")).containsExactly("user.rules:1:24: error: 'asleep' stands twice in this block");
    assertThat(problems("wait mutex at f\nwait mutex at f\n"))
        .containsExactly("user.rules:2:1: warning: says the same as the rule at user.rules:1:1");
  }

  @Test
  void a_bug_must_say_something() {
    assertThat(problems("bug Bad_Name\n"))
        .containsExactly(
            "user.rules:1:5: error: bug 'Bad_Name' does not say its kind",
            "user.rules:1:5: error: bug 'Bad_Name' does not say its mechanism: add says \"...\"",
            "user.rules:1:5: error: bug 'Bad_Name' has neither a title nor a fix with a subject",
            "user.rules:1:5: error: the name of a bug is lower-case words joined by '-', not 'Bad_Name'");
  }

  @Test
  void roles_cycles_and_fixes_of_a_bug_are_checked() {
    assertThat(problems(BUG.replace("cycle  fixup -> flusher -> fixup", "cycle  fixup -> other")))
        .containsExactly(
            "user.rules:1:5: error: the cycle names 'other', which is no role of bug 'reserves-under-page-lock'",
            "user.rules:1:5: error: the cycle of bug 'reserves-under-page-lock' does not end where it starts");
    assertThat(problems(BUG.replace("role flusher", "role fixup")))
        .anySatisfy(p -> assertThat(p).contains("role 'fixup' stands twice"));
    assertThat(problems(BUG.replace("in 5.6", "in 3.2")))
        .containsExactly("user.rules:1:5: error: bug 'reserves-under-page-lock' is fixed in 3.2, before it came in 3.4");
    assertThat(problems(BUG.replace("f4b1363cae43 \"", "notacommit \"")))
        .containsExactly("user.rules:4:16: error: 'notacommit' is no commit: 7 to 40 hexadecimal digits");
    assertThat(problems(BUG.replace("hang-deadlock", "hang-deadlok")))
        .containsExactly("user.rules:3:16: error: unknown kind of bug 'hang-deadlok'; did you mean hang-deadlock?");
  }

  @Test
  void names_are_declared_once() {
    assertThat(problems(BUG + BUG))
        .anySatisfy(p -> assertThat(p).contains("bug 'reserves-under-page-lock' is already declared at user.rules:1:5"))
        .anySatisfy(p -> assertThat(p).contains("id 'X1' is already declared at user.rules:1:5"));
    assertThat(problems("resource page_lock \"again\"\n"))
        .containsExactly("user.rules:1:10: error: resource 'page_lock' is already declared at kinds.rules:5:10");
  }

  @Test
  void globs_match_whole_names() {
    assertThat(NamePattern.globMatches("rwsem_down_*_slowpath", "rwsem_down_read_slowpath")).isTrue();
    assertThat(NamePattern.globMatches("rwsem_down_*_slowpath", "rwsem_down_read_slowpath_x")).isFalse();
    assertThat(NamePattern.globMatches("*", "")).isTrue();
    assertThat(NamePattern.globMatches("a*b*c", "aXbXbc")).isTrue();
    assertThat(NamePattern.globMatches("a*b", "a")).isFalse();
  }
}
