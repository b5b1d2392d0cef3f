package org.btrsleuth.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.btrsleuth.replay.InodeUnitAfterFix.Variant;
import org.btrsleuth.replay.InodeUnitMachine.OnDemand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules before and after the fix as machines over canonical operations. */
class InodeUnitMachineTest {
  private static final long U = 98304;
  private static final long BLOCK = 4096;

  private final InodeUnitBeforeFix before = new InodeUnitBeforeFix(0);
  private final InodeUnitAfterFix after = new InodeUnitAfterFix(1, Variant.V3_4);
  private final InodeUnitInode inode = new InodeUnitInode(257, true);

  InodeUnitMachineTest() {
    before.setUnit(U);
    after.setUnit(U);
  }

  /** One clean inode, one block with checksums: the example of the fix's description, by the amounts of 3.6. */
  @Test
  void oneWriteOneCompletion() {
    before.reserve(inode, 2 * U);
    after.reserve(inode, 2 * U);
    assertThat(before.bucket.size()).isEqualTo(2 * U);
    assertThat(after.bucket.size()).isEqualTo(3 * U);
    before.treeBlock(2 * BLOCK);
    after.treeBlock(2 * BLOCK);
    assertThat(before.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.WITHOUT_ENTITLEMENT);
    assertThat(after.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.HANDED_OVER);
    assertThat(before.bucket.shortage()).isEqualTo(U + 2 * BLOCK);
    assertThat(after.bucket.shortage()).isEqualTo(2 * BLOCK);
    before.release(inode, 2 * U, true);
    after.release(inode, 2 * U, true);
    assertThat(before.bucket.size()).isZero();
    assertThat(after.bucket.size()).isZero();
  }

  /** Writes, a commit before each completion: units are taken until the bucket is empty. */
  @Test
  void aDrainedBucketFailsWithoutTheFix() {
    int extents = 24;
    for (int i = 0; i < extents; i++) {
      before.reserve(inode, i == 0 ? 2 * U : U);
      after.reserve(inode, i == 0 ? 2 * U : U);
    }
    int failed = 0;
    int onDemand = 0;
    for (int i = 0; i < extents; i++) {
      boolean last = i == extents - 1;
      before.clean(inode);
      after.clean(inode);
      before.treeBlock(3 * BLOCK);
      after.treeBlock(3 * BLOCK);
      failed += before.update(inode, OnDemand.UNKNOWN) == InodeUnitOutcome.FAILED ? 1 : 0;
      onDemand += after.update(inode, OnDemand.GRANTED) == InodeUnitOutcome.ON_DEMAND ? 1 : 0;
      before.release(inode, last ? 2 * U : U, last);
      after.release(inode, last ? 2 * U : U, last);
    }
    assertThat(failed).isPositive();
    assertThat(onDemand).isEqualTo(extents - 1);
    assertThat(after.bucket.size()).isZero();
  }

  @Test
  void afterARefusalTheFixedRulesStealThenWarnThenFail() {
    after.reserve(inode, U);
    assertThat(after.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.HANDED_OVER);
    after.clean(inode);
    assertThat(after.update(inode, OnDemand.REFUSED)).isEqualTo(InodeUnitOutcome.STOLEN_FROM_DELALLOC);
    after.clean(inode);
    assertThat(after.update(inode, OnDemand.REFUSED)).isEqualTo(InodeUnitOutcome.STOLEN_FROM_GLOBAL);
    after.clean(inode);
    after.globalReserved = U - 1;
    assertThat(after.update(inode, OnDemand.REFUSED)).isEqualTo(InodeUnitOutcome.FAILED);
  }

  @Test
  void from48OnNothingIsStolen() {
    InodeUnitAfterFix late = new InodeUnitAfterFix(2, Variant.V4_8);
    late.setUnit(U);
    late.reserve(inode, 4 * U);
    assertThat(late.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.HANDED_OVER);
    late.clean(inode);
    assertThat(late.update(inode, OnDemand.REFUSED)).isEqualTo(InodeUnitOutcome.FAILED);
  }

