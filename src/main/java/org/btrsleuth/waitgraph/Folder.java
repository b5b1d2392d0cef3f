package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.FrameRule;
import org.btrsleuth.knowledge.KernelRange;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.Snapshots.Seen;
import org.btrsleuth.waitgraph.TaskReading.Activity;

/** Folds tasks with equal stacks, so that each distinct stack is read once, and drops those that are blocked on nothing. */
final class Folder {
  /** Functions of file systems and block drivers with locks of their own start with these. */
  private static final Map<String, String> FILE_SYSTEMS = new LinkedHashMap<>();

  static {
    FILE_SYSTEMS.put("btrfs_", "btrfs");
    FILE_SYSTEMS.put("__btrfs_", "btrfs");
    FILE_SYSTEMS.put("extent_write_cache_pages", "btrfs");
    FILE_SYSTEMS.put("extent_writepages", "btrfs");
    for (String other :
        List.of(
            "ext4", "jbd2", "xfs", "f2fs", "nfs", "nfs4", "nfsd", "cifs", "smb2", "ocfs2", "gfs2", "ceph", "fuse", "zpl",
            "zfs", "ntfs", "ntfs3", "reiserfs", "jfs", "nilfs", "udf", "bcachefs", "bch2", "ovl", "fat", "exfat")) {
      FILE_SYSTEMS.put(other + "_", other.equals("jbd2") ? "ext4" : other);
    }
  }

  /** A version of the function that no longer holds it looks the same. */
  private static final double UNDECIDED = 0.7;

  private final StackClassifier classifier;
  private final KernelVersion kernel;
  private final TraceEvidence trace;
  private final Map<Integer, Integer> ownerOfPid = new HashMap<>();

  Folder(
      Knowledge knowledge, KernelVersion kernel, KernelRange implied, TraceEvidence trace, List<KnownOwner> owners) {
    this.classifier = new StackClassifier(knowledge, implied);
    this.kernel = kernel;
    this.trace = trace;
    owners.forEach(o -> ownerOfPid.putIfAbsent(o.waiterPid(), o.ownerPid()));
  }

  /** Parties in order of first appearance. */
  List<Party> fold(List<Seen> tasks) {
    Map<List<Object>, Group> groups = new LinkedHashMap<>();
    for (Seen seen : tasks) {
      groups.computeIfAbsent(key(seen.task()), k -> new Group()).add(seen);
    }
    List<Party> parties = new ArrayList<>();
    for (Group group : groups.values()) {
      TaskSnapshot first = group.tasks.get(0);
      TaskReading reading = classifier.classify(first, kernel);
      if (reading.activity() == Activity.WAITING && asleepForItself(first)) {
        continue;
      }
      boolean running = reading.activity() == Activity.RUNNING;
      boolean waiting = reading.activity() == Activity.WAITING;
      if (!waiting && !(running && (!reading.holds().isEmpty() || !reading.services().isEmpty()))) {
        continue;
      }
      parties.add(
          new Party(
              parties.size(), group.tasks, waits(reading), holds(reading), reading.notHeld(), reading.services(),
              fileSystem(first), running, group.lasting));
    }
    if (kernel == null) {
      beforeTickets(parties);
    }
    return parties;
  }

  /**
   * Sleep in reserve_metadata_bytes is a ticket wait since 4.8, and before that a wait for the task whose turn it is to
   * flush. Where no version tells, a task that flushes within its own reservation does: tickets ended that.
   */
  private static void beforeTickets(List<Party> parties) {
    boolean flushes =
        parties.stream().anyMatch(p -> p.hold("flush_token") != null && p.in("reserve_metadata_bytes"));
    if (!flushes || parties.stream().anyMatch(p -> p.is("reclaim_worker"))) {
      return;
    }
    for (int i = 0; i < parties.size(); i++) {
      Party p = parties.get(i);
      Claim wait = p.waitsFor();
      if (wait != null
          && wait.kind().equals(Mechanisms.TICKET)
          && p.first().frames().get(wait.frame()).function().equals("reserve_metadata_bytes")) {
        String because =
            "reserve_metadata_bytes: waits while another task flushes, as one in this dump does within its own"
                + " reservation [kernels 3.0 .. 4.7, fs/btrfs/extent-tree.c]";
        List<Claim> waits = new ArrayList<>(p.waits());
        waits.set(0, new Claim("flush_token", "", wait.frame(), wait.weight(), true, because));
        parties.set(i, p.waitingFor(waits));
      }
    }
  }

  /**
   * A task in interruptible sleep waits for work or for its user; btrfs sleeps uninterruptibly, or killably, which
   * dumps show as D as well.
   */
  private static boolean asleepForItself(TaskSnapshot task) {
    return task.state() == TaskState.SLEEPING || task.state() == TaskState.IDLE || task.state() == TaskState.STOPPED;
  }

  private static List<Claim> waits(TaskReading reading) {
    if (reading.waitsFor() == null) {
      return List.of();
    }
    List<Claim> waits = new ArrayList<>();
    waits.add(claim(reading.waitsFor()));
    reading.intents().forEach(w -> waits.add(claim(w)));
    return waits;
  }

  private static Claim claim(TaskReading.Wait wait) {
    double weight = wait.alternatives().isEmpty() ? wait.certain() ? 1 : 0.85 : 0.6;
    // A rule's instance only describes which one it is; that of an unnamed lock or unknown wait tells them apart.
    String instance = wait.rule() == null ? wait.instance() : "";
    return new Claim(
        wait.kind(), instance, wait.frame(), weight, wait.certain(), described(wait.because(), wait.rule()),
        wait.alternatives());
  }

  private static List<Claim> holds(TaskReading reading) {
    List<Claim> holds = new ArrayList<>();
    for (TaskReading.Hold hold : reading.holds()) {
      holds.add(
          new Claim(
              hold.kind(), "", hold.frame(), hold.undecided() ? UNDECIDED : 1, hold.certain(),
              described(hold.because(), hold.rule())));
    }
    return holds;
  }

  private static String described(String because, FrameRule rule) {
    return rule == null || rule.instance().isEmpty() ? because : because + " (" + rule.instance() + ")";
  }

  /** The file system of the innermost frame that belongs to one; "" if none does. */
  static String fileSystem(TaskSnapshot task) {
    for (Frame frame : task.frames()) {
      if (!frame.reliable()) {
        continue;
      }
      if (frame.module().equals("btrfs")) {
        return "btrfs";
      }
      String function = frame.function().toLowerCase(Locale.ROOT);
      for (Map.Entry<String, String> known : FILE_SYSTEMS.entrySet()) {
        if (function.startsWith(known.getKey())) {
          return known.getValue();
        }
      }
    }
    return "";
  }

  private List<Object> key(TaskSnapshot task) {
    List<Object> key = new ArrayList<>(task.frames().size() + 5);
    key.add(task.workFunction());
    key.add(task.state());
    key.add(ownerOfPid.get(task.pid()));
    key.add(trace.instance(task.pid()));
    key.add(task.comm().isEmpty() && task.pid() < 0);
    for (Frame frame : task.frames()) {
      if (frame.reliable()) {
        key.add(frame.function());
      }
    }
    return key;
  }

  private static final class Group {
    private final List<TaskSnapshot> tasks = new ArrayList<>();
    private boolean lasting;

    void add(Seen seen) {
      // One stack quoted twice without a task header is one task, as far as anybody can tell.
      boolean nameless = seen.task().pid() < 0 && seen.task().comm().isEmpty();
      if (!nameless || tasks.isEmpty()) {
        tasks.add(seen.task());
      }
      lasting |= seen.lasting();
    }
  }
}
