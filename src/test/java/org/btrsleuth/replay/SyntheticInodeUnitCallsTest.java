package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.btrsleuth.event.StackTable;
import org.btrsleuth.event.Symbols;
import org.btrsleuth.event.TraceReader;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.incident.IncidentReader;
import org.btrsleuth.replay.ReplayReport.FileSystem;
import org.btrsleuth.replay.ReplayReport.InodeUnits;
import org.btrsleuth.replay.ReplayReport.UnitRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Completions told by recorded function calls alone. Every line here is SYNTHETIC, written after the kernel's source (3.2
 * before and after 7fd2ae21a42d, 4.15): no kernel with kprobes was at hand to record one.
 */
class SyntheticInodeUnitCallsTest {
  private static final long U = 98304;
  private static final String DELALLOC = "0xffff880012340000";
  private static final String DELAYED = "0xffff880012350000";
  private static final String GLOBAL = "0xffff880012360000";
  private static final String INODE = "0xffff88003c4d5e60";

  @TempDir Path dir;

  /** Writes lines as tracefs prints kprobe events. */
  private static final class Lines {
    private final StringBuilder text = new StringBuilder("# tracer: nop\n#\n");
    private int tick;
    private String task = "btrfs-endio-wri-45";

    Lines by(String who) {
      task = who;
      return this;
    }

    Lines call(String event, String function, String fields) {
      return line(event, "(" + function + "+0x0/0x90 [btrfs]) " + fields);
    }

    Lines back(String event, String function, long ret) {
      return line(event, "(some_caller+0x1c/0x40 [btrfs] <- " + function + ") ret=" + ret);
    }

    Lines line(String event, String rest) {
      tick++;
      text.append("  ").append(task).append("   [000] ....     1.").append(String.format("%06d", tick)).append(": ")
          .append(event).append(": ").append(rest).append('\n');
      return this;
    }

    Lines transaction() {
      return by("dd-90").add("rsv_add", GLOBAL, 0).by("btrfs-endio-wri-45");
    }

    Lines write(String inode) {
      return by("dd-90")
          .call("delalloc_reserve", "btrfs_delalloc_reserve_metadata", "inode=" + inode + " bytes=4096 disk_bytes=1")
          .back("delalloc_reserve_ret", "btrfs_delalloc_reserve_metadata", 0)
          .by("btrfs-endio-wri-45");
    }

    Lines completion(String inode, Consumer<Lines> update, int ret) {
      call("finish_ordered", "btrfs_finish_ordered_io", "object=" + inode);
      call("inode_update", "btrfs_delayed_update_inode", "trans=0xffff880011110000 root=0xffff880022220000 inode=" + inode);
      call("inode_reserve", "btrfs_delayed_inode_reserve_metadata", "trans=0xffff880011110000 root=0xffff880022220000");
      update.accept(this);
      back("inode_reserve_ret", "btrfs_delayed_inode_reserve_metadata", ret);
      return back("inode_update_ret", "btrfs_delayed_update_inode", ret);
    }

    Lines end(String inode, String rsv) {
      return call("delalloc_release", "btrfs_delalloc_release_metadata", "inode=" + inode + " bytes=4096")
          .release(rsv, 2 * U)
          .back("delalloc_release_ret", "btrfs_delalloc_release_metadata", 0)
          .back("finish_ordered_ret", "btrfs_finish_ordered_io", 0);
    }

    Lines release(String rsv, long bytes) {
      return call(
          "rsv_release", "btrfs_block_rsv_release", "rsv=" + rsv + " bytes=" + bytes + " size=294912 reserved=196608");
    }

    Lines move(String src, int ret) {
      return call(
              "rsv_migrate", "btrfs_block_rsv_migrate",
              "src=" + src + " dst=" + DELAYED + " bytes=" + U + " src_size=294912 src_reserved=294912 dst_size=0"
                  + " dst_reserved=0 later_field=7")
          .back("rsv_migrate_ret", "btrfs_block_rsv_migrate", ret);
    }

    Lines add(String event, String rsv, int ret) {
      return call(event, "btrfs_block_rsv_add", "rsv=" + rsv + " bytes=" + U).back(event + "_ret", "btrfs_block_rsv_add", ret);
    }
  }

