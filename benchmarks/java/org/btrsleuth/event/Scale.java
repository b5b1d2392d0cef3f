package org.btrsleuth.event;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Makes a long capture of a genuine short one: its events again and again, each round later by the length of the
 * capture, everything else as recorded. For measuring speed only: nothing else may be concluded from it.
 *
 * <p>Usage: {@code Scale [--new-inodes] CAPTURE MEGABYTES OUTPUT}; OUTPUT {@code -} is standard output. With {@code
 * --new-inodes} each round works on inodes of its own, as a host does that makes files all the time.
 */
public final class Scale {
  private static final Pattern INODE = Pattern.compile("(: (?:delalloc|delayed_inode): | ino=| inode=)(\\d{1,12})(?= )");

  private Scale() {}

  public static void main(String[] args) throws IOException {
    boolean inodes = args.length > 0 && args[0].equals("--new-inodes");
    List<String> words = Arrays.asList(args).subList(inodes ? 1 : 0, args.length);
    if (words.size() != 3) {
      System.err.println("usage: Scale [--new-inodes] CAPTURE MEGABYTES OUTPUT");
      System.exit(2);
    }
    String to = words.get(2);
    try (OutputStream file = to.equals("-") ? System.out : Files.newOutputStream(Path.of(to));
        OutputStream out = new BufferedOutputStream(file, 1 << 20)) {
      scale(Path.of(words.get(0)), Long.parseLong(words.get(1)) << 20, inodes, out);
    }
  }

  /** The capture scaled up to about {@code bytes}. */
  static byte[] scaled(Path capture, long bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(bytes + (1 << 20), Integer.MAX_VALUE - 8));
    try {
      scale(capture, bytes, false, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void scale(Path capture, long bytes, boolean inodes, OutputStream out) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    List<int[]> seconds = new ArrayList<>();
    long first = Long.MAX_VALUE;
    long last = 0;
    try (InputStream in = Files.newInputStream(capture)) {
      byte[] all = (capture.toString().endsWith(".gz") ? new GZIPInputStream(in) : in).readAllBytes();
      for (String line : new String(all, StandardCharsets.ISO_8859_1).split("\n")) {
        int[] at = secondsIn(line);
        lines.add(line.getBytes(StandardCharsets.ISO_8859_1));
        seconds.add(at);
        if (at != null) {
          long s = Long.parseLong(line.substring(at[0], at[1]));
          first = Math.min(first, s);
          last = Math.max(last, s);
        }
      }
    }
    long span = first > last ? 0 : last - first + 1;
    long written = 0;
    for (long round = 0; written < bytes; round++) {
      for (int i = 0; i < lines.size(); i++) {
        byte[] line = inodes ? later(lines.get(i), round) : lines.get(i);
        int[] at = seconds.get(i);
        if (round > 0 && line.length > 0 && line[0] == '#') {
          continue;
        }
        if (at == null || round == 0) {
          out.write(line);
          written += line.length + 1;
        } else {
          String text = new String(line, at[0], at[1] - at[0], StandardCharsets.ISO_8859_1);
          byte[] later = Long.toString(Long.parseLong(text) + round * span).getBytes(StandardCharsets.ISO_8859_1);
          out.write(line, 0, at[0]);
          out.write(later);
          out.write(line, at[1], line.length - at[1]);
          written += line.length - (at[1] - at[0]) + later.length + 1;
        }
        out.write('\n');
      }
    }
  }

  /** The line with its inode numbers moved to those of {@code round}; the file system's first file is number 257. */
  private static byte[] later(byte[] line, long round) {
    Matcher inode = INODE.matcher(new String(line, StandardCharsets.ISO_8859_1));
    return inode
        .replaceAll(m -> m.group(1) + (Long.parseLong(m.group(2)) + (m.group(2).length() < 3 ? 0 : round * 100_000)))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Where the seconds of a time stamp {@code  1234.567890: } stand, null if there is none in the first 100 bytes. */
  private static int[] secondsIn(String line) {
    for (int dot = line.indexOf('.'); dot > 0 && dot < 100; dot = line.indexOf('.', dot + 1)) {
      int from = dot;
      while (from > 0 && Character.isDigit(line.charAt(from - 1))) {
        from--;
      }
      int to = dot + 1;
      while (to < line.length() && Character.isDigit(line.charAt(to))) {
        to++;
      }
      if (from < dot && from > 0 && line.charAt(from - 1) == ' ' && to - dot >= 7 && to < line.length()
          && line.charAt(to) == ':') {
        return new int[] {from, dot};
      }
    }
    return null;
  }
}
