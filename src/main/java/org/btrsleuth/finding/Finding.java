package org.btrsleuth.finding;

import java.util.List;
import java.util.Map;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.source.Evidence;

/**
 * A conclusion, with everything that supports it.
 *
 * @param id stable signature: equal for the same defect seen in two captures
 * @param pattern kebab-case name, "delalloc-reservation-under-page-lock"
 * @param title one line
 * @param summary one paragraph
 * @param explanation one sentence a task or fact, in reading order
 * @param cycle for deadlocks, in order: each step waits for what the next one holds; empty otherwise
 * @param victims tasks blocked behind the finding
 * @param fixes best match first
 * @param certain what the capture proves, in sentences
 * @param inferred what is concluded without proof, with the reason
 * @param nextSteps what to do, and what capture would settle what is uncertain
 * @param numbers the finding's figures in bytes or counts
 */
public record Finding(
    String id,
    String pattern,
    String title,
    String summary,
    List<String> explanation,
    Severity severity,
    Confidence confidence,
    List<CycleStep> cycle,
    List<Victim> victims,
    List<MatchedFix> fixes,
    List<String> certain,
    List<String> inferred,
    List<Evidence> evidence,
    List<String> nextSteps,
    Map<String, Long> numbers) {

  // Written out: what the compiler makes for a record spins classes for all parts at the first call.
  @Override
  public int hashCode() {
    return id.hashCode() * 31 + title.hashCode();
  }

  /** Most severe first, as findings are ordered. */
  public enum Severity {
    ERROR,
    WARNING,
    INFO
  }

  /** Most confident first, as findings of one severity are ordered. */
  public enum Confidence {
    CERTAIN,
    LIKELY,
    POSSIBLE
  }

  /** A task as reports name it; {@code pid} is -1 if unknown. */
  public record TaskRef(String comm, int pid) {}

  /**
   * @param instance which one, "" if unknown
   * @param certain proven by frames or events, not inferred
   */
  public record ResourceRef(String kind, String instance, boolean certain, String because) {}

  /** One party of a deadlock. {@code holds} may be null for a service that only waits. */
  public record CycleStep(TaskRef task, ResourceRef holds, ResourceRef waitsFor, List<Evidence> evidence) {}

  /** A task that waits behind the finding without being part of it. */
  public record Victim(TaskRef task, ResourceRef waitsFor, Evidence evidence) {}

  /** {@code bySignature}: the bug's own signature matched; otherwise only its mechanism. */
  public record MatchedFix(Fix fix, boolean bySignature) {}
}
