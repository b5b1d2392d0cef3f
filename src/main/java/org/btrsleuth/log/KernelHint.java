package org.btrsleuth.log;

import org.btrsleuth.source.Evidence;

/**
 * A kernel version as a log states it.
 *
 * @param version as printed, "5.4.0-42-generic"
 * @param at line that says so
 * @param kind where it stands, the most trustworthy first
 */
public record KernelHint(String version, Evidence at, Kind kind) {

  /** What kind of line a version was read from. */
  public enum Kind {
    /** {@code Linux version 5.4.0 (gcc ...)}. */
    BOOT,
    /** {@code CPU: 0 PID: 1 Comm: sync Not tainted 5.4.0 #1} and the second line of a hung-task or lockdep report. */
    REPORT,
    /** {@code uname -a} among other text: may be of another host. */
    UNAME
  }
}
