package org.btrsleuth.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.format.Format;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.format.LostEvents;
import org.btrsleuth.format.Region;
import org.btrsleuth.source.Evidence;

/** What the inputs held, as lines of text: every line of them is accounted for here. */
public final class InputLines {
  private static final int FIRST = 3;

  private final boolean verbose;

  public InputLines(boolean verbose) {
    this.verbose = verbose;
  }

  public List<String> of(Analysis analysis) {
    List<String> out = new ArrayList<>();
    out.add("kernel " + Words.printable(KernelStatement.of(analysis).sentence()) + kernelAt(analysis));
    for (InputSummary input : analysis.incident().inputs()) {
      of(input, out);
    }
    return out;
  }

  private static String kernelAt(Analysis analysis) {
    Evidence at = analysis.incident().kernelAt();
    return at == null ? "" : ", " + Words.printable(at.location());
  }

  /** One input: a headline and what is worth knowing beneath it. */
  public void of(InputSummary input, List<String> out) {
    StringBuilder head = new StringBuilder(Words.printable(input.path())).append(": ");
    head.append(Words.count(input.lines(), "line"));
    if (input.bytes() >= 0) {
      head.append(", ").append(Words.bytes(input.bytes()));
    }
    for (Map.Entry<Format, Long> e : Summary.recordsByFormat(input).entrySet()) {
      head.append("; ").append(e.getKey().id()).append(' ').append(Words.count(e.getValue(), Summary.noun(e.getKey())));
    }
    out.add(head.toString());
    if (verbose) {
      for (Region region : input.regions()) {
        out.add(
            "  lines " + region.firstLine() + "-" + region.lastLine() + "  " + region.format().id() + ", "
                + Words.count(region.records(), Summary.noun(region.format())));
      }
    }
    lost(input, out);
    if (input.unrecognisedLines() > 0) {
      out.add("  " + Words.count(input.unrecognisedLines(), "line") + " not recognised, first:");
      int shown = verbose ? input.unrecognisedFirst().size() : Math.min(FIRST, input.unrecognisedFirst().size());
      for (Evidence line : input.unrecognisedFirst().subList(0, shown)) {
        out.add("    " + line.line() + ": " + Words.cut(Words.printable(line.text()), 120));
      }
    }
    for (String problem : input.problems()) {
      out.add("  " + Words.printable(problem));
    }
  }

  private void lost(InputSummary input, List<String> out) {
    if (input.lost().isEmpty()) {
      return;
    }
    long known = 0;
    boolean unknown = false;
    for (LostEvents lost : input.lost()) {
      known += Math.max(0, lost.events());
      unknown |= lost.events() < 0;
    }
    out.add(
        "  events lost at " + Words.count(input.lost().size(), "place") + ": "
            + (known > 0 ? Words.count(known) : "") + (known > 0 && unknown ? " and " : "")
            + (unknown ? "an unknown number" : "") + ", first at line " + input.lost().get(0).line());
  }
}
