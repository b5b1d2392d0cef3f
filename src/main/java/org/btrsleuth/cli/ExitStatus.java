package org.btrsleuth.cli;

/** Exit statuses, part of the output contract. */
final class ExitStatus {
  /** Analysed; nothing of severity error was found. */
  static final int OK = 0;
  /** Analysed; at least one finding of severity error. */
  static final int FOUND = 1;
  /** The command line is wrong. */
  static final int USAGE = 2;
  /** An input could not be read, or nothing in it was recognised. */
  static final int INPUT = 3;
  /** A defect of btrsleuth itself. */
  static final int INTERNAL = 4;

  private ExitStatus() {}
}
