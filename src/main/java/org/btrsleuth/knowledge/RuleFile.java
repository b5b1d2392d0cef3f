package org.btrsleuth.knowledge;

import java.util.ArrayList;
import java.util.List;

/** What one rule file declares, in order. Filled by {@link RuleReader}, checked and joined by {@link Knowledge}. */
final class RuleFile {
  final String name;
  final List<ResourceKind> kinds = new ArrayList<>();
  final List<NamePattern> schedulers = new ArrayList<>();
  final List<Primitive> primitives = new ArrayList<>();
  final List<Service> services = new ArrayList<>();
  final List<FrameRule> rules = new ArrayList<>();
  final List<Progress> progress = new ArrayList<>();
  final List<List<Functions.Spelling>> functions = new ArrayList<>();
  final List<Bug> bugs = new ArrayList<>();
  final List<Diagnostic> diagnostics = new ArrayList<>();

  RuleFile(String name) {
    this.name = name;
  }
}
