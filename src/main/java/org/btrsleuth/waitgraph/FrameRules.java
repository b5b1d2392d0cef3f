package org.btrsleuth.waitgraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.btrsleuth.knowledge.FrameRule;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.NamePattern;
import org.btrsleuth.knowledge.Primitive;
import org.btrsleuth.knowledge.Service;

/**
 * The rules of a {@link Knowledge} by function name. A sysrq-t dump asks for the same few hundred names ten thousand
 * times, so answers are kept. Thread-safe.
 */
final class FrameRules {
  /**
   * All that is known of one function.
   *
   * @param scheduler it only says that the task sleeps
   * @param primitive name of the lock primitive it belongs to, or null
   */
  record Entry(
      boolean scheduler,
      String primitive,
      List<FrameRule> waits,
      List<FrameRule> holds,
      List<FrameRule> unhelds,
      List<Service> services) {}

  private final Knowledge knowledge;
  private final Map<FrameRule.Type, List<FrameRule>> byType = new HashMap<>();
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  FrameRules(Knowledge knowledge) {
    this.knowledge = knowledge;
    for (FrameRule.Type type : FrameRule.Type.values()) {
      byType.put(type, knowledge.rules().stream().filter(rule -> rule.type() == type).toList());
    }
  }

  Entry of(String function) {
    return entries.computeIfAbsent(function, this::lookUp);
  }

  private Entry lookUp(String function) {
    boolean scheduler = false;
    for (NamePattern pattern : knowledge.schedulers()) {
      scheduler |= pattern.matches(function);
    }
    String primitive = null;
    for (Primitive known : knowledge.primitives().values()) {
      if (primitive == null && known.frames().matches(function)) {
        primitive = known.name();
      }
    }
    List<Service> services = new ArrayList<>();
    for (Service service : knowledge.services().values()) {
      if (service.rule().frame().matches(function)) {
        services.add(service);
      }
    }
    return new Entry(
        scheduler,
        primitive,
        matching(FrameRule.Type.WAIT, function),
        matching(FrameRule.Type.HOLD, function),
        matching(FrameRule.Type.UNHELD, function),
        services);
  }

  private List<FrameRule> matching(FrameRule.Type type, String function) {
    return byType.get(type).stream().filter(rule -> rule.frame().matches(function)).toList();
  }

  int rank(FrameRule rule) {
    return knowledge.kinds().get(rule.kinds().get(0)).rank();
  }
}
