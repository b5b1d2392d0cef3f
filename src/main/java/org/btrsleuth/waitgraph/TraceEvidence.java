package org.btrsleuth.waitgraph;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.btrsleuth.event.EventBlock;
import org.btrsleuth.event.EventSink;
import org.btrsleuth.event.Field;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.TaskSnapshot;

/**
 * What trace events of the same incident say of the tasks in its dumps: which work a task was running when the trace
 * ended and who queued it, which page it was about to write, which range it locked. Stacks name kinds of locks; events
 * name the locks.
 *
 * <p>Keeps the last state alone: memory is bounded by {@link #MOST} works, tasks and ranges, however long the trace.
 */
public final class TraceEvidence implements EventSink {
  private static final int MOST = 1 << 16;
  private static final long PAGE_SIZE = 4096;

  /**
   * A page of an inode.
   *
   * @param index in pages, -1 if only the inode is known
   */
  record Page(long root, long inode, long index) {
    @Override
    public String toString() {
      return "inode " + root + "/" + inode + (index < 0 ? "" : " page " + index);
    }
  }

  /**
   * A work item that was queued and is not done.
   *
   * @param page of a fixup: the page that was about to be written when it was queued; null if unknown
   */
  private record Work(String function, int queuedBy, Seen queued, Page page) {}

  /** What a task was running when the trace ended. */
  private record Run(long work, Work item, Seen started, int queuedSince) {}

  /**
   * The last page that a task began to write. One a task, overwritten: these events come by the million, and a record
   * and a copy of the line for each were half of what an analysis of a gigabyte allocated (130 of 340 MB).
   */
  private static final class Writing {
    private String path;
    private long line;
    private byte[] text = new byte[256];
    private int length;
    private long root;
    private long inode;
    private long index;

    void begins(EventBlock block, int i) {
      path = block.path();
      line = block.line(i);
      length = block.lineLength(i);
      if (length > text.length) {
        text = new byte[length];
      }
      block.copyLine(i, text);
      root = block.number(i, Field.ROOT);
      inode = block.number(i, Field.INO);
      index = block.number(i, Field.PAGE_INDEX, -1);
    }

    Page page() {
      return new Page(root, inode, index);
    }

    Evidence evidence() {
      return new Evidence(path, line, new String(text, 0, length, StandardCharsets.UTF_8));
    }
  }

  private record Range(long root, long inode, long start) {}

  private record Locked(int pid, long length, Seen at) {}

  /** A line that may become evidence; nearly none does, so its text is made only then. */
  private record Seen(String path, long line, byte[] text) {
    static Seen of(EventBlock block, int i) {
      return new Seen(block.path(), block.line(i), block.lineBytes(i));
    }

    Evidence evidence() {
      return new Evidence(path, line, new String(text, StandardCharsets.UTF_8));
    }
  }

  /**
   * Proof that a worker runs what another task queued.
   *
   * @param sole it is the only work of its kind that the task queued while it ran its own
   */
  record Queued(boolean sole, List<Evidence> evidence) {}

  /** A page that a task works on, with the events that say so. */
  record Known(Page page, List<Evidence> evidence) {}

  private final Map<Long, Work> works = bounded();
  private final Map<Integer, Run> runs = bounded();
  private final Map<Integer, Writing> writing = bounded();
  private final Map<Range, Locked> ranges = bounded();
  /** Bytes of delalloc by inode, as far as the trace saw them set and cleared. */
  private final Map<Page, Long> delalloc = bounded();

  /** Without any events. */
  public static TraceEvidence none() {
    return new TraceEvidence();
  }

