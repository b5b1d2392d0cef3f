package org.btrsleuth.accuracy;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;

/** Reads captures as the program does. */
final class Reading {
  private Reading() {}

  static Incident read(Path path) {
    Symbols symbols = new Symbols();
    TraceReader traces = new TraceReader(symbols, new StackTable(), new TraceReader.Options(1, 1 << 20, 1 << 20, false));
    return new IncidentReader(traces, List.of(), null).read(List.of(path.toString()), InputStream.nullInputStream());
  }
}
