package org.btrsleuth.replay;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.event.EventBlock;

/**
 * Balances of delayed_inode, delayed_item and orphan by their owner's number. A release above the balance raises the
 * inferred balance at the start of the log instead of going negative (Z2), unless the balance is known from its
 * beginning. The lines name no root, so equal inode numbers of two subvolumes share a balance (I2).
 */
final class OwnerLedger {
  private static final int SWEEP_AT = 1 << 16;

  static final class Owner {
    final RsvType type;
    final long number;
    long balance;
    boolean known;

    Owner(RsvType type, long number) {
      this.type = type;
      this.number = number;
    }
  }

  private final LongMap<Owner> owners = new LongMap<>();
  private int sweepAt = SWEEP_AT;
  private long carriedIn;

  void reserve(EventBlock block, int i, RsvType type, long number, long bytes) {
    owner(type, number).balance += bytes;
  }

  void release(EventBlock block, int i, RsvType type, long number, long bytes) {
    Owner owner = owner(type, number);
    owner.balance -= bytes;
    if (owner.balance < 0) {
      carriedIn -= owner.balance;
      owner.balance = 0;
    }
    owner.known |= owner.balance == 0;
  }

  private Owner owner(RsvType type, long number) {
    long key = number * 16 + type.ordinal();
    Owner owner = owners.get(key);
    if (owner == null) {
      if (owners.size() >= sweepAt) {
        owners.removeIf(o -> o.balance == 0);
        sweepAt = Math.max(SWEEP_AT, owners.size() * 2);
      }
      owner = new Owner(type, number);
      owners.put(key, owner);
    }
    return owner;
  }

  void gap() {
    owners.clear();
  }

  /** Bytes that were released without a reserve in the log: held since before it began. */
  long carriedIn() {
    return carriedIn;
  }

  List<Owner> holders(int most) {
    List<Owner> all = new ArrayList<>();
    owners.forEach(
        owner -> {
          if (owner.balance > 0) {
            all.add(owner);
          }
        });
    all.sort((a, b) -> Long.compare(b.balance, a.balance));
    return all.subList(0, Math.min(most, all.size()));
  }
}
