package org.btrsleuth.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventType;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.Region;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentReaderTest {
  @TempDir Path dir;

  private final List<EventType> seen = new ArrayList<>();

  private Incident read(KernelVersion stated, String... paths) {
    TraceReader traces = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    IncidentReader reader =
        new IncidentReader(
            traces,
            List.of(
                block -> {
                  for (int i = 0; i < block.size(); i++) {
                    seen.add(block.type(i));
                  }
                }),
            stated);
    return reader.read(List.of(paths), InputStream.nullInputStream());
  }

  private String write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.writeString(file, text);
    return file.toString();
  }

  @Test
  void one_file_may_hold_a_trace_and_a_log() throws IOException {
    String path =
        write(
            "mixed.txt",
            """
            [   10.000001] Linux version 5.4.0 (builder@host) #1 SMP
              dd-900   [001] .....    99.400000: btrfs_space_reservation: 0a6b0a6b-0000-0000-0000-000000000000: delalloc: 257 reserve 4096
            == 7 kworker/u4:0
            [<0>] __lock_page+0x44/0x50
            [<0>] extent_write_cache_pages+0x364/0x480
            """);
    Incident incident = read(null, path);
    assertThat(incident.inputs().get(0).regions())
        .extracting(Region::format)
        .containsExactly(Format.KERNEL_LOG, Format.FTRACE, Format.PROC_STACK);
    assertThat(incident.kernel().series()).isEqualTo("5.4");
    assertThat(incident.kernelAt().line()).isEqualTo(1);
    assertThat(incident.tasks()).hasSize(1);
    assertThat(incident.tasks().get(0).frames()).extracting(f -> f.line()).containsExactly(4L, 5L);
    assertThat(seen).containsExactly(EventType.SPACE_RESERVATION);
  }

  @Test
  void a_stated_kernel_overrides_what_the_log_says() throws IOException {
    String path = write("log.txt", "[   10.000001] Linux version 5.4.0 (builder@host) #1 SMP\n");
    Incident incident = read(KernelVersion.parse("4.19.40"), path);
    assertThat(incident.kernel().series()).isEqualTo("4.19");
    assertThat(incident.kernelAt()).isNull();
  }

  @Test
  void what_cannot_be_read_is_an_input_with_a_problem_and_the_rest_is_read() throws IOException {
    String good = write("good.txt", "== 7 kworker/u4:0\n[<0>] __lock_page+0x44/0x50\n");
    Incident incident = read(null, dir.resolve("absent").toString(), good);
    assertThat(incident.inputs()).hasSize(2);
    assertThat(incident.inputs().get(0).problems()).isNotEmpty();
    assertThat(incident.tasks()).hasSize(1);
  }

  @Test
  void standard_input_is_an_input() {
    TraceReader traces = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    byte[] text = "== 7 kworker/u4:0\n[<0>] __lock_page+0x44/0x50\n".getBytes(StandardCharsets.UTF_8);
    Incident incident =
        new IncidentReader(traces, List.of(), null).read(List.of("-"), new ByteArrayInputStream(text));
    assertThat(incident.inputs().get(0).path()).isEqualTo("-");
    assertThat(incident.tasks()).hasSize(1);
  }

  @Test
  void dumps_of_several_inputs_have_different_numbers() throws IOException {
    String first = write("a.txt", "== 7 kworker/u4:0\n[<0>] __lock_page+0x44/0x50\n");
    String second = write("b.txt", "== 7 kworker/u4:0\n[<0>] __lock_page+0x44/0x50\n");
    Incident incident = read(null, first, second);
    assertThat(incident.tasks()).extracting(t -> t.dump()).doesNotHaveDuplicates();
  }

  @Test
  void every_line_of_the_samples_is_in_a_region_or_counted() {
    Incident incident = read(null, Captures.sample("page-lock").toString(), Captures.sample("healthy").toString());
    assertThat(incident.inputs()).isNotEmpty();
    for (InputSummary input : incident.inputs()) {
      long covered = input.regions().stream().mapToLong(r -> r.lastLine() - r.firstLine() + 1).sum();
      assertThat(covered + input.unrecognisedLines()).as(input.path()).isLessThanOrEqualTo(input.lines());
      assertThat(input.problems()).as(input.path()).isEmpty();
    }
    assertThat(seen).isNotEmpty();
  }
}
