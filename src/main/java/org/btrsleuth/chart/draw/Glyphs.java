package org.btrsleuth.chart.draw;

/** Makes text of unknown origin fit for drawing and for XML. */
public final class Glyphs {
  private Glyphs() {}

  /**
   * {@code text} with everything replaced by U+FFFD that XML forbids or that could turn the reading order: control
   * characters, lone surrogates, non-characters, direction marks.
   */
  public static String clean(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int length = Character.charCount(c);
      boolean bad = !drawable(c);
      if (bad && out == null) {
        out = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (out != null) {
        out.appendCodePoint(bad ? 0xfffd : c);
      }
      i += length;
    }
    return out == null ? text : out.toString();
  }

  private static boolean drawable(int c) {
    if (c < 0x7f) {
      return c >= 0x20;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE -> false;
      default -> true;
    };
  }

  /** Cleans and escapes {@code text} for XML content and double-quoted attributes. */
  public static String xml(String text) {
    String clean = clean(text);
    StringBuilder out = new StringBuilder(clean.length() + 16);
    for (int i = 0; i < clean.length(); i++) {
      char c = clean.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
