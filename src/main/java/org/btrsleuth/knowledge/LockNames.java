package org.btrsleuth.knowledge;

/**
 * Names of lock classes. The kernel prints {@code &fs_info->tree_log_mutex}, {@code sb_internal#2},
 * {@code btrfs-tree-01/1} or {@code &type->i_mutex_dir_key#7}; numbers behind # and / tell classes of one boot apart and
 * mean nothing beyond it.
 */
public final class LockNames {
  private LockNames() {}

  /** The class without address marks, numbers and subclass. */
  public static String plain(String printed) {
    String name = printed.strip();
    int cut = name.length();
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c == '#' || c == '/') && i + 1 < name.length() && Character.isDigit(name.charAt(i + 1))) {
        cut = Math.min(cut, i);
      }
    }
    name = name.substring(0, cut);
    while (name.startsWith("&")) {
      name = name.substring(1);
    }
    return name.startsWith("(&") && name.endsWith(")") ? name.substring(2, name.length() - 1) : name;
  }

  /**
   * Whether {@code pattern} of a rule names the class {@code plain}: as a whole or by its last member, where
   * {@code tree_log_mutex} means {@code fs_info->tree_log_mutex}.
   */
  public static boolean matches(String pattern, String plain) {
    if (NamePattern.globMatches(pattern, plain)) {
      return true;
    }
    if (pattern.contains("->")) {
      return false;
    }
    int member = Math.max(plain.lastIndexOf("->") + 1, plain.lastIndexOf('.'));
    return member > 0 && NamePattern.globMatches(pattern, plain.substring(member + 1));
  }
}
