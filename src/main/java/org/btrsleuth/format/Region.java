package org.btrsleuth.format;

/**
 * A run of lines of one format.
 *
 * @param firstLine 1-based, inclusive
 * @param lastLine 1-based, inclusive
 * @param records events, tasks or log records found in it
 */
public record Region(Format format, long firstLine, long lastLine, long records) {
  /**
   * Whether btrsleuth can read these lines. A kernel log in which nothing concerns it is still one that was read: that
   * it says nothing is an answer.
   */
  public boolean recognised() {
    return switch (format) {
      case PROSE, BINARY -> false;
      case KERNEL_LOG -> records > 0 || lastLine > firstLine;
      default -> records > 0;
    };
  }
}
