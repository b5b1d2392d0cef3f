package org.btrsleuth.event;

/** Runs the trace grammar over a block. For one worker. */
interface BlockParser {
  /** Reads {@code [from, length)}, whole lines, into the decoder; may throw, see {@link #parseAll}. */
  void parse(byte[] bytes, int from, int length, TraceDecoder decoder);

  /** What the parser remembers of tokens, null if it remembers nothing. */
  default TokenMemo memo() {
    return null;
  }

  /**
   * Reads a block. The grammar accepts everything, so an exception is a bug of ours; it costs the line on which it
   * happened, not the capture.
   *
   * @return lines on which the parser failed
   */
  default int parseAll(byte[] bytes, int length, TraceDecoder decoder) {
    int failures = 0;
    int from = 0;
    while (from < length) {
      try {
        parse(bytes, from, length, decoder);
        return failures;
      } catch (RuntimeException e) {
        failures++;
        int end = decoder.lineStart();
        while (end < length - 1 && bytes[end] != '\n') {
          end++;
        }
        decoder.skipLine(end);
        from = end + 1;
      }
    }
    return failures;
  }
}
