package org.btrsleuth.replay;

import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.Field;
import org.btrsleuth.source.Evidence;

/**
 * Compares the replayed reserves with what our probe read from the kernel's structures at each event: size and content
 * of delayed_block_rsv and trans_block_rsv, and the content of the inode's own reserve where the record carries it.
 *
 * <p>The probe reads without locks, and the kernel changes a reserve shortly before or after the line about it. A value
 * that does not fit is therefore held until the lines of the other CPUs that are under way have come.
 */
final class ProbeCheck {
  private static final int PATIENCE = 16;

  /** A reserve whose read values wait for the replay to reach them. */
  private static final class Held {
    final String name;
    boolean active;
    boolean open;
    long size;
    long reserved;
    long replayedSize;
    long replayedReserved;
    int events;
    Evidence at;

    Held(String name) {
      this.name = name;
    }
  }

  final CheckCounter check = new CheckCounter("block_rsv");
  private final Held delayed = new Held("delayed_block_rsv");
  private final Held trans = new Held("trans_block_rsv");
  private InodeReserve heldInode;
  private int heldEvents;
  private Evidence heldAt;
  private String heldDetail;

  /** Must be called before the event changes the replay where the kernel prints before it acts, else after. */
  void compare(EventBlock block, int i, RsvLedger rsv, boolean inFlight) {
    if (rsv.delayedKnown()) {
      pair(block, i, delayed, rsv.delayedSize(), rsv.delayedReserved(), inFlight);
    } else {
      rsv.anchorDelayed(block.number(i, Field.DELAYED_SIZE), block.number(i, Field.DELAYED_RESERVED));
    }
    if (rsv.transKnown()) {
      pair(block, i, trans, rsv.transSize(), rsv.transReserved(), inFlight || rsv.handles() > 0);
    }
  }

  private void pair(EventBlock block, int i, Held held, long replayedSize, long replayedReserved, boolean open) {
    boolean isTrans = held == trans;
    long size = block.number(i, isTrans ? Field.TRANS_SIZE : Field.DELAYED_SIZE);
    long reserved = block.number(i, isTrans ? Field.TRANS_RESERVED : Field.DELAYED_RESERVED);
    if (held.active) {
      held.open |= open;
      if (replayedSize == held.size && replayedReserved == held.reserved
          || size == replayedSize && reserved == replayedReserved) {
        check.match();
        held.active = false;
      } else if (++held.events > PATIENCE) {
        conclude(held);
      }
      return;
    }
    if (size == replayedSize && reserved == replayedReserved) {
      check.match();
      return;
    }
    held.active = true;
    held.open = open;
    held.size = size;
    held.reserved = reserved;
    held.replayedSize = replayedSize;
    held.replayedReserved = replayedReserved;
    held.events = 0;
    held.at = CheckCounter.evidence(block, i);
  }

  private void conclude(Held held) {
    held.active = false;
    if (held.open) {
      check.addUndecided();
    } else if (check.mismatch(held.at)) {
      check.detail(
          held.name + ": replayed size " + held.replayedSize + " reserved " + held.replayedReserved + ", read size "
              + held.size + " reserved " + held.reserved);
    }
  }

  /** Compares the inode's own reserve; {@code unsettled} bytes were consumed from it and are not in the residue yet. */
  void inode(EventBlock block, int i, InodeReserve inode, long unsettled, boolean othersAtWork) {
    long printed = block.number(i, Field.INODE_RESERVED);
    if (inode.residue - unsettled == printed) {
      check.match();
    } else if (othersAtWork) {
      check.addUndecided();
    } else if (heldInode == null) {
      heldInode = inode;
      heldEvents = 0;
      heldAt = CheckCounter.evidence(block, i);
      heldDetail =
          "reserve of inode " + inode.ino + " of root " + inode.root + ": replayed " + (inode.residue - unsettled)
              + ", read " + printed;
    } else {
      check.addUndecided();
    }
  }

  /** An inode whose reading did not fit, null if none. */
  InodeReserve heldInode() {
    return heldInode;
  }

  /** One more event has come; {@code othersAtWork}: a task is charging the inode after all, so the reading was right. */
  void heldInodeStep(boolean othersAtWork) {
    if (othersAtWork) {
      check.addUndecided();
      heldInode = null;
    } else if (++heldEvents > PATIENCE) {
      heldInode = null;
      if (check.mismatch(heldAt)) {
        check.detail(heldDetail);
      }
    }
  }

  void finish() {
    delayed.active = false;
    trans.active = false;
  }
}
