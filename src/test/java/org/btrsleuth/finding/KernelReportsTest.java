package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How reports of the kernel are told that no known bug explains; texts written for these tests. */
class KernelReportsTest {
  @TempDir Path dir;

  private List<Finding> findings(String log) throws IOException {
    return Incidents.all(null, Files.writeString(dir.resolve("log.txt"), log));
  }

  @Test
  void a_failed_assertion_is_where_it_was_checked_not_where_it_was_printed() throws IOException {
    Finding finding =
        findings(
                """
                [  10.000001] assertion failed: cur > 0, in fs/btrfs/some.c:7
                [  10.000002] ------------[ cut here ]------------
                [  10.000003] kernel BUG at fs/btrfs/ctree.h:3204!
                [  10.000004] CPU: 1 PID: 5 Comm: btrfs Not tainted 5.4.0 #1
                [  10.000005] RIP: 0010:assertfail.constprop.0+0x18/0x1a [btrfs]
                [  10.000006] Call Trace:
                [  10.000007]  some_checked_step+0x9/0x60 [btrfs]
                [  10.000008]  its_caller+0x9/0x60 [btrfs]
                """)
            .get(0);
    assertThat(finding.title()).isEqualTo("The kernel reported an assertion in some_checked_step");
    assertThat(finding.explanation()).containsExactly("It came from some_checked_step < its_caller.");
  }

  @Test
  void a_lock_that_was_never_initialised_is_no_lock_order() throws IOException {
    Finding finding =
        findings(
                """
                [  10.000001] INFO: trying to register non-static key.
                [  10.000002] turning off the locking correctness validator.
                [  10.000003] CPU: 1 PID: 5 Comm: mount Not tainted 6.19.0 #1
                [  10.000004] Call Trace:
                [  10.000005]  dump_stack_lvl+0x1/0x2
                [  10.000006]  register_lock_class+0x1/0x2
                [  10.000007]  some_user_of_the_lock+0x1/0x2 [btrfs]
                """)
            .get(0);
    assertThat(finding.pattern()).isEqualTo("lockdep-report");
    assertThat(finding.title()).isEqualTo("lockdep reported: trying to register non-static key");
    assertThat(finding.explanation()).containsExactly("It came from some_user_of_the_lock.");
  }

  @Test
  void who_allocated_something_waits_for_nothing() throws IOException {
    List<Finding> findings =
        findings(
            """
             post_alloc_hook+0x1e6/0x210
             prep_new_page+0x17/0x60
             get_page_from_freelist+0x31db/0x3360
             __alloc_pages+0x255/0x670
            """);
    assertThat(findings).isEmpty();
  }
}
