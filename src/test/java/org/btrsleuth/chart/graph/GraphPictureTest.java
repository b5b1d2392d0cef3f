package org.btrsleuth.chart.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.chart.SyntheticGraphs;
import org.btrsleuth.chart.draw.Face;
import org.btrsleuth.chart.draw.SvgCanvas;
import org.btrsleuth.chart.graph.GraphLayout.Placed;
import org.btrsleuth.chart.graph.LayeredLayout.Point;
import org.btrsleuth.chart.graph.LayeredLayout.Route;
import org.btrsleuth.chart.graph.Scene.Arrow;
import org.btrsleuth.chart.graph.Scene.Box;
import org.btrsleuth.chart.graph.Scene.Emphasis;
import org.btrsleuth.waitgraph.WaitGraph;
import org.junit.jupiter.api.Test;

class GraphPictureTest {
  private static final int GRAPHS = 300;

  @Test
  void boxes_labels_and_lines_never_overlap_whatever_the_graph() {
    for (long seed = 0; seed < GRAPHS; seed++) {
      check(SyntheticGraphs.anything(seed), "anything, seed " + seed);
    }
    for (long seed = 0; seed < 20; seed++) {
      check(SyntheticGraphs.large(seed, 20 + (int) seed * 20), "large, seed " + seed);
    }
  }

  private static void check(WaitGraph graph, String which) {
    Scene scene = Folding.of(graph);
    GraphLayout layout = GraphLayout.of(scene);
    assertThat(scene.boxes()).as(which).hasSizeLessThanOrEqualTo(Folding.MOST_BOXES);
    List<Rectangle2D> taken = new ArrayList<>();
    for (int i = 0; i < scene.boxes().size(); i++) {
      Placed box = layout.boxes().get(i);
      texts(box, which);
      taken.add(new Rectangle2D.Double(box.left(), box.top(), box.width(), box.height()));
    }
    int boxes = taken.size();
    for (int i = 0; i < scene.arrows().size(); i++) {
      Point at = layout.routes().get(i).label();
      double width = Face.REGULAR.width(scene.arrows().get(i).label(), Shapes.LABEL);
      taken.add(new Rectangle2D.Double(at.x() - width / 2, at.y() - Shapes.LABEL / 2, width, Shapes.LABEL));
    }
    Rectangle2D paper = new Rectangle2D.Double(-0.01, -0.01, layout.width() + 0.02, layout.height() + 0.02);
    for (int i = 0; i < taken.size(); i++) {
      assertThat(paper.contains(taken.get(i))).as(which + ": %s on %s", taken.get(i), paper).isTrue();
      for (int k = 0; k < i; k++) {
        assertThat(taken.get(i).intersects(taken.get(k)))
            .as(which + ": %s and %s", taken.get(i), taken.get(k)).isFalse();
      }
    }
    for (int i = 0; i < scene.arrows().size(); i++) {
      Arrow arrow = scene.arrows().get(i);
      for (int b = 0; b < boxes; b++) {
        if (b != arrow.from() && b != arrow.to()) {
          assertThat(crosses(layout.routes().get(i), taken.get(b)))
              .as(which + ": arrow %s over box %s", arrow, scene.boxes().get(b)).isFalse();
        }
      }
    }
  }

  /** Bends stay between layers, within the rectangle of their two ends. */
  private static boolean crosses(Route route, Rectangle2D box) {
    List<Point> p = route.points();
    for (int i = 1; i < p.size(); i++) {
      Point a = p.get(i - 1);
      Point b = p.get(i);
      if (i % 2 == 1 && box.intersectsLine(new Line2D.Double(a.x(), a.y(), b.x(), b.y()))) {
        return true;
      }
      if (i % 2 == 0) {
        Rectangle2D ends = new Rectangle2D.Double(a.x(), a.y(), 0, 0);
        ends.add(b.x(), b.y());
        Rectangle2D inner = new Rectangle2D.Double(
            ends.getX() + 0.01, ends.getY() + 0.01, Math.max(0.01, ends.getWidth() - 0.02),
            Math.max(0.01, ends.getHeight() - 0.02));
        if (box.intersects(inner)) {
          return true;
        }
      }
    }
    return false;
  }

