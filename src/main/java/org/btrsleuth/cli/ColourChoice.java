package org.btrsleuth.cli;

/** Values of {@code --color}. */
enum ColourChoice {
  auto,
  always,
  never
}
