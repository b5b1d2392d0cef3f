package org.btrsleuth.knowledge;

import java.util.List;
import java.util.stream.Collectors;

/**
 * An ordered pattern of frames.
 *
 * @param steps innermost first; between two steps other frames may stand, because kernels inline and add functions
 */
public record FramePath(List<NamePattern> steps) {
  public FramePath {
    steps = List.copyOf(steps);
  }

  @Override
  public String toString() {
    return steps.stream().map(NamePattern::toString).collect(Collectors.joining(" < "));
  }
}
