package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts findings of several analyses into the order in which they are reported. */
public final class FindingOrder {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::severity)
          .thenComparing(Finding::confidence)
          .thenComparing(Finding::pattern)
          .thenComparing(Finding::id)
          .thenComparing(Finding::title);

  private FindingOrder() {}

  /** All of {@code lists}, most severe first; equal findings once. */
  public static List<Finding> merge(List<List<Finding>> lists) {
    Map<Finding, Boolean> all = new LinkedHashMap<>();
    for (List<Finding> list : lists) {
      for (Finding finding : list) {
        all.put(finding, Boolean.TRUE);
      }
    }
    List<Finding> sorted = new ArrayList<>(all.keySet());
    sorted.sort(ORDER);
    return sorted;
  }
}
