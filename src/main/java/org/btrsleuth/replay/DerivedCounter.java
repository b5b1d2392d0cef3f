package org.btrsleuth.replay;

/** A counter that no event prints by itself: known from the first snapshot on, moved by what other events say. */
final class DerivedCounter {
  private boolean anchored;
  private long value;

  boolean isAnchored() {
    return anchored;
  }

  long value() {
    return value;
  }

  void anchor(long printed) {
    anchored = true;
    value = printed;
  }

  void change(long bytes) {
    value += bytes;
  }

  /** Something that moves it was not recorded. */
  void gap() {
    anchored = false;
  }
}
