package org.btrsleuth.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The two output streams and whether somebody watches them. Results go to {@code out} and nothing else; progress,
 * warnings and errors go to {@code err}.
 *
 * @param outIsTerminal standard output is a terminal
 * @param errIsTerminal standard error is a terminal
 */
record Terminal(PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, boolean noColour) {
  /** Set by the launcher, which can ask the shell: {@code out}, {@code err}, {@code out,err} or empty. */
  static final String TTY_PROPERTY = "btrsleuth.tty";

  /** The process's own streams, UTF-8 whatever the locale, so that output is the same everywhere. */
  static Terminal ofProcess() {
    String tty = System.getProperty(TTY_PROPERTY);
    boolean out;
    boolean err;
    if (tty == null) {
      out = consoleIsTerminal();
      err = out;
    } else {
      out = tty.contains("out");
      err = tty.contains("err");
    }
    String noColour = System.getenv("NO_COLOR");
    boolean dumb = "dumb".equals(System.getenv("TERM"));
    return new Terminal(
        stream(FileDescriptor.out), stream(FileDescriptor.err), out, err, dumb || noColour != null
            && !noColour.isEmpty());
  }

  private static PrintStream stream(FileDescriptor fd) {
    OutputStream file = new FileOutputStream(fd);
    return new PrintStream(new java.io.BufferedOutputStream(file, 1 << 16), false, StandardCharsets.UTF_8);
  }

  /** From Java 22 on there is a console even without a terminal; it then says so itself. */
  private static boolean consoleIsTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  void error(String message) {
    err.println("btrsleuth: " + message);
    err.flush();
  }
}
