package org.btrsleuth.event;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Interned kernel stacks of one analysis. A stack is a list of symbols, innermost function first, names without offset
 * and address. Equal stacks have equal ids. Thread-safe; workers keep a private cache in front.
 */
public final class StackTable {
  private final Map<Key, Integer> ids = new HashMap<>();
  private final List<int[]> stacks = new ArrayList<>();

  /** Id of the stack in {@code frames[0, count)}. */
  public synchronized int intern(int[] frames, int count) {
    Key key = new Key(Arrays.copyOf(frames, count));
    Integer id = ids.get(key);
    if (id == null) {
      id = stacks.size();
      ids.put(key, id);
      stacks.add(key.frames);
    }
    return id;
  }

  public synchronized int size() {
    return stacks.size();
  }

  /** Number of functions of stack {@code id}. */
  public int depth(int id) {
    return get(id).length;
  }

  /** Symbol of the function at {@code depth}; 0 is the innermost. */
  public int frame(int id, int depth) {
    return get(id)[depth];
  }

  /** Symbols of stack {@code id}, innermost first; a copy. */
  public int[] frames(int id) {
    return get(id).clone();
  }

  private synchronized int[] get(int id) {
    return stacks.get(id);
  }

  private static final class Key {
    final int[] frames;
    final int hash;

    Key(int[] frames) {
      this.frames = frames;
      this.hash = Arrays.hashCode(frames);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(frames, key.frames);
    }
  }
}
