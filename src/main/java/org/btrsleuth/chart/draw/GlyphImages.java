package org.btrsleuth.chart.draw;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Letters painted once and stamped wherever they come again: a chart has thousands of letters but some hundred
 * different ones, and filling outlines was most of the time of a small report. Letters stand on whole pixels across the
 * line and on quarters along it.
 */
final class GlyphImages {
  private static final int PARTS = 4;
  /** Above this many the store starts anew. */
  private static final int LIMIT = 4096;

  private static final Map<Key, Stamp> STAMPS = new ConcurrentHashMap<>();

  private GlyphImages() {}

  /** @param part where the letter begins, in quarters of a pixel behind a whole one */
  private record Key(Face face, int codePoint, double pixels, int turns, int part, int argb) {
    // Written out: what the compiler makes for a record spins classes at run time, longer than drawing takes.
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && face == key.face
          && codePoint == key.codePoint
          && pixels == key.pixels
          && turns == key.turns
          && part == key.part
          && argb == key.argb;
    }

    @Override
    public int hashCode() {
      return ((codePoint * 4 + part) * 4 + turns) * 31 + argb + face.ordinal() + Double.hashCode(pixels);
    }
  }

  /** @param x from the letter's origin to the image's left edge; {@code image} is null for a blank */
  private record Stamp(BufferedImage image, int x, int y) {}

  /**
   * Paints {@code text} with its origin at (x, y), all in pixels.
   *
   * @param graphics whose transform is the identity
   * @param turns quarter turns clockwise
   */
  static void paint(
      Graphics2D graphics, String text, double x, double y, Face face, double pixels, int argb, int turns) {
    double along = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int letter = text.codePointAt(i);
      double px = x + (turns == 0 ? along : turns == 2 ? -along : 0);
      double py = y + (turns == 1 ? along : turns == 3 ? -along : 0);
      boolean level = turns % 2 == 0;
      long quarters = Math.round((level ? px : py) * PARTS);
      int whole = (int) Math.floorDiv(quarters, PARTS);
      int across = (int) Math.round(level ? py : px);
      int part = Math.floorMod(quarters, PARTS);
      Stamp stamp = stamp(new Key(face, letter, pixels, turns, part, argb));
      if (stamp.image != null) {
        graphics.drawImage(
            stamp.image, (level ? whole : across) + stamp.x, (level ? across : whole) + stamp.y, null);
      }
      along += face.width(Character.toString(letter), pixels);
    }
  }

  private static Stamp stamp(Key key) {
    if (STAMPS.size() > LIMIT) {
      STAMPS.clear();
    }
    return STAMPS.computeIfAbsent(key, GlyphImages::painted);
  }

  private static Stamp painted(Key key) {
    boolean level = key.turns % 2 == 0;
    double offset = (double) key.part / PARTS;
    AffineTransform at = AffineTransform.getTranslateInstance(level ? offset : 0, level ? 0 : offset);
    at.quadrantRotate(key.turns);
    Shape outline = at.createTransformedShape(key.face.outline(Character.toString(key.codePoint), key.pixels));
    Rectangle bounds = outline.getBounds();
    if (bounds.isEmpty()) {
      return new Stamp(null, 0, 0);
    }
    bounds.grow(1, 1);
    BufferedImage image = new BufferedImage(bounds.width, bounds.height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.translate(-bounds.x, -bounds.y);
    graphics.setColor(new Color(key.argb, true));
    graphics.fill(outline);
    graphics.dispose();
    return new Stamp(image, bounds.x, bounds.y);
  }
}
