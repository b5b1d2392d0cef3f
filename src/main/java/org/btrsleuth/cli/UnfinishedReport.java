package org.btrsleuth.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hidden directory in which a report is made before it is moved to its place. It is gone when this is closed, and also
 * when the process is told to end meanwhile: then either nothing of the report is left or, if it was being moved
 * already, all of it is there.
 */
final class UnfinishedReport implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 5;

  private final Path path;
  private final ExecutorService writers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  private final Thread onExit = new Thread(this::abandon, "abandon report");
  /** Taken by who moves the report and by who abandons it; the latter never gives it back. */
  private final Semaphore settled = new Semaphore(1);
  private volatile boolean abandoned;

  /** Something to be done for a report. */
  interface Step {
    void run() throws IOException;
  }

  private UnfinishedReport(Path path) {
    this.path = path;
  }

  static UnfinishedReport in(Path directory) throws IOException {
    String name = ".btrsleuth-" + ProcessHandle.current().pid() + "-" + Long.toUnsignedString(System.nanoTime(), 36);
    UnfinishedReport report = new UnfinishedReport(directory.resolve(name));
    report.create();
    return report;
  }

  /** What removes the directory when the process ends is there before the directory, and never runs while it is made. */
  private void create() throws IOException {
    try {
      Runtime.getRuntime().addShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The process is ending already: nothing is to be made any more.
      settled.drainPermits();
    }
    publish(() -> Files.createDirectory(path));
  }

  Path path() {
    return path;
  }

  /** Runs the steps, as many at a time as there are processors. */
  void all(List<Step> steps) throws IOException {
    List<Future<?>> running = new ArrayList<>();
    try {
      for (Step step : steps) {
        running.add(
            writers.submit(
                () -> {
                  step.run();
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      waitIfAbandoned();
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (RuntimeException e) {
      waitIfAbandoned();
      throw e;
    }
  }

  /** Runs a step that makes something visible; the process does not end in the middle of it, and none runs after that. */
  void publish(Step step) throws IOException {
    settled.acquireUninterruptibly();
    try {
      step.run();
    } finally {
      settled.release();
    }
  }

  /** The process is ending: what fails now fails because of that and is nobody's concern. */
  private void waitIfAbandoned() {
    if (abandoned) {
      settled.acquireUninterruptibly();
    }
  }

  private void abandon() {
    abandoned = true;
    settled.acquireUninterruptibly();
    try {
      stop();
      delete();
    } catch (UncheckedIOException e) {
      System.err.println("btrsleuth: " + e.getMessage());
    }
  }

  private void stop() {
    writers.shutdownNow();
    try {
      writers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    waitIfAbandoned();
    stop();
    delete();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The process is ending already; the hook has done or will do its work.
      return;
    }
  }

  private void delete() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " could not be removed", e);
    }
  }
}
