package org.btrsleuth.finding;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.log.KernelHint;
import org.btrsleuth.log.LogReader;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.log.LogText;
import org.btrsleuth.stack.TaskSnapshot;

/** Reads logs and stack listings into incidents for tests. */
final class Incidents {
  private Incidents() {}

  static Incident of(Path... files) {
    List<TaskSnapshot> tasks = new ArrayList<>();
    List<LogRecord> records = new ArrayList<>();
    List<KernelHint> kernels = new ArrayList<>();
    int dump = 0;
    for (Path file : files) {
      LogReader reader = new LogReader(file.getFileName().toString(), dump);
      long number = 0;
      for (String line : text(file).split("\n", -1)) {
        reader.accept(++number, line);
      }
      LogText text = reader.finish();
      tasks.addAll(text.tasks());
      records.addAll(text.records());
      kernels.addAll(text.kernels());
      dump = text.nextDump();
    }
    KernelVersion kernel =
        kernels.stream()
            .min(Comparator.comparing(KernelHint::kind))
            .map(k -> KernelVersion.parse(k.version()))
            .orElse(null);
    return new Incident(List.of(), kernel, null, tasks, records);
  }

  static Incident text(String name, String log) {
    LogReader reader = new LogReader(name, 0);
    long number = 0;
    for (String line : log.split("\n", -1)) {
      reader.accept(++number, line);
    }
    LogText text = reader.finish();
    return new Incident(List.of(), null, null, text.tasks(), text.records());
  }

  private static String text(Path file) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
