package org.btrsleuth.knowledge;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Closed vocabularies of the {@code bug} block. */
public final class Bugs {
  /** What {@code kind} may say. */
  public static final Set<String> KINDS =
      new TreeSet<>(
          Set.of(
              "hang-deadlock", "leaked-lock", "lost-wakeup", "livelock", "soft-lockup", "hang-slow", "lockdep",
              "lockdep-false", "sleeping-atomic", "enospc-abort", "enospc-early", "enospc-warn", "underflow-warn",
              "rsv-leak", "rsv-over", "qgroup-leak", "abort-other", "bug-oops", "warn", "memory-leak", "dump"));

  /** What {@code splat} may say: kinds of {@code LogRecord.Splat}. */
  public static final Set<String> SPLATS =
      new TreeSet<>(
          Set.of(
              "any", "warning", "bug", "oops", "assertion", "soft-lockup", "hard-lockup", "rcu-stall", "kasan", "kcsan",
              "ubsan", "sleeping-in-atomic", "panic", "kmemleak"));

  private static final Map<String, Integer> ERRNOS =
      Map.ofEntries(
          Map.entry("EPERM", -1), Map.entry("ENOENT", -2), Map.entry("EINTR", -4), Map.entry("EIO", -5),
          Map.entry("EAGAIN", -11), Map.entry("ENOMEM", -12), Map.entry("EFAULT", -14), Map.entry("EBUSY", -16),
          Map.entry("EEXIST", -17), Map.entry("EINVAL", -22), Map.entry("EFBIG", -27), Map.entry("ENOSPC", -28),
          Map.entry("EROFS", -30), Map.entry("EOVERFLOW", -75), Map.entry("EUCLEAN", -117), Map.entry("EDQUOT", -122));

  private Bugs() {}

  /** The negative error number of a name, 0 if it is none that file systems use. */
  public static int errno(String name) {
    return ERRNOS.getOrDefault(name, 0);
  }
}
