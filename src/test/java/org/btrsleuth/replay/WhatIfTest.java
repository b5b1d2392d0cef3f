package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.replay.InodeUnitMachine.OnDemand;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeDifference;
import org.btrsleuth.replay.ReplayReport.InodeShare;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.btrsleuth.replay.ReplayReport.WhatIf;
import org.btrsleuth.testing.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replays of a capture under rules other than its kernel's. */
class WhatIfTest {
  private static final long U = 98304;

  /**
   * The same program ran with the same seed on both kernels: inode by inode, what one capture predicts for the other rules
   * is what the other capture recorded, in completions, ways and bytes reserved.
   */
  @ParameterizedTest
  @ValueSource(strings = {"v3.6.0-seed1-light", "v3.6.0-seed1-drain", "v3.16.0-seed1-light"})
  void predictsTheOtherRunInodeByInode(String runs) {
    Map<Long, InodeDifference> without = rows(fileSystem(runs + "-unfixed", WhatIfRules.FIXED));
    Map<Long, InodeDifference> with = rows(fileSystem(runs + "-fixed", WhatIfRules.UNFIXED));
    assertThat(without).isNotEmpty();
    assertThat(with.keySet()).isEqualTo(without.keySet());
    without.forEach(
        (ino, unfixed) -> {
          InodeDifference fixed = with.get(ino);
          assertThat(unfixed.completions()).isEqualTo(fixed.completions());
          assertThat(unfixed.otherwise()).as("fixed, inode %d", ino).isEqualTo(fixed.recorded());
          InodeShare predicted = fixed.otherwise();
          InodeShare recorded = unfixed.recorded();
          assertThat(predicted.taken()).as("unfixed, inode %d", ino).isEqualTo(recorded.taken());
          assertThat(predicted.failed()).isEqualTo(recorded.failed());
          assertThat(predicted.reserved()).isEqualTo(recorded.reserved());
        });
  }

  @Test
  void aCrashIsExplainedByTheFirstDifference() {
    WhatIf fixed = fileSystem("v3.6.0-seed1-drain-unfixed-BUG", WhatIfRules.FIXED).whatIf();
    assertThat(fixed.replayed()).isTrue();
    assertThat(fixed.firstDifference().outcome()).isEqualTo("handedOver");
    assertThat(fixed.firstDifference().evidence().text()).contains("delayed_inode: 257 reserve 98304");
    assertThat(fixed.firstFailure()).isNull();
    assertThat(fixed.verdict()).contains("The failure would not have happened");
    WhatIf unfixed = fileSystem("v3.6.0-seed1-drain-fixed", WhatIfRules.UNFIXED).whatIf();
    assertThat(unfixed.firstFailure()).isNotNull();
    assertThat(unfixed.verdict()).contains("would have failed with ENOSPC");
  }

  /** Steals end with 4.8; the same refused reservations then end in a direct update of the inode item. */
  @Test
  void variantsOfTheFixDiffer() {
    FileSystem asRecorded = fileSystem("v3.6.0-seed1-nearfull-fixed-steals", WhatIfRules.V3_4);
    FileSystem late = fileSystem("v3.6.0-seed1-nearfull-fixed-steals", WhatIfRules.V4_8);
    assertThat(asRecorded.whatIf().replayed()).isTrue();
    assertThat(asRecorded.inodeUnits().whatIf().stolenFromDelalloc())
        .isEqualTo(asRecorded.inodeUnits().stolenFromDelalloc());
    // Lines of two CPUs that stand in the wrong order may turn one completion around.
    assertThat(asRecorded.whatIf().inodes().stream().mapToLong(InodeDifference::differing).sum()).isLessThanOrEqualTo(1);
    assertThat(late.inodeUnits().whatIf().stolenFromDelalloc()).isZero();
    assertThat(late.inodeUnits().whatIf().failed()).isEqualTo(asRecorded.inodeUnits().stolenFromDelalloc());
  }

