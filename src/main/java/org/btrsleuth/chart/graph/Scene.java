package org.btrsleuth.chart.graph;

import java.util.List;

/**
 * What the picture of a wait graph shows, after folding.
 *
 * @param notes what is not drawn, and why, in sentences
 */
record Scene(List<Box> boxes, List<Arrow> arrows, List<String> notes) {
  Scene {
    boxes = List.copyOf(boxes);
    arrows = List.copyOf(arrows);
    notes = List.copyOf(notes);
  }

  enum Shape {
    /** Waits, and holds nothing that anybody in the picture waits for. */
    WAITER,
    /** Holds something that others wait for. */
    HOLDER,
    /** Several tasks. */
    GROUP,
    RESOURCE,
    SERVICE
  }

  /**
   * @param title lines in bold
   * @param details lines below
   * @param tooltip everything that the box stands for, lines
   * @param inCycle member of a knot that nothing outside can resolve
   * @param tasks tasks that the box stands for, with those folded into it
   */
  record Box(
      Shape shape, List<String> title, List<String> details, String tooltip, boolean inCycle, int tasks) {
    Box {
      title = List.copyOf(title);
      details = List.copyOf(details);
    }
  }

  /**
   * @param from index of a box
   * @param label short words
   * @param certain drawn solid
   */
  record Arrow(int from, int to, String label, boolean certain, Emphasis emphasis, String tooltip) {}

  enum Emphasis {
    NONE,
    /** Part of a circle of waits that is unlikely, or that something outside may still resolve. */
    DOUBTFUL,
    /** Part of the cycle of a knot that nothing outside can resolve. */
    CYCLE
  }
}
