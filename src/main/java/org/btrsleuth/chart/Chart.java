package org.btrsleuth.chart;

import java.awt.AWTError;
import java.awt.HeadlessException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Supplier;
import org.btrsleuth.chart.draw.Glyphs;
import org.btrsleuth.chart.draw.Picture;
import org.btrsleuth.chart.draw.RasterCanvas;
import org.btrsleuth.chart.draw.SvgCanvas;

/**
 * One picture of an analysis. Nothing is drawn, and no AWT class loaded, before {@link #svg} or {@link #png} is called.
 * Identical analyses give identical text, and on one version of Java identical pixels, whatever fonts the host has.
 */
public final class Chart {
  /** Pixels of a picture unit in a PNG: sharp on dense screens and in print. */
  private static final double PNG_SCALE = 2;

  private final String id;
  private final String title;
  private final String caption;
  private final Supplier<Picture> source;
  /** One thread may draw the SVG while another draws the PNG. */
  private final Object svgLock = new Object();
  private Picture picture;
  private String svg;

  Chart(String id, String title, String caption, Supplier<Picture> source) {
    this.id = id;
    this.title = title;
    this.caption = caption;
    this.source = source;
  }

  /** Unique among the charts of an analysis, fit for a file name and an HTML id: letters, digits, dashes. */
  public String id() {
    return id;
  }

  /** One line of plain text, not escaped. */
  public String title() {
    return title;
  }

  /** What the chart shows and how it is read: plain text, not escaped. */
  public String caption() {
    return caption;
  }

  /**
   * The chart as one {@code <svg>} element, for a file of its own or within HTML. Never fails: on a Java without the
   * classes that drawing needs it is a picture that says so.
   */
  public String svg() {
    synchronized (svgLock) {
      if (svg == null) {
        try {
          svg = Drawing.svg(id, picture(), title, caption);
        } catch (LinkageError e) {
          svg = note("This chart could not be drawn: " + reason(e));
        }
      }
      return svg;
    }
  }

  /**
   * Writes the chart as a PNG; does not close {@code out}.
   *
   * @throws IOException if {@code out} fails, or if this Java cannot draw images; the message then says what to do
   */
  public void png(OutputStream out) throws IOException {
    try {
      Drawing.png(picture(), PNG_SCALE, out);
    } catch (LinkageError e) {
      throw new IOException("PNG not written: " + reason(e) + ". SVG charts need less", e);
    }
  }

  private synchronized Picture picture() {
    if (picture == null) {
      picture = source.get();
    }
    return picture;
  }

  private static String reason(LinkageError e) {
    return "this Java runtime lacks parts of its java.desktop module (" + e.getClass().getSimpleName() + ": "
        + e.getMessage() + "); a complete headless runtime such as openjdk-17-jre-headless has them";
  }

  private String note(String text) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height=\"60\" viewBox=\"0 0 960 60\" role=\"img\""
        + " font-family=\"sans-serif\" font-size=\"12\"><title>" + escape(title) + "</title><text x=\"10\" y=\"22\">"
        + escape(title) + "</text><text x=\"10\" y=\"44\">" + escape(text) + "</text></svg>\n";
  }

  /** Apart, so that a Chart can be made and asked for its words where there is no AWT at all. */
  private static final class Drawing {
    private static String svg(String id, Picture picture, String title, String caption) {
      try {
        SvgCanvas canvas = new SvgCanvas(id);
        picture.draw(canvas);
        return canvas.finish(picture.width(), picture.height(), title, caption);
      } catch (AWTError | HeadlessException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }

    private static void png(Picture picture, double scale, OutputStream out) throws IOException {
      try {
        RasterCanvas canvas = new RasterCanvas(picture.width(), picture.height(), scale);
        picture.draw(canvas);
        canvas.writePng(out);
      } catch (AWTError | HeadlessException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }
  }

  private static String escape(String text) {
    return Glyphs.xml(text);
  }
}
