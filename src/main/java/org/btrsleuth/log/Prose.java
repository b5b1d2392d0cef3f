package org.btrsleuth.log;

/** Tells human text from machine data that no grammar knows. */
final class Prose {
  private Prose() {}

  /** Mostly letters, no control characters, nothing that a decoder had to replace. */
  static boolean isText(String text) {
    int letters = 0;
    int others = 0;
    int blanks = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\t') {
        blanks++;
      } else if (c < ' ' || c == '\ufffd' || c == 0x7f) {
        return false;
      } else if (Character.isLetter(c)) {
        letters++;
      } else {
        others++;
      }
    }
    return letters >= others && (blanks > 0 || text.length() <= 80);
  }

  /** Several plain words in a row, as lockdep's diagrams never have. */
  static boolean isSentence(String text) {
    int words = 0;
    for (String word : text.split(" ")) {
      boolean plain = !word.isEmpty();
      for (int i = 0; i < word.length(); i++) {
        plain &= Character.isLetter(word.charAt(i)) || i == word.length() - 1 && ".,;:?!".indexOf(word.charAt(i)) >= 0;
      }
      words = plain ? words + 1 : 0;
      if (words >= 5) {
        return true;
      }
    }
    return false;
  }

  static boolean hasDigit(String text) {
    return text.chars().anyMatch(c -> c >= '0' && c <= '9');
  }
}
