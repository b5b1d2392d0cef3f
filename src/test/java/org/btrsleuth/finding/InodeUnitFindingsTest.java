package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.finding.Finding.Severity;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.replay.ReplayEngine;
import org.btrsleuth.replay.ReplayReport;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InodeUnitFindingsTest {
  private static final String SEED = "inode-reservation/";

  @ParameterizedTest
  @CsvSource({
    "v3.6.0-seed1-light-unfixed, 24, 2359296, 0",
    "v3.6.0-seed1-drain-unfixed, 140, 13762560, 4",
    "v3.6.0-seed1-drain-unfixed-BUG, 70, 6881280, 1",
    "v3.6.0-seed1-drain-unfixed-ABORT, 70, 6881280, 1",
    "v3.16.0-seed1-drain-unfixed, 20, 1310720, 2",
  })
  void aTraceProvesIt(String run, long units, long bytes, long failed) {
    List<Finding> findings = of(Captures.sample(SEED + run + ".trace.txt.gz"));
    assertThat(findings).singleElement();
    Finding finding = findings.get(0);
    assertThat(finding.pattern()).isEqualTo("missing-inode-reservation");
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.confidence()).isEqualTo(Confidence.CERTAIN);
    assertThat(finding.numbers())
        .containsEntry("unitsTaken", units)
        .containsEntry("bytesTaken", bytes)
        .containsEntry("failed", failed)
        .containsEntry("fixedFailed", 0L);
    assertThat(finding.fixes().get(0).fix().commit()).startsWith("7fd2ae21a42d");
    assertThat(finding.fixes().get(0).fix().fixedIn()).isEqualTo("3.2");
    assertThat(finding.evidence()).isNotEmpty().allSatisfy(e -> assertThat(e.line()).isPositive());
    assertThat(finding.explanation()).anySatisfy(s -> assertThat(s).startsWith("With the fix"));
    if (failed > 0) {
      assertThat(finding.explanation()).anySatisfy(s -> assertThat(s).startsWith("Failed: "));
    }
    assertThat(finding.id()).isEqualTo(of(Captures.sample(SEED + "v3.6.0-seed1-light-unfixed.trace.txt.gz")).get(0).id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v3.6.0-seed1-light-fixed.trace.txt.gz",
        "v3.6.0-seed1-drain-fixed.trace.txt.gz",
        "v3.6.0-seed1-drain-onefile-fixed.trace.txt.gz",
        "v3.16.0-seed1-drain-fixed.trace.txt.gz",
        "v3.6.0-seed1-drain-fixed.dmesg.txt",
      })
  void theFixedKernelHasNone(String name) {
    assertThat(of(Captures.sample(SEED + name))).isEmpty();
  }

  @Test
  void stealingAfterARefusalIsAWarning() {
    List<Finding> findings = of(Captures.shared("traces/seed1/v3.6.0-seed1-nearfull-fixed-steals.trace.txt.gz"));
    assertThat(findings).singleElement();
    assertThat(findings.get(0).pattern()).isEqualTo("stolen-inode-unit");
    assertThat(findings.get(0).severity()).isEqualTo(Severity.WARNING);
    assertThat(findings.get(0).numbers()).containsEntry("unitsStolen", 3L).containsEntry("bytesStolen", 3L * 98304);
  }

  /** A log cannot show reservations, and these kernels should have the fix by their version. */
  @ParameterizedTest
  @CsvSource({
    "v3.6.0-seed1-drain-unfixed-BUG.console.txt, ERROR",
    "v3.6.0-seed1-drain-unfixed-ABORT.console.txt, ERROR",
    "v3.6.0-seed1-drain-onefile-unfixed-WARN.dmesg.txt, WARNING",
  })
  void aConsoleLogSuggestsIt(String name, Severity severity) {
    List<Finding> findings = of(Captures.sample(SEED + name));
    assertThat(findings).singleElement();
    Finding finding = findings.get(0);
    assertThat(finding.pattern()).isEqualTo("missing-inode-reservation");
    assertThat(finding.severity()).isEqualTo(severity);
    assertThat(finding.confidence()).isEqualTo(Confidence.POSSIBLE);
    assertThat(finding.inferred()).anySatisfy(s -> assertThat(s).contains("should have the fix"));
    assertThat(finding.evidence()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "traces/seed1/v3.16.0-seed1-drain-unfixed-BUG.console.txt",
        "traces/seed1/v3.6.0-seed1-db-nodatasum-unfixed-BUG.dmesg.txt",
        "traces/seed1/v3.6.0-seed1-db-nodatasum-unfixed-ABORT.dmesg.txt",
      })
  void everyFailuresLogSuggestsIt(String name) {
    assertThat(of(Captures.shared(name))).singleElement().extracting(Finding::pattern).isEqualTo("missing-inode-reservation");
  }

  /** "block rsv returned -28" of other code, and aborts of kernels whose inodes have their own reserve. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "traces/v4.4/v4.4.155-block-rsv-28.serial.txt",
        "traces/v4.4/v4.4.155-enospc-storm-meta.dmesg.txt",
        "traces/v3.16/v3.16.0-enospc-storm-mixed-rsv28.dmesg.txt",
        "traces/seed1/v3.6.0-seed1-nearfull-fixed-steals.dmesg.txt",
        "traces/seed1/v3.6.0-seed1-storm-fixed.dmesg.txt",
        "incidents/logs/I29023.log",
        "incidents/logs/I42679.log",
      })
  void otherLogsHaveNone(String name) {
    assertThat(of(Captures.shared(name))).isEmpty();
  }

  @Test
  void theTraceDecidesWhereBothAreGiven() {
    assertThat(
            of(
                Captures.sample(SEED + "v3.6.0-seed1-drain-fixed.trace.txt.gz"),
                Captures.sample(SEED + "v3.6.0-seed1-drain-unfixed-BUG.console.txt")))
        .isEmpty();
    assertThat(
            of(
                Captures.sample(SEED + "v3.6.0-seed1-drain-unfixed-BUG.console.txt"),
                Captures.sample(SEED + "v3.6.0-seed1-drain-unfixed-BUG.trace.txt.gz")))
        .singleElement()
        .extracting(Finding::confidence)
        .isEqualTo(Confidence.CERTAIN);
  }

  @ParameterizedTest
  @CsvSource({"3.1.0, LIKELY", "3.6.0, POSSIBLE", "4.8.0, ''", "5.8.0, ''"})
  void theVersionCounts(String version, String confidence) {
    List<Finding> findings = log(KernelVersion.parse(version), splat("bug", "btrfs_finish_ordered_io", true));
    if (confidence.isEmpty()) {
      assertThat(findings).isEmpty();
    } else {
      assertThat(findings).singleElement().extracting(Finding::confidence).isEqualTo(Confidence.valueOf(confidence));
    }
  }

  @Test
  void aGuessedFrameProvesNothing() {
    KernelVersion kernel = KernelVersion.parse("3.6.0");
    Evidence at = new Evidence("log", 9, "btrfs: block rsv returned -28");
    LogRecord returned = new LogRecord.BlockRsvReturned(at, -1, -28);
    assertThat(log(kernel, returned, splat("warning", "btrfs_alloc_free_block", false))).isEmpty();
    assertThat(log(kernel, returned, splat("warning", "btrfs_alloc_free_block", true))).hasSize(1);
  }

  @Test
  void theWarnOfTheFixedCodeIsASteal() {
    assertThat(log(KernelVersion.parse("3.10.0"), splat("warning", "btrfs_delayed_inode_reserve_metadata", true)))
        .singleElement()
        .extracting(Finding::pattern)
        .isEqualTo("stolen-inode-unit");
  }

  private static LogRecord splat(String kind, String function, boolean reliable) {
    Evidence at = new Evidence("log", 10, "headline");
    List<Frame> frames =
        List.of(
            new Frame(function, function, "", true, 1, 2, 11),
            new Frame("btrfs_finish_ordered_io", "btrfs_finish_ordered_io", "", reliable, 1, 2, 12));
    TaskSnapshot task =
        new TaskSnapshot(
            "btrfs-endio-wri", 45, TaskState.RUNNING, "", "", frames, TaskSnapshot.Origin.SPLAT, 0, -1, -1, at, 12);
    return new LogRecord.Splat(at, kind, function, "fs/btrfs/inode.c", 1957, List.of(), task);
  }

  private static List<Finding> log(KernelVersion kernel, LogRecord... records) {
    Incident incident = new Incident(List.of(), kernel, null, List.of(), List.of(records));
    return InodeUnitFindings.of(ReplayReport.EMPTY, incident, Knowledge.shipped());
  }

  private static List<Finding> of(Path... paths) {
    ReplayEngine engine = new ReplayEngine();
    TraceReader traces =
        new TraceReader(new Symbols(), new StackTable(), new TraceReader.Options(1, 1 << 20, 1 << 20, false));
    List<String> names = new ArrayList<>();
    for (Path path : paths) {
      names.add(path.toString());
    }
    Incident incident = new IncidentReader(traces, List.of(engine), null).read(names, System.in);
    return InodeUnitFindings.of(engine.finish(incident), incident, Knowledge.shipped());
  }
}
