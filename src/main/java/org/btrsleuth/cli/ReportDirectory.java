package org.btrsleuth.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
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
    try {
      Files.createDirectories(directory);
      try (UnfinishedReport report = UnfinishedReport.in(directory)) {
        fill(report, tool, analysis);
        report.publish(() -> publish(report.path(), directory));
      }
    } catch (FileAlreadyExistsException e) {
      throw new UserError(ExitStatus.USAGE, directory + ": is a file; give --output a directory");
    } catch (IOException e) {
      throw new UserError(
          ExitStatus.USAGE,
          directory + ": the report could not be written (" + reason(e)
              + "); give --output a directory that can be written");
    }
  }

  private static String reason(IOException e) {
    String name = e.getClass().getSimpleName().replace("Exception", "");
    return name.equals("IO") ? e.getMessage() : name + ": " + e.getMessage();
  }

  /** Writes all files, several at a time, longest first: drawing is most of the work. */
  private static void fill(UnfinishedReport report, Tool tool, Analysis analysis) throws IOException {
    Path into = report.path();
    Path tables = Files.createDirectory(into.resolve("tables"));
    Path pictures = Files.createDirectory(into.resolve("charts"));
    List<Chart> charts = Charts.of(analysis);
    List<UnfinishedReport.Step> parts = new ArrayList<>();
    for (Chart chart : charts) {
      parts.add(
          () -> {
            try (OutputStream out =
                new BufferedOutputStream(Files.newOutputStream(pictures.resolve(chart.id() + ".png")))) {
              chart.png(out);
            }
          });
    }
    for (Chart chart : charts) {
      parts.add(() -> Files.writeString(pictures.resolve(chart.id() + ".svg"), chart.svg()));
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
    report.all(parts);
    // Last, as it shows what the charts have drawn by then.
    report.all(
        List.of(() -> Files.writeString(into.resolve("report.html"), HtmlReport.render(tool, analysis, charts))));
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
}
