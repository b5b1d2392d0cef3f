package org.btrsleuth.event;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.testing.Captures;

/** Text for tests that compare: all captures that are here, cut down, and mutations of them. */
final class Corpus {
  private Corpus() {}

  /** A name and bytes that end with a line feed. */
  record Text(String name, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Every capture of {@code sample-traces} and the large collection: its first {@code limit} bytes, which {@code
   * -Dcorpus=MEBIBYTES} raises.
   */
  static List<Text> captures(int most) {
    int limit = Math.max(most, Integer.getInteger("corpus", 0) << 20);
    List<Text> texts = new ArrayList<>();
    texts.add(new Text("lines", ShapesOfLines.TEXT.getBytes(StandardCharsets.UTF_8)));
    for (Path root : List.of(Path.of("sample-traces"), Path.of("../shared/traces"))) {
      if (!Files.isDirectory(root)) {
        System.err.println("no captures in " + root);
        continue;
      }
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.filter(Corpus::isText).sorted().toList()) {
          texts.add(new Text(file.toString(), head(file, limit)));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }

  private static boolean isText(Path file) {
    String name = file.getFileName().toString();
    return Files.isRegularFile(file) && (name.endsWith(".txt") || name.endsWith(".txt.gz"));
  }

  static byte[] head(Path file, int limit) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = (file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in).readNBytes(limit);
      return whole(bytes, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code bytes[0, length)} with a line feed at the end. */
  static byte[] whole(byte[] bytes, int length) {
    boolean ends = length > 0 && bytes[length - 1] == '\n';
    byte[] whole = java.util.Arrays.copyOf(bytes, ends ? length : length + 1);
    whole[whole.length - 1] = '\n';
    return whole;
  }

  /** {@code text} with random bytes changed, removed, doubled, lines cut and joined. */
  static byte[] mutate(byte[] text, Random random) {
    byte[] from = text;
    int length = Math.min(from.length, 4000);
    int start = random.nextInt(from.length - length + 1);
    byte[] to = new byte[length * 2 + 1];
    int n = 0;
    String spice = " \t\n\r-:=>[]()0129azAZ_#<.+\u007f\0";
    for (int i = start; i < start + length && n < to.length - 40; i++) {
      int dice = random.nextInt(400);
      if (dice == 0) {
        to[n++] = (byte) spice.charAt(random.nextInt(spice.length()));
      } else if (dice == 1) {
        to[n++] = (byte) random.nextInt(256);
        to[n++] = from[i];
      } else if (dice == 2) {
        i += random.nextInt(30);
      } else if (dice == 3) {
        int back = Math.min(n, random.nextInt(30));
        System.arraycopy(to, n - back, to, n, back);
        n += back;
      } else {
        to[n++] = from[i];
      }
    }
    return whole(to, n);
  }

  static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  static boolean largeCollection() {
    return Captures.sharedPresent();
  }
}
