package org.btrsleuth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.btrsleuth.chart.draw.Palette;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.WaitGraph;
import org.junit.jupiter.api.Test;

class BlockedTasksTest {
  @Test
  void reports_give_bars_and_name_what_is_waited_for() throws Exception {
    List<Chart> charts = Charts.of(SyntheticHangs.reportsOf(SyntheticGraphs.twoTasks(), 2));
    assertThat(charts).extracting(Chart::id).containsExactly("wait-graph", "blocked-tasks");
    String svg = charts.get(1).svg();
    ChartsTest.parse(svg);
    assertThat(svg).contains(">kworker/u8:2 (4711)<").contains(">synthetic lock A: inode 5/257 page 0<")
        .contains("part of the deadlock cycle").contains("log time 3878.000").contains(">in synthetic_sleep<");
  }

  @Test
  void many_tasks_share_rows_but_the_cycle_stays_single() {
    String svg = Charts.of(SyntheticHangs.reportsOf(SyntheticGraphs.cycleWithVictims(), 5)).get(1).svg();
    assertThat(svg).contains(">23 \u00d7 synthetic-dd<").contains(">kworker/u8:3+synthetic-fixup (101)<");
    String many = Charts.of(SyntheticHangs.reportsOf(SyntheticGraphs.large(5, 2000), 0)).get(1).svg();
    assertThat(many.length()).isLessThan(400_000);
  }

  @Test
  void a_single_dump_is_no_timeline_even_if_printing_took_a_while() {
    List<TaskSnapshot> one = List.of(SyntheticHangs.task("a", 1, 50, 0, "f"), SyntheticHangs.task("b", 2, 51, 0, "g"));
    Incident incident = new Incident(List.of(), null, null, one, List.of());
    assertThat(Charts.of(new Analysis(incident, ReplayReport.EMPTY, WaitGraph.EMPTY, List.of()))).isEmpty();
  }

  @Test
  void a_task_that_moved_between_two_dumps_has_two_bars() {
    List<TaskSnapshot> moved =
        List.of(
            SyntheticHangs.task("a", 1, 10, 0, "f", 0), SyntheticHangs.task("a", 1, 20, 0, "f", 1),
            SyntheticHangs.task("a", 1, 200, 5, "g"));
    Incident incident = new Incident(List.of(), null, null, moved, List.of());
    Chart chart = Charts.of(new Analysis(incident, ReplayReport.EMPTY, WaitGraph.EMPTY, List.of())).get(0);
    // Two filled bars besides the one of the legend.
    String fill =
        String.format("fill=\"#%06x\"", Palette.tint(Palette.MUTED, 0.3));
    assertThat(chart.svg().split(fill, -1).length - 1).isEqualTo(3);
  }

  @Test
  void reports_that_lie_days_apart_are_charts_of_their_own() {
    List<TaskSnapshot> far =
        List.of(
            SyntheticHangs.task("late", 3, 900_000, 122, "f"), SyntheticHangs.task("a", 1, 1000, 122, "f"),
            SyntheticHangs.task("b", 2, 1010, 122, "f"), SyntheticHangs.task("alone", 4, 500_000, 0, "f"));
    Incident incident = new Incident(List.of(), null, null, far, List.of());
    List<Chart> charts = Charts.of(new Analysis(incident, ReplayReport.EMPTY, WaitGraph.EMPTY, List.of()));
    assertThat(charts).extracting(Chart::id).containsExactly("blocked-tasks", "blocked-tasks-2");
    assertThat(charts.get(0).svg()).contains(">a (1)<").contains("log time 878.000");
    assertThat(charts.get(1).svg()).contains(">late (3)<");
    assertThat(charts.get(1).caption()).contains("2 times with blocked tasks");
  }
}
