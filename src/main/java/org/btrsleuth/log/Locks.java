package org.btrsleuth.log;

import org.btrsleuth.grammar.KernelLogParser.LockContext;
import org.btrsleuth.log.LogRecord.HeldLock;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.FunctionName;

/** Locks as lockdep prints them: {@code #0: address (class){usage}-{x:x}, at: function+0x1/0x2}. */
final class Locks {
  private Locks() {}

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
