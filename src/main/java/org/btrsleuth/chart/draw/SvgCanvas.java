package org.btrsleuth.chart.draw;

import java.awt.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a picture as one self-contained {@code <svg>} element: no script, no style sheet, no reference to anything
 * outside. Every id in it starts with the picture's id, so several can stand in one HTML page.
 */
public final class SvgCanvas implements Canvas {
  private static final String FONTS = "Roboto, Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif";

  private final String id;
  private final StringBuilder body = new StringBuilder();
  private final Map<String, String> clips = new LinkedHashMap<>();
  private boolean clipped;
  private int groups;

  /** @param id letters, digits and dashes; anything else is replaced by a dash */
  public SvgCanvas(String id) {
    this.id = id.replaceAll("[^A-Za-z0-9-]", "-");
  }

  @Override
  public void fill(Shape shape, int argb) {
    String path = SvgPath.of(shape);
    if (!path.isEmpty() && argb >>> 24 != 0) {
      body.append("<path d=\"").append(path).append('"').append(paint("fill", argb)).append("/>\n");
    }
  }

  @Override
  public void stroke(Shape shape, Pen pen) {
    String path = SvgPath.of(shape);
    if (path.isEmpty() || pen.argb() >>> 24 == 0) {
      return;
    }
    body.append("<path d=\"").append(path).append("\" fill=\"none\"").append(paint("stroke", pen.argb()));
    body.append(" stroke-width=\"").append(SvgPath.number(Math.max(pen.width(), 0.05))).append('"');
    if (!pen.dash().isEmpty()) {
      body.append(" stroke-dasharray=\"");
      for (int i = 0; i < pen.dash().size(); i++) {
        body.append(i == 0 ? "" : " ").append(SvgPath.number(pen.dash().get(i)));
      }
      body.append('"');
    }
    body.append(" stroke-linejoin=\"round\"/>\n");
  }

  @Override
  public void text(String text, double x, double y, Face face, double size, int argb, double degrees) {
    String shown = Glyphs.clean(text);
    if (shown.isBlank()) {
      return;
    }
    body.append("<text x=\"").append(SvgPath.number(x)).append("\" y=\"").append(SvgPath.number(y)).append('"');
    body.append(" font-size=\"").append(SvgPath.number(size)).append('"');
    if (face == Face.BOLD) {
      body.append(" font-weight=\"bold\"");
    }
    // The viewer's font is not ours: the given length keeps text inside its box whatever font is there.
    body.append(" textLength=\"").append(SvgPath.number(face.width(shown, size)));
    body.append("\" lengthAdjust=\"spacingAndGlyphs\"").append(paint("fill", argb));
    if (degrees != 0) {
      body.append(" transform=\"rotate(").append(SvgPath.number(degrees)).append(' ').append(SvgPath.number(x));
      body.append(' ').append(SvgPath.number(y)).append(")\"");
    }
    body.append('>').append(Glyphs.xml(shown)).append("</text>\n");
  }

  @Override
  public void clip(Shape shape) {
    if (clipped) {
      body.append("</g>\n");
      clipped = false;
    }
    if (shape != null) {
      String name = clips.computeIfAbsent(SvgPath.of(shape), p -> id + "-clip" + (clips.size() + 1));
      body.append("<g clip-path=\"url(#").append(name).append(")\">\n");
      clipped = true;
    }
  }

  @Override
  public void beginGroup(String tooltip) {
    clip(null);
    body.append("<g>\n");
    if (!tooltip.isEmpty()) {
      StringBuilder lines = new StringBuilder();
      tooltip.lines().forEach(line -> lines.append(lines.isEmpty() ? "" : "\n").append(Glyphs.xml(line)));
      body.append("<title>").append(lines).append("</title>\n");
    }
    groups++;
  }

  @Override
  public void endGroup() {
    clip(null);
    body.append("</g>\n");
    groups--;
  }

  /** The finished element. {@code title} and {@code description} are read aloud by screen readers. */
  public String finish(double width, double height, String title, String description) {
    clip(null);
    while (groups > 0) {
      endGroup();
    }
    String w = SvgPath.number(width);
    String h = SvgPath.number(height);
    StringBuilder svg = new StringBuilder(body.length() + 1024);
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(w).append("\" height=\"").append(h);
    svg.append("\" viewBox=\"0 0 ").append(w).append(' ').append(h).append("\" role=\"img\" aria-labelledby=\"");
    svg.append(id).append("-title ").append(id).append("-desc\" font-family=\"").append(FONTS).append("\">\n");
    svg.append("<title id=\"").append(id).append("-title\">").append(Glyphs.xml(title)).append("</title>\n");
    svg.append("<desc id=\"").append(id).append("-desc\">").append(Glyphs.xml(description)).append("</desc>\n");
    if (!clips.isEmpty()) {
      svg.append("<defs>\n");
      clips.forEach(
          (path, name) -> {
            svg.append("<clipPath id=\"").append(name).append("\"><path d=\"").append(path).append("\"/></clipPath>\n");
          });
      svg.append("</defs>\n");
    }
    return svg.append(body).append("</svg>\n").toString();
  }

  private static String paint(String attribute, int argb) {
    String colour = String.format(" %s=\"#%06x\"", attribute, argb & 0xffffff);
    int alpha = argb >>> 24;
    return alpha == 255 ? colour : colour + " " + attribute + "-opacity=\"" + SvgPath.number(alpha / 255.0) + "\"";
  }
}
