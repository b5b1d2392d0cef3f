package org.btrsleuth.chart.graph;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.draw.Glyphs;

/** Breaks text into lines that fit. */
final class Words {
  private Words() {}

  /** At most {@code lines} lines, broken at spaces; what does not fit is shortened with an ellipsis. */
  static List<String> wrap(String text, Face face, double size, double width, int lines) {
    List<String> wrapped = new ArrayList<>();
    String rest = Glyphs.clean(text).strip();
    while (!rest.isEmpty() && wrapped.size() < lines - 1 && face.width(rest, size) > width) {
      int cut = 0;
      for (int i = rest.indexOf(' '); i >= 0 && face.width(rest.substring(0, i), size) <= width;
          i = rest.indexOf(' ', i + 1)) {
        cut = i;
      }
      if (cut == 0) {
        break;
      }
      wrapped.add(rest.substring(0, cut));
      rest = rest.substring(cut + 1).strip();
    }
    if (!rest.isEmpty()) {
      wrapped.add(face.elide(rest, size, width));
    }
    return wrapped;
  }
}
