package org.btrsleuth.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class InputsTest {
  private static final byte[] TEXT = "one\ntwo\n".repeat(5000).getBytes(StandardCharsets.US_ASCII);

  @TempDir Path dir;

  private final List<String> seen = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private interface Packer {
    OutputStream open(OutputStream out) throws IOException;
  }

  private static byte[] pack(Packer packer, byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream packed = packer.open(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }

  private void walk(byte[] standardInput, Object... paths) {
    List<String> names = Arrays.stream(paths).map(Object::toString).toList();
    Inputs.walk(names, new ByteArrayInputStream(standardInput), new Inputs.Visitor() {
      @Override
      public void input(Input input) {
        try {
          int length = input.bytes().readAllBytes().length;
          input.finish();
          seen.add(relative(input.path()) + " " + length);
        } catch (IOException e) {
          problems.add(relative(input.path()) + " " + Inputs.readProblem(e));
        }
      }

      @Override
      public void problem(String path, String problem) {
        problems.add(relative(path) + " " + problem);
      }
    });
  }

  private String relative(String path) {
    return path.replace(dir + "/", "");
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  @Test
  void compressed_files_are_read_whatever_their_name_is() throws IOException {
    walk(
        TEXT,
        write("plain", TEXT),
        write("a", pack(GZIPOutputStream::new, TEXT)),
        write("b", pack(ZstdOutputStream::new, TEXT)),
        write("c", pack(out -> new XZOutputStream(out, new LZMA2Options(0)), TEXT)),
        "-");
    assertThat(seen).containsExactly("plain 40000", "a 40000", "b 40000", "c 40000", "- 40000");
    assertThat(problems).isEmpty();
  }

  @Test
  void size_and_hash_are_those_of_the_stored_bytes() throws Exception {
    byte[] packed = pack(GZIPOutputStream::new, TEXT);
    byte[] withRest = Arrays.copyOf(packed, packed.length + 7);
    for (byte[] stored : List.of(TEXT, packed, withRest)) {
      Inputs.walk(List.of(write("f", stored).toString()), System.in, new Inputs.Visitor() {
        @Override
        public void input(Input input) {
          try {
            input.bytes().readNBytes(100);
            input.finish();
            assertThat(input.storedBytes()).isEqualTo(stored.length);
            assertThat(input.sha256())
                .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(stored)));
            seen.add("ok");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }

        @Override
        public void problem(String path, String problem) {
          problems.add(problem);
        }
      });
    }
    assertThat(seen).hasSize(3);
    assertThat(problems).isEmpty();
  }

  @Test
  void directories_are_walked_in_name_order_and_archives_opened() throws IOException {
    write("d/b/x.txt", TEXT);
    write("d/a.txt", TEXT);
    write("d/c.zip", zip());
    write("d/e.tar", tar());
    write("d/f.tar.gz", pack(GZIPOutputStream::new, tar()));
    write("d/g.tar.zst", pack(ZstdOutputStream::new, tar()));
    walk(TEXT, dir.resolve("d"));
    assertThat(seen)
        .containsExactly(
            "d/a.txt 40000", "d/b/x.txt 40000",
            "d/c.zip!log/1.txt 40000", "d/c.zip!log/2.gz 40000",
            "d/e.tar!t/1.txt 40000", "d/e.tar!t/2.gz 40000",
            "d/f.tar.gz!t/1.txt 40000", "d/f.tar.gz!t/2.gz 40000",
            "d/g.tar.zst!t/1.txt 40000", "d/g.tar.zst!t/2.gz 40000");
    assertThat(problems).isEmpty();
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("log/"));
      zip.putNextEntry(new ZipEntry("log/1.txt"));
      zip.write(TEXT);
      zip.putNextEntry(new ZipEntry("log/2.gz"));
      zip.write(pack(GZIPOutputStream::new, TEXT));
    }
    return out.toByteArray();
  }

  private static byte[] tar() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (String name : List.of("t/1.txt", "t/2.gz")) {
        byte[] bytes = name.endsWith("gz") ? pack(GZIPOutputStream::new, TEXT) : TEXT;
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Test
  void what_cannot_be_read_is_a_sentence() throws IOException {
    Files.createDirectories(dir.resolve("empty"));
    walk(TEXT, dir.resolve("none"), dir.resolve("empty"), "bad\0path");
    assertThat(seen).isEmpty();
    assertThat(problems)
        .satisfiesExactly(
            p -> assertThat(p).isEqualTo("none does not exist; check the path."),
            p -> assertThat(p).startsWith("empty is an empty directory;"),
            p -> assertThat(p).contains("is not a valid path"));
  }

  @Test
  void a_file_without_permission_is_a_sentence() throws IOException {
    Path file = write("secret", TEXT);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(file), "this user may read everything");
    walk(TEXT, file);
    assertThat(problems).containsExactly(
        "secret cannot be read: permission denied; run as a user who may read it or copy it.");
  }

  @Test
  void a_torn_compressed_file_is_a_sentence_that_says_so() throws IOException {
    byte[] packed = pack(GZIPOutputStream::new, TEXT);
    byte[] broken = packed.clone();
    broken[packed.length / 2] ^= 0x55;
    walk(TEXT, write("torn.gz", Arrays.copyOf(packed, packed.length / 2)), write("broken.gz", broken));
    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).startsWith("torn.gz ends in the middle of its compressed data;");
    assertThat(problems.get(1)).startsWith("broken.gz could not be read to its end (").contains("What could be read");
  }

  @Test
  void other_bytes_than_text_get_advice() {
    assertThat(advice("plain text\nwith a \u001b[1m colour\n".getBytes(StandardCharsets.UTF_8))).isNull();
    assertThat(advice(new byte[] {0x17, 8, 'D', 't', 'r', 'a', 'c', 'i', 'n', 'g'})).contains("trace-cmd report");
    assertThat(advice("PERFILE2....".getBytes(StandardCharsets.US_ASCII))).contains("perf script");
    assertThat(advice(new byte[4096])).startsWith("is binary");
    byte[] log = Arrays.copyOf("a line of a log before the crash\n".repeat(100).getBytes(StandardCharsets.US_ASCII), 3600);
    assertThat(advice(log)).as("a run of zero bytes in a log").isNull();
  }

  private static String advice(byte[] bytes) {
    return BinaryCheck.advice(bytes, bytes.length);
  }
}
