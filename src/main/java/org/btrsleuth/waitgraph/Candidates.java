package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.waitgraph.Party.Claim;
import org.btrsleuth.waitgraph.TraceEvidence.Known;
import org.btrsleuth.waitgraph.TraceEvidence.Queued;

/**
 * Who may hold what a party waits for, and how sure that is. Stacks name the kind of a lock, never which one, so a
 * holder is inferred unless a held-locks list, an owner hint or trace events name it.
 */
final class Candidates {
  /** The only task seen that can hold such a lock, and the waiter's own path needs that lock. */
  private static final double UNIQUE = 0.85;
  /** The kind exists once in a file system. */
  private static final double SINGLE = 0.9;
  /** The only candidate, but the frame does not prove that it holds the lock. */
  private static final double PROBABLE = 0.7;
  /** The kind alone, several candidates: shared among them. */
  private static final double SEVERAL = 0.5;
  private static final double SEVERAL_LEAST = 0.2;
  /** No frame tells which file system the waiter works on. */
  private static final double ANY_FILE_SYSTEM = 0.5;
  /** Inferred from one moment: the waiter may move on in the next. */
  private static final double SNAPSHOT_MOST = 0.8;
  /** A wait known to last makes a passing holder unlikely. */
  private static final double LASTING = 0.1;
  private static final double INFERRED_MOST = 0.95;
  /** The inode is proven, the overlap of pages or ranges is not. */
  private static final double SAME_INODE = 0.9;

  private static final String PAGE_LOCK = "page_lock";

  private static final Set<String> ONE_FOR_ALL = Set.of("log_tree", "flush_token", "qgroup_flush", "transaction_commit");

  /** Possible holders looked at one by one; where there are more, each is as unlikely as the other. */
  private static final int MANY = 64;

  private final Map<String, List<Party>> holders = new HashMap<>();
  private final Map<String, Eligible> eligible = new HashMap<>();
  private final TraceEvidence trace;
  private final int listed;

  /** @param listed candidates wanted of one resource */
  Candidates(List<Party> parties, TraceEvidence trace, int listed) {
    this.trace = trace;
    this.listed = listed;
    for (Party party : parties) {
      Set<String> kinds = new HashSet<>();
      for (Claim hold : party.holds()) {
        if (kinds.add(hold.kind())) {
          holders.computeIfAbsent(hold.kind(), k -> new ArrayList<>()).add(party);
        }
      }
    }
  }

  /**
   * How likely {@code holder} holds what is waited for.
   *
   * @param instance which one, if events tell; else ""
   * @param because why it is taken for the holder
   * @param evidence events that prove it
   */
  record Candidate(
      Party holder, double confidence, boolean certain, String instance, String because, List<Evidence> evidence) {
    Candidate(Party holder, double confidence, String because) {
      this(holder, confidence, false, "", because, List.of());
    }
  }

  /** All parties that hold a resource of {@code kind}. */
  List<Party> holding(String kind) {
    return holders.getOrDefault(kind, List.of());
  }

  /**
   * Possible holders of what a party waits for.
   *
   * @param listed the surest, in order of their parties
   * @param count all of them
   * @param key equal for waiters of one kind and file system that have the same holders, equally likely
   */
  record Holders(List<Candidate> listed, int count, String key) {
    static final Holders NONE = new Holders(List.of(), 0, "");
  }

  /** Possible holders of what {@code waiter} waits for; none if none is in the dump. */
  Holders of(Party waiter, Claim wait) {
    Eligible all =
        eligible.computeIfAbsent(
            wait.kind() + "|" + waiter.fileSystem(), k -> new Eligible(wait.kind(), waiter.fileSystem()));
    boolean own = all.members.get(waiter.id());
    int possible = all.parties.size() - (own ? 1 : 0);
    int groups = all.groups(own ? waiter : null);
    Traits traits = new Traits(waiter);
    StringBuilder key = new StringBuilder();
    List<Party> weighed = new ArrayList<>();
    if (possible > MANY) {
      key.append("|many").append(own ? waiter.id() : "").append(groups > 1 ? "" : traits.toString());
      for (int i = 0; weighed.size() < listed; i++) {
        if (all.parties.get(i).id() != waiter.id()) {
          weighed.add(all.parties.get(i));
        }
      }
      all.traced.stream().filter(h -> h.id() != waiter.id() && !weighed.contains(h)).forEach(weighed::add);
    } else {
      all.parties.stream().filter(h -> h.id() != waiter.id()).forEach(weighed::add);
    }
    List<Candidate> found = new ArrayList<>();
    for (Party holder : weighed) {
      Candidate inferred = weigh(traits, wait, holder, possible, groups);
      Candidate candidate = wait.kind().equals(PAGE_LOCK) ? proven(waiter, inferred) : inferred;
      found.add(candidate);
      if (possible <= MANY || candidate.confidence() != inferred.confidence()) {
        key.append('|').append(holder.id()).append('=').append(candidate.confidence());
      }
    }
    if (found.size() > listed) {
      found.sort(Comparator.comparingDouble(c -> -c.confidence()));
      found.subList(listed, found.size()).clear();
      found.sort(Comparator.comparingInt(c -> c.holder().id()));
    }
    return new Holders(found, possible, key.toString());
  }

