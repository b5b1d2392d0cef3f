package org.btrsleuth.log;

import org.btrsleuth.grammar.KernelLogLexer;

/** Lines that say "kernel log" only where they stand in one: "note: ", "usb ", "Btrfs: fix a leak". */
final class Weak {
  private Weak() {}

  /**
   * @param type of the first token
   */
  static boolean isWeak(int type, String message) {
    return switch (type) {
      case KernelLogLexer.NOISE, KernelLogLexer.DRIVER_NOTE, KernelLogLexer.STORAGE, KernelLogLexer.REGISTERS,
          KernelLogLexer.MARKER, KernelLogLexer.CHAIN_NOTE, KernelLogLexer.STATUS_FIELD, KernelLogLexer.TABLE_HEADER,
          KernelLogLexer.TAINT, KernelLogLexer.OTHER_WARNING, KernelLogLexer.OTHER_BUG, KernelLogLexer.UNAME,
          KernelLogLexer.HUNG_START, KernelLogLexer.ROUND, KernelLogLexer.STACK_TITLE, KernelLogLexer.CALL_TRACE,
          KernelLogLexer.BTRFS_OTHER, KernelLogLexer.SYSRQ_OTHER, KernelLogLexer.LISTING -> true;
      case KernelLogLexer.BTRFS_HEAD -> message.indexOf("(device ") < 0;
      case KernelLogLexer.HEXWORD -> message.indexOf('+') < 0 && message.indexOf('{') < 0;
      default -> false;
    };
  }
}
