package org.btrsleuth.event;

import java.util.List;
import org.btrsleuth.source.Evidence;

/**
 * What was read of one input. {@code lines == eventLines + stackLines + headerLines + otherLines}.
 *
 * @param path as given by the user
 * @param bytes size as stored
 * @param sha256 lower-case hex of the stored bytes
 * @param textBytes size after decompression
 * @param lines lines after decompression
 * @param eventLines lines that became an event, marks of loss included
 * @param undecoded of these, events of a known name whose text was not understood
 * @param stackLines frames of stacks in traces
 * @param userFrames of these, frames of user space, which are not kept
 * @param headerLines comments of the trace itself
 * @param otherLines lines handed out in line blocks
 * @param headers the first header lines, for kernel version, tracer and number of CPUs
 * @param binary whether the bytes are no text; nothing was parsed then
 * @param cutLines lines that were longer than the bound and were cut
 * @param problems sentences that say what went wrong and what to do; empty when all is well
 */
public record InputStats(
    String path,
    long bytes,
    String sha256,
    long textBytes,
    long lines,
    long eventLines,
    long undecoded,
    long stackLines,
    long userFrames,
    long headerLines,
    long otherLines,
    List<Evidence> headers,
    boolean binary,
    long cutLines,
    List<String> problems) {

  public InputStats {
    headers = List.copyOf(headers);
    problems = List.copyOf(problems);
  }
}
