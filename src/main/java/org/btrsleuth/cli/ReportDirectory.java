package org.btrsleuth.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.btrsleuth.chart.Chart;
import org.btrsleuth.chart.Charts;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.report.CsvTables;
import org.btrsleuth.report.HtmlReport;
import org.btrsleuth.report.JsonReport;
import org.btrsleuth.report.MarkdownReport;
import org.btrsleuth.report.Tool;

/**
 * Writes a report directory. Everything is first written to a hidden directory beside its place and then moved, so
 * that an interrupted run leaves no half-written file. Files that are not ours are left alone.
 */
final class ReportDirectory {
  private static final List<String> FILES = List.of("report.html", "report.md", "report.json");
  private static final List<String> FOLDERS = List.of("tables", "charts");

  private ReportDirectory() {}

  static void write(Path directory, Tool tool, Analysis analysis) {
    Path temporary = null;
    Thread cleaner = null;
    try {
      Files.createDirectories(directory);
      temporary = Files.createTempDirectory(directory, ".btrsleuth-");
      Path unfinished = temporary;
      cleaner = new Thread(() -> delete(unfinished));
      Runtime.getRuntime().addShutdownHook(cleaner);
      fill(temporary, tool, analysis);
      publish(temporary, directory);
    } catch (FileAlreadyExistsException e) {
      throw new UserError(ExitStatus.USAGE, directory + ": is a file; give --output a directory");
    } catch (IOException e) {
      throw new UserError(
          ExitStatus.USAGE,
          directory + ": the report could not be written (" + reason(e)
              + "); give --output a directory that can be written");
    } finally {
      if (temporary != null) {
        delete(temporary);
      }
      forget(cleaner);
    }
  }

  private static String reason(IOException e) {
    String name = e.getClass().getSimpleName().replace("Exception", "");
    return name.equals("IO") ? e.getMessage() : name + ": " + e.getMessage();
  }

  /** Writes all files, as many at a time as there are processors: drawing is most of the work. */
  private static void fill(Path into, Tool tool, Analysis analysis) throws IOException {
    Path tables = Files.createDirectory(into.resolve("tables"));
    Path pictures = Files.createDirectory(into.resolve("charts"));
    List<Chart> charts = Charts.of(analysis);
    List<Part> parts = new ArrayList<>();
    for (Chart chart : charts) {
      parts.add(() -> draw(chart, pictures));
    }
    parts.add(() -> Files.writeString(into.resolve("report.md"), MarkdownReport.render(tool, analysis)));
    parts.add(
        () -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(into.resolve("report.json")))) {
            JsonReport.write(tool, analysis, out);
          }
        });
    for (String name : CsvTables.names()) {
      parts.add(
          () -> {
            try (Writer out = Files.newBufferedWriter(tables.resolve(name + ".csv"), StandardCharsets.UTF_8)) {
              CsvTables.write(name, analysis, out);
            }
          });
    }
    writeAll(parts);
    Files.writeString(into.resolve("report.html"), HtmlReport.render(tool, analysis, charts));
  }

  private static void draw(Chart chart, Path into) throws IOException {
    Files.writeString(into.resolve(chart.id() + ".svg"), chart.svg());
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(into.resolve(chart.id() + ".png")))) {
      chart.png(out);
    }
  }

  /** One file or two of a report. */
  private interface Part {
    void write() throws IOException;
  }

  private static void writeAll(List<Part> parts) throws IOException {
    ExecutorService writers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      List<Future<?>> written = new ArrayList<>();
      for (Part part : parts) {
        written.add(
            writers.submit(
                () -> {
                  part.write();
                  return null;
                }));
      }
      for (Future<?> one : written) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      writers.shutdownNow();
    }
  }

  private static void publish(Path from, Path to) throws IOException {
    for (String folder : FOLDERS) {
      Files.createDirectories(to.resolve(folder));
    }
    removeOldCharts(to);
    for (String folder : FOLDERS) {
      for (Path file : list(from.resolve(folder))) {
        move(file, to.resolve(folder).resolve(file.getFileName().toString()));
      }
    }
    for (String file : FILES) {
      move(from.resolve(file), to.resolve(file));
    }
  }

  /** Which charts there are depends on the input, so those of an older report of ours must not stay beside the new. */
  private static void removeOldCharts(Path directory) throws IOException {
    Path older = directory.resolve("report.json");
    if (!Files.isRegularFile(older) || !startsWithSchema(older)) {
      return;
    }
    for (Path file : list(directory.resolve("charts"))) {
      String name = file.getFileName().toString();
      if (Files.isRegularFile(file) && (name.endsWith(".svg") || name.endsWith(".png"))) {
        Files.delete(file);
      }
    }
  }

  private static boolean startsWithSchema(Path json) throws IOException {
    try (InputStream in = Files.newInputStream(json)) {
      return new String(in.readNBytes(200), StandardCharsets.UTF_8).contains("\"btrsleuth-report/");
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void delete(Path path) {
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

  private static void forget(Thread hook) {
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException e) {
      // The process is ending already; the hook has done or will do its work.
      return;
    }
  }
}