  private static <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > MOST;
      }
    };
  }

  @Override
  public void accept(EventBlock block) {
    for (int i = 0; i < block.size(); i++) {
      switch (block.type(i)) {
        case WORK_QUEUED -> queued(block, i);
        case WORK_SCHED -> started(block, i);
        case ALL_WORK_DONE -> done(block, i);
        case WRITEPAGE -> writing(block, i);
        case SET_EXTENT_BIT -> locked(block, i);
        case CLEAR_EXTENT_BIT -> unlocked(block, i);
        default -> {
          // Says nothing of who waits for whom.
        }
      }
    }
  }

  private void queued(EventBlock block, int i) {
    // Zero is no pointer: hashed pointers print as a word before the random pool is ready.
    long work = block.number(i, Field.WORK);
    if (work == 0) {
      return;
    }
    String function = block.symbolText(i, Field.FUNC);
    Writing last = function.equals("btrfs_writepage_fixup_worker") ? writing.get(block.pid(i)) : null;
    works.put(work, new Work(function, block.pid(i), Seen.of(block, i), last == null ? null : last.page()));
    runs.computeIfPresent(
        block.pid(i),
        (pid, run) ->
            function.equals("btrfs_run_delalloc_work")
                ? new Run(run.work, run.item, run.started, run.queuedSince + 1)
                : run);
  }

  private void started(EventBlock block, int i) {
    Work item = works.get(block.number(i, Field.WORK));
    if (item != null) {
      runs.put(block.pid(i), new Run(block.number(i, Field.WORK), item, Seen.of(block, i), 0));
      writing.remove(block.pid(i));
    }
  }

  private void done(EventBlock block, int i) {
    long work = block.number(i, Field.WORK);
    if (works.remove(work) != null) {
      Run run = runs.get(block.pid(i));
      if (run != null && run.work == work) {
        runs.remove(block.pid(i));
      }
    }
  }

  private void writing(EventBlock block, int i) {
    writing.computeIfAbsent(block.pid(i), pid -> new Writing()).begins(block, i);
  }

  private void locked(EventBlock block, int i) {
    String bits = block.symbolText(i, Field.SET_BITS);
    if (bits.contains("LOCKED")) {
      ranges.put(range(block, i), new Locked(block.pid(i), block.number(i, Field.LEN), Seen.of(block, i)));
    }
    if (bits.contains("DELALLOC")) {
      delalloc.merge(inode(block, i), block.number(i, Field.LEN), Long::sum);
    }
  }

  private void unlocked(EventBlock block, int i) {
    String bits = block.symbolText(i, Field.CLEAR_BITS);
    if (bits.contains("LOCKED")) {
      ranges.remove(range(block, i));
    }
    if (bits.contains("DELALLOC")) {
      delalloc.computeIfPresent(
          inode(block, i), (k, bytes) -> bytes > block.number(i, Field.LEN) ? bytes - block.number(i, Field.LEN) : null);
    }
  }

  private static Page inode(EventBlock block, int i) {
    return new Page(block.number(i, Field.ROOT), block.number(i, Field.INO), -1);
  }

  private static Range range(EventBlock block, int i) {
    return new Range(
        block.number(i, Field.ROOT), block.number(i, Field.INO), block.number(i, Field.START));
  }

  // ---- asked when all events are in ----

  /**
   * The work that {@code worker} runs, if the trace shows that {@code by} queued it. The stacks must agree, as the trace
   * may have ended before the dump.
   */
  Optional<Queued> queuedBy(Party worker, Party by) {
    for (TaskSnapshot task : worker.tasks()) {
      Run run = runs.get(task.pid());
      if (run == null || !worker.in(run.item.function)) {
        continue;
      }
      for (TaskSnapshot queuer : by.tasks()) {
        if (queuer.pid() == run.item.queuedBy) {
          Run own = runs.get(queuer.pid());
          boolean sole = own != null && by.in(own.item.function) && own.queuedSince == 1;
          return Optional.of(new Queued(sole, List.of(run.item.queued.evidence(), run.started.evidence())));
        }
      }
    }
    return Optional.empty();
  }

  /** The page that a fixup worker holds, by the events of the task that queued the fixup or by the range it locked. */
  Optional<Known> fixupPage(Party party) {
    TaskSnapshot task = party.first();
    Run run = runs.get(task.pid());
    if (run == null || !run.item.function.equals("btrfs_writepage_fixup_worker") || !party.in(run.item.function)) {
      return Optional.empty();
    }
    List<Evidence> evidence = new ArrayList<>(List.of(run.item.queued.evidence(), run.started.evidence()));
    for (Map.Entry<Range, Locked> range : ranges.entrySet()) {
      Locked locked = range.getValue();
      if (locked.pid == task.pid() && locked.at.line > run.started.line) {
        Range r = range.getKey();
        Page page = new Page(r.root, r.inode, locked.length == PAGE_SIZE ? r.start / PAGE_SIZE : -1);
        evidence.add(locked.at.evidence());
        return Optional.of(new Known(page, evidence));
      }
    }
    return run.item.page == null ? Optional.empty() : Optional.of(new Known(run.item.page, evidence));
  }

  /** The page that a task last began to write, if it did so since it started its present work. */
  Optional<Known> lastWritten(Party party) {
    Writing last = party.tasks().size() == 1 ? writing.get(party.first().pid()) : null;
    return last == null ? Optional.empty() : Optional.of(new Known(last.page(), List.of(last.evidence())));
  }

  /** Whether the trace saw the inode of {@code page} get delalloc that was not written since. */
  boolean hasDelalloc(Page page) {
    return delalloc.containsKey(new Page(page.root, page.inode, -1));
  }

  /** Resource that the last events of a task name, "" if they name none: tasks with different ones are not folded. */
  String instance(int pid) {
    Run run = runs.get(pid);
    return run == null || run.item.page == null ? "" : run.item.page.toString();
  }
}
