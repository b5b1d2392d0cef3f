package org.btrsleuth.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A signature written for one kernel reads the stacks of others. */
class FunctionsTest {
  private static Bug bug(String role) {
    Knowledge knowledge =
        Knowledge.shipped()
            .with(
                "user.rules",
                """
                function old_name .. 5.4 | new_name 5.5 .. 6.0
                function new_name 5.5 .. 6.0 | newest_name 6.1 ..
                bug renamed-things
                    kind hang-deadlock
                    fix  "btrfs: the fix"
                    role waiter
                        waits at %s
                    says "waits for ever"
                """
                    .formatted(role));
    assertThat(knowledge.diagnostics()).isEmpty();
    return knowledge.bugs().get("renamed-things");
  }

  private static FramePath path(String role) {
    return bug(role).roles().get(0).waits().get(0).path();
  }

  @Test
  void any_name_of_the_family_will_do() {
    FramePath path = path("old_name < caller");
    for (String name : List.of("old_name", "new_name", "newest_name")) {
      assertThat(path.steps().get(0).matches(name)).as(name).isTrue();
    }
    assertThat(path.steps().get(1).alternatives()).containsExactly("caller");
  }

  @Test
  void a_function_and_the_one_it_is_inlined_into_are_one_step() {
    assertThat(path("old_name < newest_name < caller").steps()).hasSize(2);
    assertThat(path("old_name < caller < newest_name").steps()).hasSize(3);
    assertThat(path("caller < caller").steps()).hasSize(2);
  }

  @Test
  void names_tell_the_releases_of_a_stack() {
    Functions functions = Knowledge.shipped().functions();
    assertThat(functions.kernels(List.of("__folio_lock", "extent_write_cache_pages"))).hasToString("5.16 ..");
    assertThat(functions.kernels(List.of("__folio_lock", "lock_extent_bits"))).hasToString("5.16 .. 6.0");
    assertThat(functions.kernels(List.of("__folio_lock", "__lock_page"))).isNull();
    assertThat(functions.kernels(List.of("vfs_write"))).isEqualTo(KernelRange.ALWAYS);
  }

  @Test
  void shipped_bugs_know_folios_and_extent_locks_of_all_releases() {
    Bug bug = Knowledge.shipped().bugs().get("inline-clone-reserves-under-extent-range");
    List<FramePath> paths = bug.roles().stream().flatMap(r -> r.waits().stream()).map(Role.RoleWait::path).toList();
    for (String name : List.of("lock_extent_bits", "__lock_extent", "btrfs_lock_extent_bits", "btrfs_invalidate_folio")) {
      assertThat(paths).as(name).anyMatch(p -> p != null && p.steps().stream().anyMatch(s -> s.matches(name)));
    }
  }
}
