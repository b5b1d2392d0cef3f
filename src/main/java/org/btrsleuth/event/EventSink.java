package org.btrsleuth.event;

/** Takes the decoded events of an incident: one input after the other, blocks in file order, on one thread. */
public interface EventSink {
  /** The block is reused after return. */
  void accept(EventBlock block);
}
