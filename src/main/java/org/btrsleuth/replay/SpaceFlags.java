package org.btrsleuth.replay;

/** Block group flags as space_info events carry them, as number or as {@code DATA|METADATA}. */
final class SpaceFlags {
  static final int DATA = 1;
  static final int SYSTEM = 2;
  static final int METADATA = 4;

  private SpaceFlags() {}

  /** Type bits of the names in {@code text}; profile names are ignored. */
  static int parse(String text) {
    int flags = 0;
    int from = 0;
    while (from < text.length()) {
      int to = text.indexOf('|', from);
      if (to < 0) {
        to = text.length();
      }
      String name = text.substring(from, to).strip();
      flags |= switch (name) {
        case "DATA" -> DATA;
        case "SYSTEM" -> SYSTEM;
        case "METADATA" -> METADATA;
        default -> 0;
      };
      from = to + 1;
    }
    return flags;
  }

  static String name(int flags) {
    return switch (flags) {
      case DATA -> "DATA";
      case SYSTEM -> "SYSTEM";
      case METADATA -> "METADATA";
      case DATA | METADATA -> "DATA|METADATA";
      default -> "flags " + flags;
    };
  }
}
