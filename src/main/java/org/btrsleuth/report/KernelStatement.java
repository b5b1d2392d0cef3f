package org.btrsleuth.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.replay.ReplayReport;

/**
 * What a report says of the kernel version.
 *
 * @param version null if nobody said it
 * @param source "stated" (an input prints it), "option" (the user gave it), "inferred" (the lines' shape implies a
 *     range) or "unknown"
 * @param range versions that the lines imply, such as "3.3-4.7"; null if they imply none
 */
public record KernelStatement(String version, String source, String range) {
  private static final Pattern RANGE = Pattern.compile("^(\\d+\\.\\d+\\s*(?:-|\\.\\.)\\s*\\d+\\.\\d+|\\d+\\.\\d+\\+)");

  /**
   * Takes the version from the incident, and the range from the era that the replay recognised in events, else from the
   * functions and the form of stacks.
   */
  public static KernelStatement of(Analysis analysis) {
    String range = range(analysis.replay());
    if (range == null && !analysis.implied().shown().isEmpty()) {
      range = analysis.implied().shown();
    }
    var kernel = analysis.incident().kernel();
    if (kernel != null) {
      return new KernelStatement(
          kernel.text(), analysis.incident().kernelAt() == null ? "option" : "stated", range);
    }
    return new KernelStatement(null, range == null ? "unknown" : "inferred", range);
  }

  private static String range(ReplayReport replay) {
    for (ReplayReport.FileSystem fs : replay.fileSystems()) {
      Matcher m = RANGE.matcher(fs.era() == null ? "" : fs.era());
      if (m.find()) {
        return m.group(1);
      }
    }
    return null;
  }

  /** For a line of a report: "5.4.0 (stated)", "3.3-4.7 (inferred)", "unknown". */
  public String sentence() {
    if (version != null) {
      return version + " (" + (source.equals("option") ? "given as an option" : "stated in the input") + ")";
    }
    return range != null ? range + " (inferred from the shape of the lines)" : "unknown";
  }
}
