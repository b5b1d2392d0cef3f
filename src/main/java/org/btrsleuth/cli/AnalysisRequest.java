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
 * @param fromNanos events before it are left out; {@link Long#MIN_VALUE} for no bound
 * @param toNanos events after it are left out; {@link Long#MAX_VALUE} for no bound
 * @param fsid only this file system; null for all
 * @param pid only this task; -1 for all
 */
record AnalysisRequest(
    List<String> paths,
    KernelVersion kernel,
    Format inputFormat,
    List<Path> rules,
    long fromNanos,
    long toNanos,
    String fsid,
    int pid) {}
