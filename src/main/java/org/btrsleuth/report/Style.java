package org.btrsleuth.report;

/** Colours of the text report: ANSI sequences, or nothing where output is no terminal. */
public enum Style {
  PLAIN(false),
  ANSI(true);

  private final boolean colour;

  Style(boolean colour) {
    this.colour = colour;
  }

  String bold(String text) {
    return wrap("1", text);
  }

  String dim(String text) {
    return wrap("2", text);
  }

  String red(String text) {
    return wrap("1;31", text);
  }

  String yellow(String text) {
    return wrap("1;33", text);
  }

  String green(String text) {
    return wrap("1;32", text);
  }

  String cyan(String text) {
    return wrap("36", text);
  }

  private String wrap(String code, String text) {
    return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
