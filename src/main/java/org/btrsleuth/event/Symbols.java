package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Interned strings of one analysis: task names, file system ids, symbolic field values. Id 0 is "absent". Ids are
 * handed out in order of first appearance per process and must not be compared between analyses.
 *
 * <p>Thread-safe. Workers keep a private cache in front, so contention is limited to first appearances.
 */
public final class Symbols {
  public static final int NONE = 0;

  private final Map<String, Integer> ids = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  public Symbols() {
    texts.add("");
  }

  public synchronized int intern(String text) {
    Integer id = ids.get(text);
    if (id == null) {
      id = texts.size();
      ids.put(text, id);
      texts.add(text);
    }
    return id;
  }

  /** Bytes that are not UTF-8 are replaced: task names may hold anything. */
  public int intern(byte[] bytes, int from, int to) {
    return intern(new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }

  /** The text of {@code id}; the empty string for {@link #NONE}. */
  public synchronized String text(int id) {
    return texts.get(id);
  }
}
