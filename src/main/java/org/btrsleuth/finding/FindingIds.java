package org.btrsleuth.finding;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeSet;

/** Stable signatures of findings: from the mechanism alone, never from pids, addresses or offsets. */
final class FindingIds {
  private FindingIds() {}

  /** Equal for equal patterns and mechanisms in any order. */
  static String of(String pattern, Collection<String> mechanism) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(pattern.getBytes(StandardCharsets.UTF_8));
      for (String part : new TreeSet<>(mechanism)) {
        digest.update((byte) 0);
        digest.update(part.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