  /** A refused reservation beside outstanding extents leaves the commit's bit set without bytes (fixed by 660d3f6cde55). */
  @ParameterizedTest
  @EnumSource(Variant.class)
  void phantomUnitOfTheCommitItself(Variant variant) {
    InodeUnitAfterFix machine = new InodeUnitAfterFix(2, variant);
    machine.setUnit(U);
    machine.reserve(inode, U);
    assertThat(machine.update(inode, OnDemand.UNKNOWN)).isEqualTo(InodeUnitOutcome.HANDED_OVER);
    machine.clean(inode);
    machine.refused(inode, true);
    assertThat(machine.phantomUnits()).isEqualTo(variant == Variant.SEED_COMMIT ? 1 : 0);
    machine.treeBlock(BLOCK);
    assertThat(machine.update(inode, OnDemand.GRANTED))
        .isEqualTo(variant == Variant.SEED_COMMIT ? InodeUnitOutcome.FAILED : InodeUnitOutcome.ON_DEMAND);
  }

  /** Random legal sequences: both buckets end empty, the fixed rules take nothing, and both agree while nodes are dirty. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void legalSequencesBalance(long seed) {
    Random random = new Random(seed);
    int inodes = 1 + random.nextInt(5);
    InodeUnitInode[] all = new InodeUnitInode[inodes];
    int[] outstanding = new int[inodes];
    for (int i = 0; i < inodes; i++) {
      all[i] = new InodeUnitInode(256 + i, true);
    }
    long needed = 0;
    for (int step = 0; step < 5000; step++) {
      int i = random.nextInt(inodes);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          outstanding[i]++;
          before.reserve(all[i], U);
          after.reserve(all[i], U);
        }
        case 2 -> {
          if (outstanding[i] == 0) {
            continue;
          }
          boolean wasDirty = before.dirty(all[i]);
          long blocks = random.nextInt(4) * BLOCK;
          before.treeBlock(Math.min(blocks, before.bucket.greatest()));
          after.treeBlock(Math.min(blocks, after.bucket.greatest()));
          InodeUnitOutcome unfixed = before.update(all[i], OnDemand.UNKNOWN);
          InodeUnitOutcome fixed = after.update(all[i], OnDemand.GRANTED);
          if (wasDirty) {
            assertThat(unfixed).as("seed %d step %d", seed, step).isEqualTo(InodeUnitOutcome.ALREADY_DIRTY);
            assertThat(fixed).isEqualTo(unfixed);
          } else {
            needed++;
            assertThat(unfixed).isIn(InodeUnitOutcome.WITHOUT_ENTITLEMENT, InodeUnitOutcome.FAILED);
            assertThat(fixed).isIn(InodeUnitOutcome.HANDED_OVER, InodeUnitOutcome.ON_DEMAND);
            if (unfixed == InodeUnitOutcome.FAILED) {
              before.updateElsewhere(all[i]);
            }
          }
          outstanding[i]--;
          before.release(all[i], U, outstanding[i] == 0);
          after.release(all[i], U, outstanding[i] == 0);
        }
        default -> {
          before.clean(all[i]);
          after.clean(all[i]);
        }
      }
      assertThat(before.bucket.greatest()).as("seed %d step %d", seed, step).isBetween(0L, before.bucket.size());
      assertThat(after.bucket.greatest()).isBetween(0L, after.bucket.size());
      assertThat(after.bucket.size()).isGreaterThanOrEqualTo(before.bucket.size());
    }
    for (int i = 0; i < inodes; i++) {
      for (; outstanding[i] > 0; outstanding[i]--) {
        before.release(all[i], U, outstanding[i] == 1);
        after.release(all[i], U, outstanding[i] == 1);
      }
    }
    assertThat(needed).isPositive();
    assertThat(before.bucket.size()).as("seed %d", seed).isZero();
    assertThat(after.bucket.size()).as("seed %d", seed).isZero();
  }

  @Test
  void aBucketOfUnknownContentProvesNoShortage() {
    InodeUnitBucket bucket = new InodeUnitBucket();
    bucket.add(U);
    bucket.release(3 * U);
    assertThat(bucket.anchored()).isFalse();
    bucket.add(U);
    bucket.use(U);
    assertThat(bucket.hadUnit(U)).isZero();
    assertThat(bucket.shortage()).isZero();
  }
}
