package org.btrsleuth.waitgraph;

import java.io.IOException;
import java.util.BitSet;
import org.btrsleuth.waitgraph.WaitGraph.Edge;
import org.btrsleuth.waitgraph.WaitGraph.Knot;
import org.btrsleuth.waitgraph.WaitGraph.Node;

/** The DOT language, https://graphviz.org/doc/info/lang.html. */
final class DotWriter {
  private DotWriter() {}

  static void write(WaitGraph graph, Appendable out) throws IOException {
    BitSet cycles = new BitSet();
    for (Knot knot : graph.knots()) {
      if (!knot.resolvable()) {
        knot.cycle().forEach(cycles::set);
      }
    }
    out.append("digraph waits {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
    for (Node node : graph.nodes()) {
      String shape =
          switch (node.nodeKind()) {
            case TASK -> "box";
            case RESOURCE -> node.anyOf() ? "diamond" : "ellipse";
            case SERVICE -> "hexagon";
          };
      out.append("  n" + node.id() + " [shape=" + shape + ", label=" + quoted(node.label()) + "];\n");
    }
    for (int k = 0; k < graph.edges().size(); k++) {
      Edge e = graph.edges().get(k);
      String verb =
          switch (e.kind()) {
            case WAITS_FOR -> "waits for";
            case HELD_BY -> "held by";
            case NEEDS -> "needs";
          };
      out.append("  n" + e.from() + " -> n" + e.to() + " [label=" + quoted(verb + label(e)));
      out.append(", tooltip=" + quoted(e.because()));
      out.append(e.certain() ? "" : ", style=dashed");
      out.append(cycles.get(k) ? ", color=red, penwidth=2" : "");
      out.append("];\n");
    }
    out.append("}\n");
  }

  private static String label(Edge e) {
    return e.certain() ? "" : String.format(java.util.Locale.ROOT, " (inferred %.2f)", e.confidence());
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(' ');
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