  private static void texts(Placed box, String which) {
    for (String line : box.title()) {
      assertThat(Face.BOLD.width(line, Shapes.TITLE)).as(which + ": " + line).isLessThan(box.width());
    }
    for (String line : box.details()) {
      assertThat(Face.REGULAR.width(line, Shapes.DETAIL)).as(which + ": " + line).isLessThan(box.width());
    }
    double text = box.title().size() * Shapes.TITLE_LINE + box.details().size() * Shapes.DETAIL_LINE;
    assertThat(text).as(which).isLessThanOrEqualTo(box.height() - 2 * Shapes.PADDING + 0.01);
  }

  @Test
  void two_thousand_tasks_fit_a_few_dozen_boxes_and_none_is_lost() {
    WaitGraph graph = SyntheticGraphs.large(5, 2000);
    Scene scene = Folding.of(graph);
    assertThat(scene.boxes()).hasSizeBetween(10, Folding.MOST_BOXES);
    int drawn = scene.boxes().stream().mapToInt(Box::tasks).sum();
    int waiting = (int) graph.edges().stream().filter(e -> e.kind() == WaitGraph.EdgeKind.WAITS_FOR).count();
    assertThat(drawn).isEqualTo(waiting);
    String left = 2000 - waiting + " tasks that wait for nothing";
    assertThat(scene.notes()).anySatisfy(note -> assertThat(note).contains(left));
  }

  @Test
  void a_cycle_is_drawn_whole_and_its_victims_as_one_box() {
    Scene scene = Folding.of(SyntheticGraphs.cycleWithVictims());
    assertThat(scene.boxes().stream().filter(Box::inCycle)).hasSize(7);
    assertThat(scene.arrows().stream().filter(a -> a.emphasis() == Emphasis.CYCLE)).hasSize(7);
    assertThat(scene.boxes()).anySatisfy(
        box -> {
          assertThat(box.shape()).isEqualTo(Scene.Shape.GROUP);
          assertThat(box.title()).containsExactly("23 waiting tasks");
          assertThat(box.details()).contains("23 \u00d7 synthetic-dd");
        });
    assertThat(scene.boxes()).anySatisfy(box -> assertThat(box.details()).contains("9 unlikely arrows not drawn"));
  }

  @Test
  void an_unlikely_knot_is_not_drawn_as_a_deadlock() {
    WaitGraph sure = SyntheticGraphs.twoTasks();
    WaitGraph.Knot knot = sure.knots().get(0);
    WaitGraph unsure =
        new WaitGraph(
            sure.nodes(), sure.edges(), List.of(new WaitGraph.Knot(knot.nodes(), knot.cycle(), 0.3, false)));
    Scene scene = Folding.of(unsure);
    assertThat(scene.boxes()).noneMatch(Box::inCycle);
    assertThat(scene.arrows()).allMatch(a -> a.emphasis() == Emphasis.DOUBTFUL);
  }

  @Test
  void a_task_in_its_own_way_is_drawn() {
    Scene scene = Folding.of(SyntheticGraphs.selfDeadlock());
    assertThat(scene.boxes()).hasSize(2);
    assertThat(scene.arrows()).hasSize(2);
  }

  @Test
  void reasons_are_tooltips_and_escaped() {
    GraphPicture picture = new GraphPicture(SyntheticGraphs.twoTasks(), "title", "subtitle");
    SvgCanvas canvas = new SvgCanvas("g");
    picture.draw(canvas);
    String svg = canvas.finish(picture.width(), picture.height(), "title", "caption");
    assertThat(svg).contains("inferred: made up &lt;for&gt; a test &amp; &quot;drawn&quot;")
        .contains("held by (inferred, 80 %)").contains("stroke-dasharray");
  }
}