  /** With a reserve per inode every completion finds its unit, whichever side of the fix was recorded. */
  @ParameterizedTest
  @ValueSource(strings = {"v3.6.0-seed1-light-unfixed", "v3.6.0-seed1-light-fixed", "v3.6.0-seed1-drain-fixed"})
  void aReservePerInodePaysForItself(String run) {
    InodeUnits units = fileSystem(run, WhatIfRules.PER_INODE).inodeUnits();
    InodeUnits other = units.whatIf();
    assertThat(other.rules().rules()).isEqualTo(UnitRules.PER_INODE);
    assertThat(other.withoutEntitlement() + other.onDemand() + other.stolenFromDelalloc()).isZero();
    assertThat(other.handedOver() + other.failed() + other.alreadyDirty() + other.noUpdate() + other.undecided())
        .isEqualTo(units.completions());
    assertThat(other.handedOver()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "v3.6.0-seed1-light-unfixed, UNFIXED, already",
    "v3.6.0-seed1-light-fixed, FIXED, already",
  })
  void rulesOfTheKernelItself(String run, WhatIfRules asked, String says) {
    WhatIf whatIf = fileSystem(run, asked).whatIf();
    assertThat(whatIf.replayed()).isFalse();
    assertThat(whatIf.verdict()).contains(says);
  }

  /** Events of a reserve per inode cannot tell what one reserve of all would have held. */
  @ParameterizedTest
  @EnumSource(value = WhatIfRules.class, names = {"FIXED", "COMMIT", "V3_4", "V4_8", "PER_INODE"})
  void perInodeEventsCarryNoBucket(WhatIfRules asked) {
    WhatIf whatIf = replay(Captures.sample("enospc/enospc-falloc-512m.trace.txt.gz"), asked).get(0).whatIf();
    assertThat(whatIf.replayed()).isFalse();
    assertThat(whatIf.inodes()).isEmpty();
    assertThat(whatIf.verdict()).isNotEmpty();
  }

  @Test
  void notAskedForNothingIsKept() {
    FileSystem fs = fileSystem("v3.6.0-seed1-light-unfixed", null);
    assertThat(fs.whatIf()).isNull();
    assertThat(fs.series()).noneMatch(s -> s.group().equals("what-if-units"));
    assertThat(fs.inodeUnits().whatIf().handedOver()).isEqualTo(24);
  }

  /** Refilled by every reservation, the inode's own reserve pays one unit for each dirty period and fails only when drained. */
  @Test
  void ownReserve() {
    InodeUnitOwnReserve machine = new InodeUnitOwnReserve(0);
    machine.setUnit(U);
    InodeUnitInode inode = new InodeUnitInode(257, true);
    inode.delallocKnown = true;
    machine.reserve(inode, U);
    assertThat(machine.bucket.greatest()).isEqualTo(2 * U);
    machine.treeBlock(inode, 4096);
    assertThat(machine.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.HANDED_OVER);
    machine.clean(inode);
    assertThat(machine.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.FAILED);
    machine.reserve(inode, U);
    assertThat(machine.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.HANDED_OVER);
    machine.release(inode, 2 * U, true);
    assertThat(inode.own).isZero();
    assertThat(machine.bucket.size()).isZero();
  }

  private static Map<Long, InodeDifference> rows(FileSystem fs) {
    assertThat(fs.whatIf().replayed()).isTrue();
    Map<Long, InodeDifference> rows = new TreeMap<>();
    fs.whatIf().inodes().forEach(row -> rows.put(row.ino(), row));
    return rows;
  }

  private static FileSystem fileSystem(String run, WhatIfRules asked) {
    return replay(capture(run), asked).stream()
        .filter(fs -> fs.inodeUnits().completions() > 0)
        .findFirst()
        .orElseThrow();
  }

  private static Path capture(String run) {
    Path sample = Captures.sample("inode-reservation/" + run + ".trace.txt.gz");
    return Files.exists(sample) ? sample : Captures.shared("traces/seed1/" + run + ".trace.txt.gz");
  }

  private static List<FileSystem> replay(Path path, WhatIfRules asked) {
    ReplayEngine engine = new ReplayEngine(asked);
    TraceReader traces =
        new TraceReader(new Symbols(), new StackTable(), new TraceReader.Options(1, 1 << 20, 1 << 20, false));
    Incident incident = new IncidentReader(traces, List.of(engine), null).read(List.of(path.toString()), System.in);
    return engine.finish(incident).fileSystems();
  }
}
