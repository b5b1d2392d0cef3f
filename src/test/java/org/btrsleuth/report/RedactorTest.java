package org.btrsleuth.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.btrsleuth.finding.Analysis;
import org.junit.jupiter.api.Test;

class RedactorTest {
  private static final List<String> SECRETS =
      List.of(
          SyntheticAnalysis.HOST, SyntheticAnalysis.USER_TASK, SyntheticAnalysis.UUID, "alice", "private-plan", "acme-cases",
          "dump.txt");

  @Test
  void nothing_secret_is_left_in_any_format() throws IOException {
    Analysis redacted = Redactor.redact(SyntheticAnalysis.rich());
    StringBuilder all = new StringBuilder();
    all.append(TextReport.render(redacted, Style.PLAIN, true));
    all.append(MarkdownReport.render(SyntheticAnalysis.TOOL, redacted));
    all.append(HtmlReport.render(SyntheticAnalysis.TOOL, redacted));
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    JsonReport.write(SyntheticAnalysis.TOOL, redacted, json);
    all.append(json.toString(StandardCharsets.UTF_8));
    for (String table : CsvTables.names()) {
      CsvTables.write(table, redacted, all);
    }
    assertThat(all.toString()).doesNotContain(SECRETS);
  }

  @Test
  void what_the_kernel_is_called_and_does_stays() {
    String text = TextReport.render(Redactor.redact(SyntheticAnalysis.rich()), Style.PLAIN, true);
    assertThat(text)
        .contains("kworker/u4:3 (73)", "page lock of inode 5/257", "f4b1363cae43", "input-1.txt:17", "task-1 (4321)");
  }

  @Test
  void pseudonyms_are_the_same_in_every_run_and_place() {
    Analysis redacted = Redactor.redact(SyntheticAnalysis.rich());
    assertThat(redacted.incident()).isEqualTo(Redactor.redact(SyntheticAnalysis.rich()).incident());
    assertThat(redacted.incident().tasks().get(2).comm()).isEqualTo("task-1");
    assertThat(redacted.findings().get(0).victims().get(0).task().comm()).isEqualTo("task-1");
    assertThat(redacted.replay().fileSystems().get(0).inodeUnitEvents().get(0).task()).isEqualTo("task-1-4321");
    assertThat(redacted.incident().tasks().get(2).header().text()).isEqualTo("task:task-1 state:D stack:0 pid:4321");
    assertThat(redacted.findings().get(0).explanation()).containsExactly("task-1 (4321) waits behind it.");
  }

  @Test
  void numbers_lines_and_verdicts_are_untouched() {
    Analysis plain = SyntheticAnalysis.rich();
    Analysis redacted = Redactor.redact(plain);
    assertThat(redacted.findings()).hasSameSizeAs(plain.findings());
    assertThat(redacted.findings().get(0).numbers()).isEqualTo(plain.findings().get(0).numbers());
    assertThat(redacted.findings().get(0).evidence().get(0).line()).isEqualTo(17);
    assertThat(redacted.replay().fileSystems().get(0).inodeUnits().withoutEntitlementBytes()).isEqualTo(1_966_080);
    assertThat(redacted.waitGraph().edges()).hasSameSizeAs(plain.waitGraph().edges());
  }

  @Test
  void names_are_found_by_the_shape_of_a_line() {
    Pseudonyms names = new Pseudonyms();
    List<String> lines =
        List.of(
            "   my-app v2-4711  [001] d..1. 12.345678: btrfs_sync_file: root=5(FS_TREE) ino=257",
            "[  12.3] INFO: task postgres:99 blocked for more than 120 seconds.",
            "Nov 20 12:00:00 db1.example.org kernel: BTRFS info (device sda1): has skinny extents",
            "<6>2026-11-20T12:00:00+00:00 web7 kernel: hello",
            "[ 1.0] CPU: 0 PID: 12 Comm: java Not tainted 5.4.0",
            "mysqld          D ffff880000000000     0  1234      1 0x00000000",
            "[ 9.9] Hardware name: Acme Server X1/MB-1, BIOS 1.2 01/02/2020");
    lines.forEach(names::learn);
    String out = String.join("\n", lines.stream().map(names::text).toList());
    assertThat(out)
        .doesNotContain("my-app", "postgres", "db1", "example.org", "web7", "java", "mysqld", "Acme")
        .contains("btrfs_sync_file: root=5(FS_TREE) ino=257", "BTRFS info (device sda1): has skinny extents", "blocked for more");
  }

  @Test
  void kernel_source_and_proc_paths_stay_readable() {
    Pseudonyms names = new Pseudonyms();
    assertThat(names.text("kernel BUG at /home/bob/build/linux-5.4/fs/btrfs/extent-tree.c:123!"))
        .isEqualTo("kernel BUG at fs/btrfs/extent-tree.c:123!");
    assertThat(names.text("==> /proc/73/stack <==")).isEqualTo("==> /proc/73/stack <==");
    assertThat(names.text("fs/btrfs/inode.c:42 x86/mm kworker/u4:3")).isEqualTo("fs/btrfs/inode.c:42 x86/mm kworker/u4:3");
    assertThat(names.text("error at /data/customers/list.txt")).isEqualTo("error at /file-1");
  }
}
