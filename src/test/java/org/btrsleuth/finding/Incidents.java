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
import org.btrsleuth.incident.KernelVersion;
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

  /** All findings from stacks and signatures, as the program gives them for files without events; null for no option. */
  static List<Finding> all(KernelVersion kernel, Path... files) {
    TraceEvidence trace = new TraceEvidence();
    Incident incident = read(trace, kernel, files);
    List<Finding> hang = HangAnalysis.analyse(incident, Knowledge.shipped(), trace).findings();
    return FindingOrder.merge(List.of(hang, SignatureFindings.of(incident, Knowledge.shipped(), hang)));
  }

  static Incident read(TraceEvidence trace, Path... files) {
    return read(trace, null, files);
  }

  private static Incident read(TraceEvidence trace, KernelVersion kernel, Path... files) {
    TraceReader reader = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    List<String> paths = Stream.of(files).map(Path::toString).toList();
    return new IncidentReader(reader, List.of(trace), kernel).read(paths, InputStream.nullInputStream());
  }
}
