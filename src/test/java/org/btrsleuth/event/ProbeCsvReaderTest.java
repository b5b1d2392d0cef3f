package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.source.Input;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;

class ProbeCsvReaderTest {
  private static final String HEADER =
      "ts_ns,cpu,pid,tid,comm,event,fsid,sb,root,ino,rsv_name,val,bytes,diff,old,ret,inode_type,inode_size,"
          + "inode_reserved\n";

  @Test
  void readsARecordWithStateAndAQuotedTaskName() {
    List<String> seen = new ArrayList<>();
    InputStats stats =
        csv(
            HEADER
                + "1500,1,7,7,\"a\n\"\"b,\",btrfs_space_reservation,f-1,0x1,0,0,\"delalloc\",258,655360,0,0,1,,,\n"
                + "1600,0,8,8,\"dd\",btrfs_ordered_extent_remove,f-1,0x1,5,258,,12,4096,0,0,0,DELALLOC,131072,65536\n",
            seen);
    assertThat(seen)
        .containsExactly(
            "2 SPACE_RESERVATION t=1500 pid=7 [a\n\"b,] f-1 RSV=(delalloc) VAL=258 RESERVE=1 BYTES=655360",
            "4 ORDERED_EXTENT_REMOVE t=1600 pid=8 [dd] f-1 ROOT=5 INO=258 FLAGS=0 START=12 DISK_LEN=4096"
                + " INODE_SIZE=131072 INODE_RESERVED=65536");
    assertThat(stats.eventLines()).isEqualTo(2);
    assertThat(stats.problems()).isEmpty();
  }

  @Test
  void handsOutRecordsThatAreNone() {
    List<String> seen = new ArrayList<>();
    InputStats stats = csv(HEADER + "x,1,7,7,a,btrfs_sync_fs,f\n12,0,1,1,ok,btrfs_inode_evict,f,0,5,300\n", seen);
    assertThat(seen).containsExactly("other 2 x,1,7,7,a,btrfs_sync_fs,f", "3 INODE_EVICT t=12 pid=1 [ok] f ROOT=5 INO=300");
    assertThat(stats.otherLines()).isEqualTo(1);
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(csv("a,b\n1,2\n", new ArrayList<>()).problems()).singleElement().asString().contains("lacks the columns ts_ns");
    List<String> seen = new ArrayList<>();
    InputStats cut = csv(HEADER + "1,0,1,1,ok,btrfs_inode_evict,f,0,5,300\n2,0,1,1,\"never closed", seen);
    assertThat(seen).isNotEmpty();
    assertThat(csv("", new ArrayList<>()).eventLines()).isZero();
    assertThat(cut.eventLines() + cut.otherLines()).isPositive();
  }

  @Test
  void knowsItsHeader() {
    assertThat(ProbeCsvReader.recognises(HEADER.getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(ProbeCsvReader.recognises("ts_ns,pid,event\n".getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  /** The probe and ftrace recorded the same run: what a task reserved and released must read the same in both. */
  @Test
  void agreesWithFtraceOfTheSameRun() throws Exception {
    Path csv = Captures.shared("traces/v6.18/5-bpf/rsvprobe-basic.csv.txt.gz");
    Path ftrace = Captures.shared("traces/v6.18/5-bpf/rsvprobe-basic.ftrace-mono.txt.gz");
    Map<Integer, List<String>> fromCsv = new TreeMap<>();
    Map<Integer, List<String>> fromFtrace = new TreeMap<>();
    long[] states = {0};
    try (InputStream in = new GZIPInputStream(Files.newInputStream(csv))) {
      InputStats stats =
          new ProbeCsvReader(new Symbols())
              .read(
                  Input.of("csv", in),
                  (events, lines) -> {
                    collect(events, fromCsv);
                    for (int i = 0; i < events.size(); i++) {
                      states[0] += events.has(i, Field.INODE_RESERVED) ? 1 : 0;
                    }
                  });
      assertThat(stats.eventLines()).isEqualTo(75086);
      assertThat(stats.problems()).isEmpty();
    }
    assertThat(states[0]).isGreaterThan(7000);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(ftrace))) {
      new TraceReader(new Symbols(), new StackTable(), new TraceReader.Options(1, 1 << 20, 1 << 20, false))
          .read(Input.of("ftrace", in), (events, lines) -> collect(events, fromFtrace));
    }
    assertThat(fromFtrace).hasSizeGreaterThan(20);
    fromFtrace.forEach(
        (pid, lines) ->
            assertThat(String.join("\n", fromCsv.get(pid))).as("task %d", pid).contains(String.join("\n", lines)));
  }

  @Test
  void countsRecordsNotLines() throws Exception {
    Path csv = Captures.shared("traces/v6.18/5-bpf/badnames-rsvprobe.csv");
    long[] torn = {0};
    try (InputStream in = Files.newInputStream(csv)) {
      InputStats stats =
          new ProbeCsvReader(new Symbols())
              .read(
                  Input.of("csv", in),
                  (events, lines) -> {
                    for (int i = 0; i < events.size(); i++) {
                      torn[0] += events.symbols().text(events.comm(i)).contains("\n") ? 1 : 0;
                    }
                  });
      assertThat(stats.otherLines()).isZero();
      assertThat(torn[0]).isPositive();
      assertThat(stats.problems()).isEmpty();
    }
  }

  private static void collect(EventBlock events, Map<Integer, List<String>> byTask) {
    for (int i = 0; i < events.size(); i++) {
      if (events.type(i) == EventType.SPACE_RESERVATION) {
        byTask
            .computeIfAbsent(events.pid(i), p -> new ArrayList<>())
            .add(
                events.symbolText(i, Field.RSV)
                    + " "
                    + events.number(i, Field.VAL)
                    + (events.number(i, Field.RESERVE) == 1 ? " reserve " : " release ")
                    + events.number(i, Field.BYTES));
      }
    }
  }

  private static InputStats csv(String text, List<String> seen) {
    return new ProbeCsvReader(new Symbols())
        .read(
            Input.of("test", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))),
            (events, lines) -> {
              List<String> all = new ArrayList<>();
              for (int i = 0; i < lines.size(); i++) {
                all.add("other " + lines.line(i) + " " + lines.text(i));
              }
              for (int i = 0; i < events.size(); i++) {
                all.add(render(events, i));
              }
              seen.addAll(all);
            });
  }

  private static String render(EventBlock b, int i) {
    StringBuilder s = new StringBuilder();
    s.append(b.line(i)).append(' ').append(b.type(i)).append(" t=").append(b.time(i)).append(" pid=").append(b.pid(i));
    s.append(" [").append(b.symbols().text(b.comm(i))).append("] ").append(b.symbols().text(b.fsid(i)));
    for (Field field : Field.values()) {
      if (b.has(i, field)) {
        s.append(' ').append(field).append('=');
        String text = b.symbolText(i, field);
        s.append(text.isEmpty() ? String.valueOf(b.number(i, field)) : "(" + text + ")");
      }
    }
    return s.toString();
  }
}
