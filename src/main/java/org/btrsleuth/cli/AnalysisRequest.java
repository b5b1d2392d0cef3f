package org.btrsleuth.cli;

import java.nio.file.Path;
import java.util.List;
import org.btrsleuth.format.Format;
import org.btrsleuth.incident.KernelVersion;

/**
 * What to analyse and how.
 *
 * @param paths as the user gave them; {@code -} is standard input
 * @param kernel overrides what the input says; null to detect
 * @param inputFormat overrides detection; null to detect
 * @param rules the user's own rule files
 * @param bounds which trace events to take
 */
record AnalysisRequest(
    List<String> paths,
    KernelVersion kernel,
    Format inputFormat,
    List<Path> rules,
    EventFilter.Bounds bounds) {}
