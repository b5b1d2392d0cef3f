package org.btrsleuth.stack;

/**
 * One function of a kernel stack.
 *
 * @param function name without compiler suffixes ({@code .isra.0}, {@code .constprop.1}, {@code .part.2}, {@code .cold})
 * @param symbol name as printed
 * @param module "" if none was printed
 * @param reliable false for {@code ? func}, which the unwinder could not vouch for
 * @param offset offset of the return address in the function, -1 if not printed
 * @param size size of the function, -1 if not printed
 * @param line 1-based line in the input
 */
public record Frame(String function, String symbol, String module, boolean reliable, int offset, int size, long line) {

  /** {@code symbol+0x10/0x200}, as much of it as was printed. */
  public String place() {
    if (offset < 0) {
      return symbol;
    }
    String at = symbol + "+0x" + Integer.toHexString(offset);
    return size < 0 ? at : at + "/0x" + Integer.toHexString(size);
  }
}