  /** What the weights need to know of a waiter. */
  private record Traits(boolean inFileSystem, boolean flushes, boolean writesBack, boolean lasting) {
    Traits(Party waiter) {
      this(
          !waiter.fileSystem().isEmpty(), Mechanisms.flushes(waiter), Mechanisms.writesBack(waiter), waiter.lasting());
    }
  }

  /** Parties that may hold a kind for waiters of one file system. */
  private final class Eligible {
    final List<Party> parties = new ArrayList<>();
    /** Those of which events tell which page they hold. */
    final List<Party> traced = new ArrayList<>();
    final BitSet members = new BitSet();
    private final Map<String, Integer> byNext = new HashMap<>();

    Eligible(String kind, String fileSystem) {
      for (Party holder : holding(kind)) {
        if (compatible(fileSystem, holder.fileSystem()) && !waitsItsTurn(holder, kind)) {
          parties.add(holder);
          members.set(holder.id());
          byNext.merge(next(holder), 1, Integer::sum);
          if (kind.equals(PAGE_LOCK) && trace.fixupPage(holder).isPresent()) {
            traced.add(holder);
          }
        }
      }
    }

    /**
     * Holders that wait for the same kind are one case: whichever of them it is, the chain goes on the same way.
     *
     * @param except one of them, or null
     */
    int groups(Party except) {
      return byNext.size() - (except != null && byNext.get(next(except)) == 1 ? 1 : 0);
    }

    private String next(Party holder) {
      Claim wait = holder.waitsFor();
      return wait == null ? "running " + holder.id() : wait.kind() + wait.instance();
    }
  }

  private static Candidate weigh(Traits waiter, Claim wait, Party holder, int possible, int groups) {
    Claim hold = holder.hold(wait.kind());
    if (groups > 1) {
      double shared = Math.max(SEVERAL_LEAST, SEVERAL / groups);
      return new Candidate(holder, shared, "one of " + possible + " that may hold it in this dump");
    }
    String only = possible == 1 ? "the only holder of its kind in this dump" : "all possible holders wait alike";
    // There is one flush turn a space_info, and data reservations did not take it before tickets.
    double confidence = wait.kind().equals("flush_token") ? SINGLE : hold.proven() ? UNIQUE : PROBABLE;
    if (waiter.inFileSystem() == holder.fileSystem().isEmpty()) {
      return new Candidate(holder, ANY_FILE_SYSTEM, only + "; no frame tells the waiter's file system");
    }
    if (waiter.flushes() && holder.needs(Mechanisms.DELALLOC_FLUSH) && hold.proven()) {
      return new Candidate(holder, INFERRED_MOST, only + ", and it waits for the very flush that the waiter carries out");
    }
    if (waiter.lasting() && holder.lasting()) {
      return new Candidate(
          holder, Math.min(INFERRED_MOST, confidence + LASTING), only + ", and both are known to wait for long");
    }
    if (waiter.writesBack() && Mechanisms.dirties(holder, hold)) {
      return new Candidate(holder, confidence, only + ", its page is dirty and the waiter writes back dirty pages");
    }
    if (confidence == SINGLE) {
      return new Candidate(holder, confidence, only + ", of which there is one");
    }
    return new Candidate(holder, Math.min(SNAPSHOT_MOST, confidence), only + ", seen once");
  }

  /** Raises what stacks let infer by what events of both tasks prove. */
  private Candidate proven(Party waiter, Candidate inferred) {
    Party holder = inferred.holder();
    Optional<Known> held = trace.fixupPage(holder);
    if (held.isEmpty()) {
      return inferred;
    }
    List<Evidence> evidence = new ArrayList<>(held.get().evidence());
    String page = held.get().page().toString();
    Optional<Queued> queued = trace.queuedBy(waiter, holder);
    if (queued.isPresent()) {
      evidence.addAll(queued.get().evidence());
      boolean sole = queued.get().sole() && trace.hasDelalloc(held.get().page());
      String why =
          sole
              ? "events show that the holder's flush queued one work, for the one inode with delalloc, that the waiter runs"
                  + " it, and that the holder's page is of that inode"
              : "events show that the waiter runs work which the holder queued";
      return new Candidate(holder, sole ? 1 : INFERRED_MOST, sole, page, why, evidence);
    }
    Optional<Known> written = trace.lastWritten(waiter);
    if (written.isPresent()
        && written.get().page().inode() == held.get().page().inode()
        && written.get().page().root() == held.get().page().root()) {
      evidence.addAll(written.get().evidence());
      return new Candidate(
          holder, Math.max(SAME_INODE, inferred.confidence()), false, page,
          "by its last event the waiter writes pages of the same inode", evidence);
    }
    return new Candidate(
        holder, inferred.confidence(), false, page, inferred.because(), held.get().evidence());
  }

  /** One task does the work for all; who waits for it in the same function does not. */
  private static boolean waitsItsTurn(Party holder, String kind) {
    Claim wait = holder.waitsFor();
    return ONE_FOR_ALL.contains(kind) && wait != null && wait.kind().equals(kind);
  }

  /** False only if both are known to work on different file systems. */
  static boolean compatible(Party a, Party b) {
    return compatible(a.fileSystem(), b.fileSystem());
  }

  private static boolean compatible(String a, String b) {
    return a.isEmpty() || b.isEmpty() || a.equals(b);
  }
}
