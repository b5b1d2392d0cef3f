package org.btrsleuth.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Where tests find captures. {@code sample-traces/} always exists; the larger collection {@code ../shared} only where
 * the project is developed, so tests that need it are skipped elsewhere, with a message on standard error.
 */
public final class Captures {
  private static final Path SHARED = Path.of("../shared");

  private Captures() {}

  /** A file of {@code sample-traces/}. */
  public static Path sample(String name) {
    return Path.of("sample-traces").resolve(name);
  }

  /** Whether the large collection is there. */
  public static boolean sharedPresent() {
    return Files.isDirectory(SHARED);
  }

  /** A file or directory of the large collection; skips the calling test where it is absent. */
  public static Path shared(String name) {
    Path path = SHARED.resolve(name);
    if (!Files.exists(path)) {
      System.err.println("SKIPPED, needs " + path + " which is not here");
      Assumptions.abort("needs " + path);
    }
    return path;
  }
}
