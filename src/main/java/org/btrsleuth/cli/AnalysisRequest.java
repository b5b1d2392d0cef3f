package org.btrsleuth.cli;

import java.nio.file.Path;
import java.util.List;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.format.Format;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.replay.WhatIfRules;

/**
 * What to analyse and how.
 *
 * @param paths as the user gave them; {@code -} is standard input
 * @param kernel overrides what the input says; null to detect
 * @param inputFormat overrides detection; null to detect
 * @param rules the user's own rule files
 * @param bounds which trace events to take
 * @param whatIf rules to replay the reservations under besides the recorded ones; null for none in detail
 * @param hashed whether a report will show hashes of the inputs
 * @param reading how to read traces; says nothing of the result, which does not depend on it
 */
record AnalysisRequest(
    List<String> paths,
    KernelVersion kernel,
    Format inputFormat,
    List<Path> rules,
    EventFilter.Bounds bounds,
    WhatIfRules whatIf,
    boolean hashed,
    TraceReader.Options reading) {
  AnalysisRequest(
      List<String> paths, KernelVersion kernel, Format inputFormat, List<Path> rules, EventFilter.Bounds bounds) {
    this(paths, kernel, inputFormat, rules, bounds, null, true, TraceReader.Options.defaults());
  }

  AnalysisRequest with(WhatIfRules rules) {
    return new AnalysisRequest(paths, kernel, inputFormat, this.rules, bounds, rules, hashed, reading);
  }

  AnalysisRequest hashed(boolean wanted) {
    return new AnalysisRequest(paths, kernel, inputFormat, rules, bounds, whatIf, wanted, reading);
  }

  AnalysisRequest reading(TraceReader.Options way) {
    return new AnalysisRequest(paths, kernel, inputFormat, rules, bounds, whatIf, hashed, way);
  }
}
