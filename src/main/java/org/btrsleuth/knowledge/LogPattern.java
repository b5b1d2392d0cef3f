package org.btrsleuth.knowledge;

/**
 * A record in the log that belongs to a bug.
 *
 * @param type which record
 * @param argument kind of splat, name of the error number, or text pattern in which {@code *} is any text
 * @param in where it must stand, null if anywhere
 * @param times how often it must stand there at least: more than once tells a loop from an event
 * @param optional true if it supports the bug but need not be there
 * @param common true if kernels without the bug show it, too; alone it names nothing
 */
public record LogPattern(Type type, String argument, FramePath in, int times, boolean optional, boolean common, Position at) {

  /** Which record a pattern looks at. */
  public enum Type {
    /** A WARN, BUG, oops, assertion, lockup or sanitizer report. */
    SPLAT,
    /** A transaction abort or a file system error with that error number. */
    ABORT,
    /** Any message. */
    MESSAGE
  }
}
