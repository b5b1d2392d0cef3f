package org.btrsleuth.log;

/**
 * Task header of kernels before 5.9, {@code "%-15.15s %c [address] stack pid father flags"}. The name may hold blanks,
 * so it is read from its end.
 */
record OldTask(String comm, char state, int pid) {

  static OldTask parse(String text) {
    int[] end = {text.length()};
    lastWord(text, end);
    lastWord(text, end);
    String pid = lastWord(text, end);
    lastWord(text, end);
    String word = lastWord(text, end);
    if (word.equals("task")) {
      lastWord(text, end);
      word = lastWord(text, end);
    } else if (word.length() >= 8) {
      word = lastWord(text, end);
    }
    return new OldTask(text.substring(0, end[0]).strip(), word.isEmpty() ? '?' : word.charAt(0), Numbers.pid(pid));
  }

  private static String lastWord(String text, int[] end) {
    int to = end[0];
    while (to > 0 && text.charAt(to - 1) <= ' ') {
      to--;
    }
    int from = to;
    while (from > 0 && text.charAt(from - 1) > ' ') {
      from--;
    }
    end[0] = from;
    return text.substring(from, to);
  }
}
