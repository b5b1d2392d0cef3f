package org.btrsleuth.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.HangAnalysis;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.replay.ReplayEngine;
import org.btrsleuth.testing.Captures;
import org.btrsleuth.waitgraph.TraceEvidence;
import org.junit.jupiter.api.Test;

/** Charts of genuine captures, through the stages that make their data. */
class SampleChartsTest {
  @Test
  void two_stacks_of_the_page_lock_deadlock_show_the_cycle() throws Exception {
    Map<String, String> svgs = svgs("page-lock/page-lock-two-stacks.txt");
    assertThat(svgs.get("wait-graph"))
        .contains(">Who waits for whom: one cycle<").contains("cycle that nothing outside can end")
        .contains(">fixup worker<").contains(">page lock<").contains("btrfs_writepage_fixup_worker");
  }

  @Test
  void hung_task_reports_of_the_page_lock_deadlock_give_a_timeline() throws Exception {
    Map<String, String> svgs = svgs("page-lock/v5.4.0-fixup-deadlock-A.dmesg.hung.txt");
    assertThat(svgs.get("blocked-tasks")).contains("seen blocked in a report or dump").contains(">page lock<");
  }

  @Test
  void the_missing_inode_reservation_shows_every_completion_that_took_or_failed() throws Exception {
    Map<String, String> svgs = svgs("inode-reservation/v3.6.0-seed1-drain-unfixed.trace.txt.gz");
    assertThat(svgs).containsKeys("reservation-pools", "space-info-metadata", "what-if", "inode-units");
    assertThat(svgs.get("inode-delalloc"))
        .contains(">taken, not entitled (140)<").contains(">failed (ENOSPC) (4)<").contains(">inode 257<");
    assertThat(svgs.get("what-if")).contains(">delalloc reserve with the fix<");
  }

  private static Map<String, String> svgs(String sample) throws Exception {
    Knowledge knowledge = Knowledge.shipped();
    ReplayEngine replay = new ReplayEngine();
    TraceEvidence trace = TraceEvidence.none();
    TraceReader traces = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    Incident incident =
        new IncidentReader(traces, List.of(replay, trace), null)
            .read(List.of(Captures.sample(sample).toString()), InputStream.nullInputStream());
    HangAnalysis.Result hang = HangAnalysis.analyse(incident, knowledge, trace);
    Analysis analysis = new Analysis(incident, replay.finish(incident), hang.graph(), hang.findings());
    Map<String, String> svgs = new LinkedHashMap<>();
    for (Chart chart : Charts.of(analysis)) {
      ChartsTest.parse(chart.svg());
      assertThat(ChartsTest.png(chart)).as(chart.id()).hasSizeGreaterThan(10_000);
      svgs.put(chart.id(), chart.svg());
    }
    return svgs;
  }
}
