package org.btrsleuth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.btrsleuth.report.Words;
import org.btrsleuth.source.Input;

/**
 * One line on standard error that shows how far reading is, with rate and remaining time. Nothing is drawn in the first
 * half second, so short runs stay quiet. A thread of its own looks at the input now and then: the hot path knows
 * nothing of it.
 */
final class ProgressBar implements AutoCloseable {
  private static final long QUIET_MILLIS = 500;
  private static final long PERIOD_MILLIS = 200;
  private static final int WIDTH = 30;
  private static final String ERASE = "\r\u001b[K";

  private final Terminal terminal;
  private final long total;
  private final long started = System.nanoTime();
  private final Thread painter = new Thread(this::paint, "progress");
  private volatile Input current;
  private volatile long finished;
  private volatile boolean closed;
  private boolean drawn;

  private ProgressBar(Terminal terminal, long total) {
    this.terminal = terminal;
    this.total = total;
  }

  static ProgressBar start(Terminal terminal, List<String> paths) {
    ProgressBar bar = new ProgressBar(terminal, total(paths));
    bar.painter.setDaemon(true);
    bar.painter.start();
    return bar;
  }

  /** Bytes of all inputs as they are stored, 0 if that cannot be known. */
  private static long total(List<String> paths) {
    long sum = 0;
    for (String path : paths) {
      if (path.equals("-")) {
        return 0;
      }
      try (Stream<Path> files = Files.walk(Path.of(path))) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          sum += Files.size(file);
        }
      } catch (IOException | java.io.UncheckedIOException | java.nio.file.InvalidPathException e) {
        // Reading the inputs will name what is wrong; here it only means that the end is not known.
        return 0;
      }
    }
    return sum;
  }

  /** Called before each input is read. */
  void reading(Input input) {
    Input before = current;
    if (before != null) {
      finished += before.storedBytes();
    }
    current = input;
  }

  private void paint() {
    try {
      Thread.sleep(QUIET_MILLIS);
      while (!closed) {
        synchronized (this) {
          if (!closed) {
            terminal.err().print(ERASE + line(System.nanoTime() - started));
            terminal.err().flush();
            drawn = true;
          }
        }
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String line(long nanos) {
    Input input = current;
    long done = finished + (input == null ? 0 : input.storedBytes());
    return line(done, input != null && input.path().contains("!") ? 0 : total, nanos);
  }

  /** {@code total} 0: the end is not known. */
  static String line(long done, long total, long nanos) {
    double seconds = Math.max(nanos, 1) / 1e9;
    long rate = (long) (done / seconds);
    String text = Words.bytes(done) + ", " + Words.bytes(rate) + "/s";
    if (total <= 0) {
      return "reading " + text;
    }
    double part = Math.min(1, done / (double) total);
    int filled = (int) (part * WIDTH);
    String bar = "[" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] ";
    String left = rate <= 0 ? "" : ", " + Math.max(0, (total - done) / rate) + " s left";
    return bar + (int) (part * 100) + " %  " + text + left;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (drawn) {
        terminal.err().print(ERASE);
        terminal.err().flush();
      }
    }
    painter.interrupt();
  }
}
