package org.btrsleuth.replay;

import org.btrsleuth.source.Evidence;

/** Delalloc reserve of one inode between two moments at which nothing of it is outstanding. */
final class InodeReserve {
  final long root;
  final long ino;

  /** Outstanding extents; counted from 0 where {@link #known} is false. */
  long outstanding;
  boolean known;

  /** Reserved minus released, consumed and migrated bytes since the last anchor. */
  long residue;
  /** The residue counts from a moment at which the reserve was empty. */
  boolean anchored;

  /** Tree blocks charged in this period. */
  int blocks;
  /** Bytes of tree blocks that the events do not attribute and that may have been this inode's. */
  long unattributed;
  boolean touched;

  /** At 0 outstanding extents; {@link #zeroTask} may still print its release. */
  boolean zero;
  TaskState zeroTask;
  long zeroStep;

  /** Where the period began and was changed last. */
  Evidence first;
  Evidence last;

  InodeReserve(long root, long ino) {
    this.root = root;
    this.ino = ino;
  }

  /** Begins a period with an empty reserve. */
  void reset() {
    residue = 0;
    anchored = true;
    blocks = 0;
    unattributed = 0;
    touched = false;
    first = null;
    last = null;
  }

  void gap() {
    anchored = false;
    zeroTask = null;
    unattributed = 0;
    residue = 0;
    blocks = 0;
    touched = false;
  }
}
