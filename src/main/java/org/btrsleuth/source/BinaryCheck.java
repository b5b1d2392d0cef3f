package org.btrsleuth.source;

/** Tells text from other bytes by their beginning. */
public final class BinaryCheck {
  private static final int SAMPLE = 1 << 16;

  private BinaryCheck() {}

  /**
   * Null for text. For anything else a sentence that says what it is and how to make text of it.
   *
   * <p>Zero bytes alone prove nothing: after a crash, log files often hold runs of them.
   */
  public static String advice(byte[] bytes, int length) {
    if (startsWith(bytes, length, 0x17, 0x08, 'D', 't', 'r', 'a', 'c', 'i', 'n', 'g')) {
      return "is a binary file of trace-cmd; convert it with: trace-cmd report -t -i FILE > FILE.txt";
    }
    if (startsWith(bytes, length, 'P', 'E', 'R', 'F', 'I', 'L', 'E', '2')) {
      return "is a binary file of perf; convert it with: perf script -i FILE > FILE.txt";
    }
    if (startsWith(bytes, length, 'L', 'P', 'K', 'S', 'H', 'H', 'R', 'H')) {
      return "is a binary journal; convert it with: journalctl --file FILE -k > FILE.txt";
    }
    if (startsWith(bytes, length, 0xff, 0xfe) || startsWith(bytes, length, 0xfe, 0xff)) {
      return "is UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8 FILE > FILE.txt";
    }
    if (startsWith(bytes, length, 0x7f, 'E', 'L', 'F')) {
      return "is an executable or a core dump, no text; name the trace or log instead.";
    }
    int sample = Math.min(length, SAMPLE);
    int odd = 0;
    int zero = 0;
    for (int i = 0; i < sample; i++) {
      int b = bytes[i];
      if (b == 0) {
        zero++;
      } else if (b > 0 && b < 0x20 && b != '\n' && b != '\t' && b != '\r' && b != 0x1b && b != '\f' && b != '\b') {
        odd++;
      }
    }
    // Only what is not zero tells: an unpacked archive of stack files is half padding.
    int telling = sample - zero;
    boolean nothing = sample > 0 && telling == 0;
    return nothing || odd * 100L > telling * 15L || (odd + notUtf8(bytes, sample)) * 100L > telling * 30L
        ? "is binary, no text that could be analysed; name a trace or log as text."
        : null;
  }

  /** Bytes beyond ASCII that are no UTF-8. Text in other encodings has few of them; compressed or random data many. */
  private static int notUtf8(byte[] bytes, int sample) {
    int bad = 0;
    for (int i = 0; i < sample; i++) {
      int b = bytes[i] & 0xff;
      if (b < 0x80) {
        continue;
      }
      int more = b >= 0xf0 && b < 0xf5 ? 3 : b >= 0xe0 && b < 0xf0 ? 2 : b >= 0xc2 && b < 0xe0 ? 1 : -1;
      int k = 1;
      while (k <= more && i + k < sample && (bytes[i + k] & 0xc0) == 0x80) {
        k++;
      }
      if (k <= more || more < 0) {
        bad++;
      } else {
        i += more;
      }
    }
    return bad;
  }

  private static boolean startsWith(byte[] bytes, int length, int... magic) {
    if (length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
