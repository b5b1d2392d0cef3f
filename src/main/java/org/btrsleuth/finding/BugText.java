package org.btrsleuth.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.knowledge.Role;

/** Known bugs in words, the same in all findings. */
final class BugText {
  private BugText() {}

  /** The text as a sentence: with a capital, unless it starts with a name of the kernel's, and a full stop. */
  static String sentence(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      return "";
    }
    String first = trimmed.split("\\s", 2)[0];
    boolean identifier = first.contains("_") || first.contains("->") || first.contains("(");
    String capital =
        identifier ? trimmed : trimmed.substring(0, 1).toUpperCase(Locale.ROOT) + trimmed.substring(1);
    return capital.endsWith(".") || capital.endsWith("?") ? capital : capital + ".";
  }

  /** The mechanism, as one sentence. */
  static String says(Bug bug) {
    return sentence(bug.says());
  }

  /** {@code f4b1363cae43 "btrfs: do not do delalloc reservation under page lock"}, without a commit if none is known. */
  static String name(Fix fix) {
    return (fix.commit().isEmpty() ? "" : fix.commit() + " ") + "\"" + fix.subject() + "\"";
  }

  /**
   * Fixes of bugs, best bug first: the fix of each before other titles and companions of the same fixes, which would
   * push the next candidate out of sight.
   *
   * @param bySignature how many of the first bugs match by their signature, not only by their mechanism
   */
  static List<Finding.MatchedFix> fixes(List<Bug> bugs, int bySignature) {
    List<Finding.MatchedFix> fixes = new ArrayList<>();
    for (boolean main : new boolean[] {true, false}) {
      for (int i = 0; i < bugs.size(); i++) {
        List<Fix> all = bugs.get(i).fixes();
        int split = Math.min(1, all.size());
        for (Fix fix : main ? all.subList(0, split) : all.subList(split, all.size())) {
          fixes.add(new Finding.MatchedFix(fix, i < bySignature));
        }
      }
    }
    return fixes;
  }

  /** {@code from 3.4 up to its fix in 5.6}, as far as known. */
  static String releases(Bug bug) {
    String from = bug.kernels().from() == null ? "" : "from " + bug.kernels().from() + " ";
    String fixed = bug.fixes().isEmpty() ? "" : bug.fixes().get(0).fixedIn();
    return fixed.isEmpty() ? from + "on" : from + "up to its fix in " + fixed;
  }

  /** What to do and to collect: kernel, workaround, confirmation, in this order and as far as known. */
  static List<String> nextSteps(Bug bug) {
    List<String> steps = new ArrayList<>();
    if (!bug.fixes().isEmpty()) {
      Fix fix = bug.fixes().get(0);
      String stable =
          bug.backports().isEmpty() ? "" : "; stable series with a backport: " + String.join(", ", bug.backports());
      steps.add(
          fix.fixedIn().isEmpty()
              ? "Run a kernel that has " + name(fix) + stable + "."
              : "Run a kernel that has the fix: " + fix.fixedIn() + " or newer" + stable + ".");
    }
    if (!bug.workaround().isEmpty()) {
      steps.add("Until then: " + bug.workaround() + ".");
    }
    if (!bug.confirm().isEmpty()) {
      steps.add("To confirm: " + sentence(bug.confirm()));
    }
    return steps;
  }

  /**
   * What would tell bugs apart that fit equally well: the part that each needs and that nothing in the capture shows, or
   * what confirms each, or their releases.
   *
   * @param bugs one or more
   */
  static String apart(List<Bug> bugs) {
    List<String> parts = new ArrayList<>();
    for (Bug bug : bugs) {
      String sign = bug.confirm().isEmpty() ? sign(bug) : bug.confirm();
      String fixed = bug.fixes().isEmpty() ? "" : bug.fixes().get(0).fixedIn();
      String kernels = fixed.isEmpty() ? "" : (sign.isEmpty() ? "" : "; ") + "in kernels before " + fixed;
      if (!(sign + kernels).isEmpty()) {
        parts.add(bug.name() + " (" + sign + kernels + ")");
      }
    }
    return (bugs.size() > 1 ? "What would tell: " : "It would show itself by: ") + String.join(", ", parts) + ".";
  }

  /** By what people notice the bug, or who takes part in it. */
  private static String sign(Bug bug) {
    return bug.symptom().isEmpty()
        ? bug.roles().stream().filter(r -> !r.optional()).map(Role::title).collect(Collectors.joining(" and "))
        : bug.symptom();
  }

  /** "either a or b" over the mechanisms of bugs. */
  static String either(List<Bug> bugs) {
    return "Either " + bugs.stream().map(b -> b.name() + ": " + plain(b.says())).collect(Collectors.joining("; or ")) + ".";
  }

  private static String plain(String text) {
    String trimmed = text.strip();
    return trimmed.endsWith(".") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
  }
}
