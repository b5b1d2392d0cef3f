package org.btrsleuth.cli;

/** Formats of {@code --format}; the names are spelled in lower case on the command line. */
enum OutputFormat {
  text,
  json,
  markdown,
  html
}
