package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.replay.ReplayReport.Anomaly;
import org.btrsleuth.replay.ReplayReport.EnospcMoment;
import org.btrsleuth.replay.ReplayReport.Holder;
import org.btrsleuth.source.Evidence;

/** Reservations that failed: what the space_info looked like, who held the space, whether that explains the failure. */
final class EnospcLedger {
  private static final int MAX_MOMENTS = 24;
  private static final int MOST_HOLDERS = 8;
  private static final int ENOSPC = -28;
  /** A ticket that fails is printed by its waiter as soon as that is scheduled. */
  private static final long FAILED_TOGETHER = 1_000_000_000L;

  private final FsReplay fs;
  private final List<EnospcMoment> moments = new ArrayList<>();
  private final SpaceSnapshot[] snapshots = new SpaceSnapshot[8];
  private final Evidence[] snapshotAt = new Evidence[8];
  private final Anomaly[] explained = new Anomaly[8];
  private final Anomaly[] premature = new Anomaly[8];
  private long markers;
  private long allFailed;

  EnospcLedger(FsReplay fs) {
    this.fs = fs;
  }

  /** {@code space_info:enospc}: printed for every failure, also for tries that have a fallback. */
  void marker(EventBlock block, int i, SpaceInfoLedger info, long bytes) {
    markers++;
    if (moments.size() < MAX_MOMENTS / 2) {
      add(block, i, info, bytes, "reservation", null);
    }
  }

  /** btrfs_fail_all_tickets: flushing is over and did not help. */
  void allTicketsFailed(EventBlock block, int i, SpaceInfoLedger info) {
    allFailed++;
    SpaceSnapshot snapshot = new SpaceSnapshot(block, i);
    Evidence at = CheckCounter.evidence(block, i);
    snapshots[info.flags] = snapshot;
    snapshotAt[info.flags] = at;
    if (moments.size() < MAX_MOMENTS) {
      add(block, i, info, snapshot.reclaimSize, "all tickets", snapshot);
    }
    if (explained[info.flags] == null) {
      explained[info.flags] = explain(info, snapshot, at);
    }
  }

  /** A ticket that ended with -ENOSPC. */
  void ticketFailed(EventBlock block, int i, SpaceInfoLedger info, long error) {
    if (error != ENOSPC) {
      return;
    }
    long bytes = block.number(i, Field.BYTES);
    SpaceSnapshot snapshot = snapshots[info.flags];
    boolean current = snapshot != null && isNear(snapshot.time, block.time(i));
    if (moments.size() < MAX_MOMENTS) {
      add(block, i, info, bytes, "ticket", current ? snapshot : null);
    }
    if (current && premature[info.flags] == null && bytes > 0 && snapshot.free() >= bytes) {
      premature[info.flags] =
          new Anomaly(
              "premature-enospc",
              "space_info",
              -1,
              -1,
              bytes,
              false,
              SpaceFlags.name(info.flags) + " had " + Bytes.text(snapshot.free()) + " free when all tickets were failed, and a ticket of "
                  + Bytes.text(bytes) + " ended with ENOSPC. Between the two lines the space may have been granted to others.",
              Map.of("bytes", bytes, "freeBytes", snapshot.free()),
              List.of(snapshotAt[info.flags], CheckCounter.evidence(block, i)));
    }
  }

  private static boolean isNear(long before, long after) {
    return before != EventBlock.NO_TIME && after >= before && after - before < FAILED_TOGETHER;
  }

  private EnospcMoment add(
      EventBlock block, int i, SpaceInfoLedger info, long bytes, String how, SpaceSnapshot snapshot) {
    EnospcMoment moment =
        new EnospcMoment(
            CheckCounter.evidence(block, i),
            block.time(i),
            info.flags,
            block.symbols().text(block.comm(i)) + ":" + block.pid(i),
            bytes,
            how,
            sentence(info, bytes, snapshot),
            holders());
    moments.add(moment);
    return moment;
  }

