package org.btrsleuth.log;

import java.util.List;
import org.btrsleuth.grammar.KernelLogParser.LockContext;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.FunctionName;

/** Locks as lockdep prints them: {@code #0: address (class){usage}-{x:x}, at: function+0x1/0x2}. */
final class Locks {
  private Locks() {}

  /**
   * Adds a lock to a list. Decoded reports print a lock once for every function inlined where it was taken, the real
   * one last: only that is kept.
   */
  static void add(List<HeldLock> locks, HeldLock lock) {
    int last = locks.size() - 1;
    boolean again = last >= 0
        && index(locks.get(last)).equals(index(lock))
        && locks.get(last).lockClass().equals(lock.lockClass())
        && locks.get(last).address().equals(lock.address());
    if (again) {
      locks.set(last, lock);
    } else {
      locks.add(lock);
    }
  }

  /** {@code #1:}, "" if the line has none. */
  private static String index(HeldLock lock) {
    String text = lock.at().text();
    int hash = text.indexOf('#');
    int colon = hash < 0 ? -1 : text.indexOf(':', hash);
    return colon < 0 || text.indexOf('(') < colon ? "" : text.substring(hash, colon);
  }

  static HeldLock lock(Evidence at, LockContext context) {
    String symbol = context.lockPlace() == null || context.lockPlace().symbol == null
        ? ""
        : context.lockPlace().symbol.getText();
    int plus = symbol.indexOf('+');
    return new HeldLock(
        at,
        className(context.lockClass.getText()),
        context.address == null ? "" : context.address.getText(),
        FunctionName.clean(plus < 0 ? symbol : symbol.substring(0, plus)));
  }

  /** {@code (&type->s_umount_key#24/1){+.+.}-{3:3}} gives {@code &type->s_umount_key#24/1}. */
  static String className(String token) {
    int end = token.lastIndexOf(')', token.indexOf('{'));
    int start = token.startsWith("(____ptrval____)") ? token.indexOf('(', 1) : 0;
    return end <= start ? token : token.substring(start + 1, end).strip();
  }
}
