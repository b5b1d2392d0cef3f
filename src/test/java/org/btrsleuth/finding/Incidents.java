package org.btrsleuth.finding;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.waitgraph.TraceEvidence;

/** Reads captures and analyses them as the program does. */
final class Incidents {
  private Incidents() {}

  static Incident of(Path... files) {
    return read(TraceEvidence.none(), files);
  }

  static HangAnalysis.Result analyse(Path... files) {
    TraceEvidence trace = new TraceEvidence();
    return HangAnalysis.analyse(read(trace, files), Knowledge.shipped(), trace);
  }

  static Incident read(TraceEvidence trace, Path... files) {
    TraceReader reader = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    List<String> paths = Stream.of(files).map(Path::toString).toList();
    return new IncidentReader(reader, List.of(trace), null).read(paths, InputStream.nullInputStream());
  }
}
