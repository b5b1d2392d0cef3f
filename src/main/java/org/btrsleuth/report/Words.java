package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.btrsleuth.finding.Finding;
import org.btrsleuth.finding.Finding.ResourceRef;
import org.btrsleuth.finding.Finding.TaskRef;
import org.btrsleuth.replay.Bytes;
import org.btrsleuth.replay.ReplayReport.Flush;

/** How reports put the model into words and figures. Locale-independent, so that output is the same everywhere. */
public final class Words {
  private Words() {}

  /** {@code page_lock} -> {@code page lock}. */
  public static String kind(String kind) {
    return kind == null || kind.isEmpty() ? "unknown resource" : kind.replace('_', ' ');
  }

  /** Resource with its instance, where known. */
  public static String resource(ResourceRef ref) {
    return ref.instance() == null || ref.instance().isEmpty()
        ? kind(ref.kind())
        : kind(ref.kind()) + " of " + ref.instance();
  }

  /** {@code comm (pid)}, as much of it as is known. */
  public static String task(TaskRef task) {
    String comm = task.comm() == null || task.comm().isEmpty() ? "task" : task.comm();
    return task.pid() < 0 ? comm : comm + " (" + task.pid() + ")";
  }

  public static String certainty(boolean certain) {
    return certain ? "certain" : "inferred";
  }

  public static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Headline of a finding: {@code DEADLOCK, likely}, {@code ERROR, certain}, {@code NOTE, possible}. */
  public static String verdict(Finding f) {
    String what =
        !f.cycle().isEmpty() && f.severity() == Finding.Severity.ERROR
            ? "DEADLOCK"
            : f.severity() == Finding.Severity.INFO ? "NOTE" : f.severity().name();
    return what + ", " + lower(f.confidence());
  }

  /** Bytes for people: exact below 1 KiB, otherwise three significant digits with a binary unit. */
  public static String bytes(long bytes) {
    return Bytes.text(bytes);
  }

  /** What flush steps were asked for: the kernel asks some for everything, which it writes as the greatest number. */
  public static String asked(Flush flush) {
    if (flush.askedForAll() == 0) {
      return bytes(flush.bytesAsked());
    }
    return flush.bytesAsked() == 0 ? "everything" : bytes(flush.bytesAsked()) + ", " + count(flush.askedForAll()) + "x all";
  }

  /** 1234567 -> 1,234,567. */
  public static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** {@code 1 task}, {@code 2 tasks}. */
  public static String count(long n, String noun) {
    String plural = noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    return count(n) + " " + (n == 1 ? noun : plural);
  }

  /** Nanoseconds as seconds with nine digits. */
  public static String seconds(long nanos) {
    long abs = Math.abs(nanos);
    return (nanos < 0 ? "-" : "") + abs / 1_000_000_000L + "." + String.format(Locale.ROOT, "%09d",
        abs % 1_000_000_000L);
  }

  /** A duration for people: "340 ns", "1.2 ms", "31 s". */
  public static String duration(long nanos) {
    String[] units = {"ns", "us", "ms", "s"};
    double value = nanos;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 || value >= 100
        ? String.format(Locale.ROOT, "%.0f %s", value, units[unit])
        : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  /** Leaves out where a rule comes from, {@code [kernels 3.4 .. 5.5, fs/btrfs/inode.c]}, for short listings. */
  public static String withoutSources(String because) {
    return because.replaceAll(" \\[(?:kernels|fs/|mm/|block/|drivers/|kernel/|lib/)[^\\]]*\\]", "");
  }

  /** A figure of a finding: names that say bytes are shown as bytes, everything else as a count. */
  public static String number(String name, long value) {
    return name.toLowerCase(Locale.ROOT).contains("bytes") ? bytes(value) + " (" + value + ")" : count(value);
  }

  /** What a figure is called where {@link #number} gives it with its unit: {@code askedForBytes} -> {@code asked for}. */
  public static String figure(String name) {
    String words = name(name);
    return words.endsWith(" bytes") ? words.substring(0, words.length() - " bytes".length()) : words;
  }

  /** {@code bytesTaken} -> {@code bytes taken}. */
  public static String name(String camelCase) {
    StringBuilder out = new StringBuilder(camelCase.length() + 4);
    for (int i = 0; i < camelCase.length(); i++) {
      char c = camelCase.charAt(i);
      if (Character.isUpperCase(c) && i > 0) {
        out.append(' ').append(Character.toLowerCase(c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Breaks {@code text} at blanks into lines of at most {@code width} characters; longer words stay whole. */
  public static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (line.length() > 0) {
        line.append(' ');
      }
      line.append(word);
    }
    if (line.length() > 0) {
      lines.add(line.toString());
    }
    return lines;
  }

  /**
   * Makes foreign text harmless on a terminal: control characters, which could move the cursor or recolour, become
   * visible; tabs become blanks.
   */
  public static String printable(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean bad = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || isLoneSurrogate(text, i);
      if (bad && out == null) {
        out = new StringBuilder(text.length() + 8).append(text, 0, i);
      }
      if (out != null) {
        out.append(!bad ? c : c == '\t' ? ' ' : '\uFFFD');
      }
    }
    return out == null ? text : out.toString();
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  /** Cuts at {@code max} characters, with an ellipsis. */
  public static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max - 1) + "\u2026";
  }
}
