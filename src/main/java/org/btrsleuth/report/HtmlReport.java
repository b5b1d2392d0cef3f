package org.btrsleuth.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.List;
import org.btrsleuth.chart.Chart;
import org.btrsleuth.chart.Charts;
import org.btrsleuth.finding.Analysis;

/**
 * The report as one HTML file that needs nothing else: no network, no scripts, pictures inlined as SVG. Text of the
 * inputs is escaped by the template engine; only our own drawings go in as they are.
 */
public final class HtmlReport {
  private static final String PACKAGE = "org.btrsleuth.report.template";

  private HtmlReport() {}

  public static String render(Tool tool, Analysis analysis) {
    return render(tool, analysis, Charts.of(analysis));
  }

  /** @param charts those of {@code analysis}, drawn already or not */
  public static String render(Tool tool, Analysis analysis, List<Chart> charts) {
    // Compiled into the jar: nothing is compiled or read from disk at run time.
    TemplateEngine engine =
        TemplateEngine.createPrecompiled(null, ContentType.Html, HtmlReport.class.getClassLoader(), PACKAGE);
    StringOutput out = new StringOutput(1 << 16);
    engine.render("report.jte", new HtmlModel(tool, analysis, charts), out);
    return out.toString();
  }
}
