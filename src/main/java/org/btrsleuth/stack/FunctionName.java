package org.btrsleuth.stack;

/** Names of kernel functions as the sources spell them. */
public final class FunctionName {
  /** What compilers append to clones of a function; a number may follow each. */
  private static final String[] SUFFIXES = {".isra", ".constprop", ".part", ".cold", ".llvm", ".lto_priv", ".localalias"};

  private FunctionName() {}

  /** {@code extent_write_cache_pages.constprop.0} gives {@code extent_write_cache_pages}. */
  public static String clean(String symbol) {
    int end = symbol.length();
    // A leading dot marks a function's entry point on 64-bit big-endian PowerPC.
    int start = end > 1 && symbol.charAt(0) == '.' ? 1 : 0;
    for (int dot = symbol.indexOf('.', start + 1); dot >= 0; dot = symbol.indexOf('.', dot + 1)) {
      if (isSuffix(symbol, dot)) {
        end = dot;
        break;
      }
    }
    return start == 0 && end == symbol.length() ? symbol : symbol.substring(start, end);
  }

  private static boolean isSuffix(String symbol, int dot) {
    for (String suffix : SUFFIXES) {
      int after = dot + suffix.length();
      if (symbol.startsWith(suffix, dot) && (after == symbol.length() || symbol.charAt(after) == '.')) {
        return true;
      }
    }
    return false;
  }
}