  private String sentence(SpaceInfoLedger info, long bytes, SpaceSnapshot snapshot) {
    StringBuilder text = new StringBuilder(SpaceFlags.name(info.flags));
    if (snapshot != null) {
      long free = snapshot.free();
      text.append(free >= 0 ? " had " + Bytes.text(free) + " free" : " was overcommitted by " + Bytes.text(-free));
      text.append(" of ").append(Bytes.text(snapshot.total)).append(" when ").append(Bytes.text(bytes)).append(" were asked for: ");
      text.append(Bytes.text(snapshot.used)).append(" used, ").append(Bytes.text(snapshot.pinned));
      text.append(" pinned until the next commit, ");
      if (snapshot.readonly > 0) {
        text.append(Bytes.text(snapshot.readonly)).append(" read-only, ");
      }
      if (snapshot.reserved != 0) {
        text.append(Bytes.text(snapshot.reserved)).append(" just allocated, ");
      }
      text.append(Bytes.text(snapshot.mayUse)).append(" promised");
      if ((info.flags & SpaceFlags.METADATA) != 0) {
        text.append(", of which the global reserve held ").append(Bytes.text(snapshot.global));
        text.append(", delayed refs ").append(Bytes.text(snapshot.delayedRefs));
        text.append(", delayed items ").append(Bytes.text(snapshot.delayed));
        text.append(", running transactions ").append(Bytes.text(snapshot.trans));
      }
      text.append('.');
    } else {
      text.append(": ").append(Bytes.text(bytes)).append(" were asked for; ");
      text.append(Bytes.text(info.mayUse.value()));
      text.append(info.mayUse.isAnchored() ? " were promised" : " more were promised than when the log began");
      text.append(", ").append(Bytes.text(info.pinned.value())).append(" pinned.");
    }
    if (info.flushSteps > 0) {
      text.append(" Flushing since the last request gave back ").append(Bytes.text(info.freed - info.flushStart));
      text.append(" in ").append(info.flushSteps).append(info.flushSteps == 1 ? " step." : " steps.");
    }
    return text.toString();
  }

  private List<Holder> holders() {
    List<Holder> holders = new ArrayList<>();
    for (InodeReserve inode : fs.inodes.holders(MOST_HOLDERS)) {
      holders.add(new Holder("inode", "delalloc of inode " + inode.ino + " of root " + inode.root, inode.residue));
    }
    fs.bucket.addHolders(holders);
    for (OwnerLedger.Owner owner : fs.owners.holders(MOST_HOLDERS)) {
      holders.add(new Holder("inode", owner.type.text() + " of inode " + owner.number, owner.balance));
    }
    fs.addHandles(holders);
    PoolLedger refs = fs.pools[RsvType.LOCAL_DELAYED_REFS.ordinal()];
    if (refs.outstanding() > 0) {
      holders.add(new Holder("pool", "delayed refs reserved by running handles", refs.outstanding()));
    }
    holders.sort((a, b) -> Long.compare(b.bytes(), a.bytes()));
    return holders.subList(0, Math.min(MOST_HOLDERS, holders.size()));
  }

  private Anomaly explain(SpaceInfoLedger info, SpaceSnapshot snapshot, Evidence at) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    numbers.put("totalBytes", snapshot.total);
    numbers.put("usedBytes", snapshot.used);
    numbers.put("promisedBytes", snapshot.mayUse);
    numbers.put("pinnedBytes", snapshot.pinned);
    numbers.put("freeBytes", snapshot.free());
    numbers.put("askedForBytes", snapshot.reclaimSize);
    numbers.put("globalReserveBytes", snapshot.global);
    numbers.put("bytesGivenBackByFlushing", info.freed - info.flushStart);
    return new Anomaly(
        "enospc-explained", "space_info", -1, info.flags, snapshot.reclaimSize, true,
        sentence(info, snapshot.reclaimSize, snapshot), numbers,
        List.of(at));
  }

  long markers() {
    return markers;
  }

  long allFailed() {
    return allFailed;
  }

  List<EnospcMoment> moments() {
    return moments;
  }

  void addAnomalies(List<Anomaly> to) {
    for (int k = 0; k < explained.length; k++) {
      if (premature[k] != null) {
        to.add(premature[k]);
      }
      if (explained[k] != null) {
        to.add(explained[k]);
      }
    }
  }
}
