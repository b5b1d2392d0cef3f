package org.btrsleuth.knowledge;

import java.util.List;

/**
 * A known bug.
 *
 * @param name kebab-case name of the mechanism, the pattern name of findings
 * @param ids ids of catalogue entries that it covers
 * @param title one line
 * @param kind hang-deadlock, leaked-lock, lost-wakeup, livelock, lockdep, enospc-abort, ...
 * @param fixes best first; empty if none is known
 * @param kernels releases that can show it as far as known
 * @param backports stable series that got the fix
 * @param stable notes on stable kernels
 * @param cycle role names in waiting order, empty if there is no cycle
 * @param lockOrders lock classes in the order of a lockdep report's dependency chain
 * @param says the mechanism in one sentence
 */
public record Bug(
    String name,
    List<String> ids,
    String title,
    String kind,
    String subsystem,
    List<Fix> fixes,
    KernelRange kernels,
    List<String> backports,
    String stable,
    List<Role> roles,
    List<String> cycle,
    List<List<String>> lockOrders,
    List<LogPattern> logPatterns,
    String says,
    String symptom,
    String confirm,
    String workaround,
    String source,
    Position at) {

  public Bug {
    ids = List.copyOf(ids);
    fixes = List.copyOf(fixes);
    backports = List.copyOf(backports);
    roles = List.copyOf(roles);
    cycle = List.copyOf(cycle);
    lockOrders = lockOrders.stream().map(List::copyOf).toList();
    logPatterns = List.copyOf(logPatterns);
  }
}