  @Test
  void beforeTheFixTheUnitIsTaken() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    FileSystem fs = replay(lines, null);
    InodeUnits units = fs.inodeUnits();
    assertThat(units.rules().rules()).isEqualTo(UnitRules.BEFORE_FIX);
    assertThat(units.completions()).isEqualTo(2);
    assertThat(units.rules().certain()).as("no kernel has printed such calls yet").isFalse();
    assertThat(units.withoutEntitlement()).isEqualTo(2);
    assertThat(units.withoutEntitlementBytes()).isEqualTo(2 * U);
    assertThat(units.whatIf().handedOver()).isEqualTo(2);
    assertThat(fs.inodeUnitEvents().get(0).evidence().text()).contains("rsv_migrate").contains("src_reserved=294912");
    assertThat(fs.notes()).anyMatch(n -> n.contains("kprobes"));
  }

  @Test
  void failureIsTheReturnedError() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    // BUG_ON: nothing more is heard of this task.
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, -28), -28);
    InodeUnits units = replay(lines, null).inodeUnits();
    assertThat(units.completions()).isEqualTo(2);
    assertThat(units.withoutEntitlement()).isEqualTo(1);
    assertThat(units.failed()).isEqualTo(1);
    assertThat(units.directUpdate()).isZero();
    assertThat(units.rules().firstFailure().evidence().text()).contains("ret=-28");
    assertThat(units.whatIf().failed()).isZero();
  }

  @Test
  void afterTheFixItIsHandedOverOrReservedOnTheSpot() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0).release(DELALLOC, U), 0).end(INODE, DELALLOC);
    lines.completion(INODE, l -> l.add("rsv_add_noflush", DELAYED, 0), 0).end(INODE, DELALLOC);
    lines.completion(INODE, l -> l.add("rsv_add_noflush", DELAYED, -11).move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    lines
        .completion(INODE, l -> l.add("rsv_add_noflush", DELAYED, -11).move(DELALLOC, -28).move(GLOBAL, 0), 0)
        .end(INODE, DELALLOC);
    InodeUnits units = replay(lines, null).inodeUnits();
    assertThat(units.rules().rules()).isEqualTo(UnitRules.AFTER_FIX);
    assertThat(units.completions()).isEqualTo(4);
    assertThat(units.handedOver()).isEqualTo(1);
    assertThat(units.onDemand()).isEqualTo(1);
    assertThat(units.stolenFromDelalloc()).isEqualTo(1);
    assertThat(units.stolenFromGlobal()).isEqualTo(1);
    assertThat(units.whatIf().withoutEntitlement()).isEqualTo(4);
  }

  /** The update finds the node dirty and asks for nothing; a completion inside the file updates nothing. */
  @Test
  void dirtyNodesAndCompletionsWithoutUpdate() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0).release(DELALLOC, U), 0).end(INODE, DELALLOC);
    lines.call("finish_ordered", "btrfs_finish_ordered_io", "object=" + INODE);
    lines.call("inode_update", "btrfs_delayed_update_inode", "trans=0x1 root=0x2 inode=" + INODE);
    lines.back("inode_update_ret", "btrfs_delayed_update_inode", 0).end(INODE, DELALLOC);
    lines.call("finish_ordered", "btrfs_finish_ordered_io", "object=" + INODE).end(INODE, DELALLOC);
    InodeUnits units = replay(lines, null).inodeUnits();
    assertThat(units.completions()).isEqualTo(3);
    assertThat(units.alreadyDirty()).isEqualTo(1);
    assertThat(units.noUpdate()).isEqualTo(1);
  }

  /** Refused everywhere, but from 3.3 on the inode item is then written directly. */
  @Test
  void directUpdateAfterFailure() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.add("rsv_add", DELAYED, -28), -28);
    lines.back("inode_item_ret", "btrfs_update_inode_item", 0).end(INODE, DELALLOC);
    InodeUnits units = replay(lines, null).inodeUnits();
    assertThat(units.rules().rules()).isEqualTo(UnitRules.AFTER_FIX);
    assertThat(units.failed()).isEqualTo(1);
    assertThat(units.directUpdate()).isEqualTo(1);
  }

  @Test
  void withoutTheInodesOwnReservationNothingIsCalledTaken() {
    Lines lines = new Lines().transaction();
    lines.completion(INODE, l -> l.move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    undecided(lines);
  }

  @Test
  void withoutKnowingTheDelallocReserveNothingIsCalledTaken() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0);
    lines.back("finish_ordered_ret", "btrfs_finish_ordered_io", 0);
    undecided(lines);
  }

  /** A refused reservation that no probe recorded would look the same. */
  @Test
  void withoutRecordedReservationsNothingIsCalledTaken() {
    Lines lines = new Lines();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    undecided(lines);
  }

  /** From 4.15 on the reserve is part of the inode and pays its unit by right. */
  @Test
  void aReserveWithinTheInodeIsNotTheOneOfAll() {
    Lines lines = new Lines().transaction();
    String own = "0xffff88003c4d5d00";
    lines.write(INODE).completion(INODE, l -> l.move(own, 0), 0).end(INODE, own);
    undecided(lines);
  }

  @Test
  void aMissingReturnIsUndecided() {
    Lines lines = new Lines().transaction();
    lines.write(INODE);
    lines.completion(
        INODE, l -> l.call("rsv_migrate", "btrfs_block_rsv_migrate", "src=" + DELALLOC + " dst=0x1 bytes=" + U), 0);
    lines.end(INODE, DELALLOC);
    undecided(lines);
  }

  /** Both functions that hold a completion together are inlined: the worker's name tells. */
  @Test
  void inlinedFunctions() {
    Lines lines = new Lines().transaction();
    for (int n = 0; n < 2; n++) {
      lines.write(INODE);
      lines.call("inode_update", "btrfs_delayed_update_inode", "trans=0x1 root=0x2 inode=" + INODE).move(DELALLOC, 0);
      lines.back("inode_update_ret", "btrfs_delayed_update_inode", 0);
      lines.call("delalloc_release", "btrfs_delalloc_release_metadata", "inode=" + INODE + " bytes=4096");
      lines.release(DELALLOC, 2 * U).back("delalloc_release_ret", "btrfs_delalloc_release_metadata", 0);
    }
    // The same calls by a task that completes nothing.
    lines.by("touch-91").call("inode_update", "btrfs_delayed_update_inode", "trans=0x1 root=0x2 inode=" + INODE);
    lines.move(GLOBAL, 0).back("inode_update_ret", "btrfs_delayed_update_inode", 0);
    InodeUnits units = replay(lines, null).inodeUnits();
    assertThat(units.completions()).isEqualTo(2);
    assertThat(units.withoutEntitlement()).isEqualTo(2);
  }

  /** Reservation events tell more; with them in the capture the calls are not judged. */
  @Test
  void reservationEventsWin() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    lines.line("btrfs_space_reservation", "9f2d1c3e-0000-4000-8000-123456789abc: space_info: 4 reserve 98304");
    FileSystem fs = replay(lines, null);
    assertThat(fs.inodeUnits().completions()).isZero();
    assertThat(fs.notes()).anyMatch(n -> n.contains("were not judged"));
  }

  @Test
  void lostLinesForgetWhatWasGoingOn() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0);
    lines.text.append("CPU:0 [LOST 12 EVENTS]\n");
    lines.end(INODE, DELALLOC);
    InodeUnits units = replay(lines, null).inodeUnits();
    assertThat(units.withoutEntitlement() + units.handedOver() + units.failed()).isZero();
  }

  @Test
  void otherRulesOnRequest() {
    Lines lines = new Lines().transaction();
    lines.write(INODE).completion(INODE, l -> l.move(DELALLOC, 0), 0).end(INODE, DELALLOC);
    ReplayReport.WhatIf whatIf = replay(lines, WhatIfRules.FIXED).whatIf();
    assertThat(whatIf.replayed()).isTrue();
    assertThat(whatIf.verdict()).contains("1 handed over").contains("1 taken without entitlement");
  }

  private void undecided(Lines lines) {
    InodeUnits units = replay(lines, null).inodeUnits();
    assertThat(units.completions()).isEqualTo(1);
    assertThat(units.undecided()).isEqualTo(1);
    assertThat(units.rules().rules()).isEqualTo(UnitRules.UNKNOWN);
  }

  private FileSystem replay(Lines lines, WhatIfRules asked) {
    try {
      Path file = Files.writeString(dir.resolve("synthetic.txt"), lines.text.toString());
      ReplayEngine engine = new ReplayEngine(asked);
      TraceReader traces =
          new TraceReader(new Symbols(), new StackTable(), new TraceReader.Options(1, 1 << 20, 1 << 20, false));
      Incident incident = new IncidentReader(traces, List.of(engine), null).read(List.of(file.toString()), System.in);
      List<FileSystem> all = engine.finish(incident).fileSystems();
      assertThat(all).hasSize(1);
      return all.get(0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
