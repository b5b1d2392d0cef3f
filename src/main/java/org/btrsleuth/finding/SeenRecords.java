package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.log.LogRecord;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;

/**
 * The log records of an incident, sorted by what bug signatures ask for.
 *
 * @param splats reports, each with its stack
 * @param aborts aborted transactions and errors, with error number and the function named
 * @param messages other lines by their text
 * @param locks plain names of the lock classes of all lockdep reports, with the lines that name them
 * @param lockdep whether there is a lockdep report
 */
record SeenRecords(
    List<LogRecord.Splat> splats,
    List<Abort> aborts,
    List<LogRecord> messages,
    Map<String, List<Evidence>> locks,
    boolean lockdep) {

  private static final Pattern ABORTED = Pattern.compile("Transaction aborted \\(error (-?\\d{1,4})\\)");

  /**
   * @param errno negative
   * @param frames functions of the stack, innermost first; the one function that an error line names
   */
  record Abort(int errno, List<Frame> frames, Evidence at) {}

  static SeenRecords of(Incident incident) {
    List<LogRecord.Splat> splats = new ArrayList<>();
    List<Abort> aborts = new ArrayList<>();
    List<LogRecord> messages = new ArrayList<>();
    Map<String, List<Evidence>> locks = new LinkedHashMap<>();
    boolean lockdep = false;
    for (LogRecord record : incident.records()) {
      messages.add(record);
      if (record instanceof LogRecord.Splat splat) {
        splats.add(splat);
        for (String message : splat.messages()) {
          Matcher m = ABORTED.matcher(message);
          if (m.find()) {
            aborts.add(new Abort(Integer.parseInt(m.group(1)), frames(splat), splat.at()));
          }
        }
      } else if (record instanceof LogRecord.BtrfsError error) {
        Frame named = new Frame(error.function(), error.function(), "", true, -1, -1, error.at().line());
        aborts.add(new Abort(error.errno(), List.of(named), error.at()));
      } else if (record instanceof LogRecord.TransactionAborted aborted) {
        aborts.add(new Abort(aborted.errno(), List.of(), aborted.at()));
      } else if (record instanceof LogRecord.Lockdep report) {
        lockdep = true;
        lock(locks, report.wanted());
        report.held().forEach(held -> lock(locks, held));
        report.chain().forEach(link -> lock(locks, link.lockClass(), link.at()));
      }
    }
    return new SeenRecords(splats, aborts, messages, locks, lockdep);
  }

  /** The function of the headline, which inlining may have taken out of the stack, then the stack. */
  static List<Frame> frames(LogRecord.Splat splat) {
    List<Frame> stack = splat.task() == null ? List.of() : splat.task().frames();
    if (splat.function().isEmpty()
        || stack.stream().anyMatch(f -> f.reliable() && f.function().equals(splat.function()))) {
      return stack;
    }
    List<Frame> frames = new ArrayList<>();
    frames.add(new Frame(splat.function(), splat.function(), "", true, -1, -1, splat.at().line()));
    frames.addAll(stack);
    return frames;
  }

  private static void lock(Map<String, List<Evidence>> locks, LogRecord.HeldLock lock) {
    if (lock != null) {
      lock(locks, lock.lockClass(), lock.at());
    }
  }

  private static void lock(Map<String, List<Evidence>> locks, String name, Evidence at) {
    String plain = LockNames.plain(name);
    if (!plain.isEmpty()) {
      locks.computeIfAbsent(plain, n -> new ArrayList<>()).add(at);
    }
  }
}
