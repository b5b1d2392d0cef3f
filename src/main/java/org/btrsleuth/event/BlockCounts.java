package org.btrsleuth.event;

import java.util.ArrayList;
import java.util.List;

/** Counts of one block, added up by the reader. */
final class BlockCounts {
  int lines;
  int eventLines;
  int undecoded;
  int stackLines;
  int userFrames;
  int headerLines;
  int otherLines;
  final List<Header> headers = new ArrayList<>();

  /** A comment line of the trace; the line number is the block's. */
  record Header(int line, String text) {}

  void clear() {
    lines = 0;
    eventLines = 0;
    undecoded = 0;
    stackLines = 0;
    userFrames = 0;
    headerLines = 0;
    otherLines = 0;
    headers.clear();
  }
}
