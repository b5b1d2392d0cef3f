package org.btrsleuth.log;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/** One line as input of a lexer, without a copy: made once, set to line after line. */
final class LineChars implements CharStream {
  private String text = "";
  private int at;

  void set(String line) {
    text = line;
    at = 0;
  }

  @Override
  public String getText(Interval interval) {
    int to = Math.min(interval.b + 1, text.length());
    return interval.a >= to ? "" : text.substring(interval.a, to);
  }

  @Override
  public void consume() {
    if (at >= text.length()) {
      throw new IllegalStateException("cannot consume EOF");
    }
    at++;
  }

  @Override
  public int LA(int i) {
    int index = i > 0 ? at + i - 1 : at + i;
    return i == 0 || index < 0 ? 0 : index >= text.length() ? IntStream.EOF : text.charAt(index);
  }

  @Override
  public int mark() {
    return -1;
  }

  @Override
  public void release(int marker) {
    // The whole line is there: nothing to release.
  }

  @Override
  public int index() {
    return at;
  }

  @Override
  public void seek(int index) {
    at = Math.min(index, text.length());
  }

  @Override
  public int size() {
    return text.length();
  }

  @Override
  public String getSourceName() {
    return IntStream.UNKNOWN_SOURCE_NAME;
  }
}
