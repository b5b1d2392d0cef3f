package org.btrsleuth.replay;

import java.util.List;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.replay.ReplayReport.Holder;

/**
 * Delalloc balances by inode number where all inodes share one reserve (3.3 to 4.14). There the release is computed
 * from the inode's counters, so every balance returns to exactly 0 and never falls below (I3'); what was consumed or
 * stolen does not show (D2). A balance is known from the start only for inodes that the log shows being created; else a
 * fall below 0 says that more was reserved before the log began (Z2).
 */
final class BucketLedger {
  private static final int SWEEP_AT = 1 << 16;

  private static final class Balance {
    final long ino;
    long bytes;
    boolean known;

    Balance(long ino) {
      this.ino = ino;
    }
  }

  final CheckCounter identity = new CheckCounter("inode_reservation_identity");
  private final LongMap<Balance> balances = new LongMap<>();
  private int sweepAt = SWEEP_AT;
  private long seen;

  void line(EventBlock block, int i, long ino, long signed) {
    Balance balance = balance(ino);
    long before = balance.bytes;
    balance.bytes += signed;
    if (balance.bytes < 0) {
      if (!balance.known) {
        identity.addUndecided();
      } else if (identity.mismatch(block, i)) {
        identity.detail("the balance of inode " + ino + " falls to " + balance.bytes);
      }
      balance.bytes = 0;
      balance.known = false;
    } else if (balance.bytes == 0 && before > 0) {
      identity.match();
    }
  }

  /** The inode is new: nothing was reserved for it before. */
  void created(long ino) {
    Balance balance = balance(ino);
    balance.known |= balance.bytes == 0;
  }

  private Balance balance(long ino) {
    Balance balance = balances.get(ino);
    if (balance == null) {
      if (balances.size() >= sweepAt) {
        balances.removeIf(b -> b.bytes == 0);
        sweepAt = Math.max(SWEEP_AT, balances.size() * 2);
      }
      balance = new Balance(ino);
      balances.put(ino, balance);
      seen++;
    }
    return balance;
  }

  long seen() {
    return seen;
  }

  void gap() {
    balances.clear();
  }

  /** Inodes that hold bytes. */
  void addHolders(List<Holder> to) {
    balances.forEach(
        b -> {
          if (b.bytes > 0) {
            to.add(new Holder("inode", "delalloc of inode " + b.ino, b.bytes));
          }
        });
  }
}
