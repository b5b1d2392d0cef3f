package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.btrsleuth.incident.Incident;
import org.btrsleuth.knowledge.LockNames;
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

  /** Lines between the message of an abort and the warning that it comes with. */
  private static final long NEAR = 60;

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
        aborts.add(new Abort(error.errno(), near(incident, error.at(), error.function()), error.at()));
      } else if (record instanceof LogRecord.TransactionAborted aborted) {
        aborts.add(new Abort(aborted.errno(), near(incident, aborted.at(), ""), aborted.at()));
      } else if (record instanceof LogRecord.Lockdep report) {
        lockdep = true;
        lock(locks, report.wanted());
        report.held().forEach(held -> lock(locks, held));
        report.chain().forEach(link -> lock(locks, link.lockClass(), link.at()));
      }
    }
    return new SeenRecords(splats, aborts, messages, locks, lockdep);
  }

  /**
   * The stack that belongs to an error line: that of a warning from the same function, or, if the line names none, of
   * the nearest warning. Else the function named stands alone.
   */
  private static List<Frame> near(Incident incident, Evidence at, String function) {
    LogRecord.Splat nearest = null;
    long distance = function.isEmpty() ? NEAR : Long.MAX_VALUE;
    for (LogRecord record : incident.records()) {
      if (record instanceof LogRecord.Splat splat
          && splat.kind().equals("warning")
          && splat.at().path().equals(at.path())
          && (function.isEmpty() || splat.function().equals(function))
          && Math.abs(splat.at().line() - at.line()) < distance) {
        nearest = splat;
        distance = Math.abs(splat.at().line() - at.line());
      }
    }
    if (nearest != null) {
      return frames(nearest);
    }
    return function.isEmpty()
        ? List.of()
        : List.of(new Frame(function, function, "", true, -1, -1, at.line()));
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
