package org.btrsleuth.knowledge;

import java.util.List;

/**
 * A part of the kernel that works on behalf of others: flusher, reclaim worker, cleaner, committer, ...
 *
 * @param shown in words
 * @param runs kinds whose waits end only when this service gets on
 * @param queue work queue whose workers it shares with all other items of that queue; "" if it has none of btrfs
 * @param rule which frame shows that a task is this service
 */
public record Service(String name, String shown, List<String> runs, String queue, FrameRule rule) {
  public Service {
    runs = List.copyOf(runs);
  }
}
