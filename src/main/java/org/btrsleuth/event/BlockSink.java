package org.btrsleuth.event;

/** Takes what a {@link TraceReader} read: block by block in file order, on the thread that called the reader. */
public interface BlockSink {
  /**
   * Both blocks are of the same bytes and are reused after return.
   *
   * @param events decoded events
   * @param lines every line that is not of a trace, blank ones too, in order
   */
  void accept(EventBlock events, LineBlock lines);
}
