package org.btrsleuth.format;

import java.util.List;
import org.btrsleuth.source.Evidence;

/**
 * What one input held, complete enough that nothing was dropped silently: every line lies in a region or is counted
 * in {@code unrecognisedLines}.
 *
 * @param path as given by the user
 * @param bytes size before decompression, -1 for standard input
 * @param sha256 lower-case hex of the bytes as stored
 * @param lines lines after decompression
 * @param unrecognisedFirst the first few unrecognised lines
 * @param problems what went wrong with this input, each a sentence that says what to do; empty when all is well
 */
public record InputSummary(
    String path,
    long bytes,
    String sha256,
    long lines,
    List<Region> regions,
    long unrecognisedLines,
    List<Evidence> unrecognisedFirst,
    List<LostEvents> lost,
    List<String> problems) {}
