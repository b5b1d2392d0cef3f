package org.btrsleuth.report;

import java.util.Map;
import org.btrsleuth.finding.Analysis;
import org.btrsleuth.finding.Finding.TaskRef;
import org.btrsleuth.format.InputSummary;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.waitgraph.WaitGraph.Node;

/**
 * Makes an analysis fit to be handed on: host names, file names, uuids and the task names of user processes become
 * pseudonyms. The same name gets the same pseudonym everywhere in a report and in every run over the same input;
 * pseudonyms are numbered, not hashed, because a hash of a short name can be guessed back.
 *
 * <p>It works on the analysis, before any report is made from it, and on every text in it, so that a new component of
 * a record is redacted without anybody remembering to.
 */
public final class Redactor {
  private final Pseudonyms names = new Pseudonyms();
  private final RecordMapper mapper;

  private Redactor() {
    mapper =
        new RecordMapper(
            names::text,
            Map.of(
                Fix.class, value -> value,
                Frame.class, value -> value,
                TaskRef.class, value -> task((TaskRef) value),
                Evidence.class, value -> evidence((Evidence) value)),
            Map.of(
                "comm", names::task,
                "task", names::taskWithPid,
                "path", names::path,
                "sha256", value -> value));
  }

  public static Analysis redact(Analysis analysis) {
    Redactor redactor = new Redactor();
    redactor.collect(analysis);
    return (Analysis) redactor.mapper.map(analysis);
  }

  /** Learns every name first: a name may stand in a sentence before the line that shows it to be one. */
  private void collect(Analysis analysis) {
    for (InputSummary input : analysis.incident().inputs()) {
      names.path(input.path());
    }
    for (TaskSnapshot task : analysis.incident().tasks()) {
      names.learnTask(task.comm(), KernelThreads.isKernelThread(task));
    }
    for (Node node : analysis.waitGraph().nodes()) {
      for (TaskSnapshot task : node.tasks()) {
        names.learnTask(task.comm(), KernelThreads.isKernelThread(task));
      }
    }
    new RecordMapper(
            text -> {
              names.learn(text);
              return text;
            },
            Map.of(Fix.class, value -> value, Frame.class, value -> value),
            Map.of("comm", this::learnComm))
        .map(analysis);
  }

  private String learnComm(String comm) {
    names.learnTask(comm, KernelThreads.isKernelThread(comm));
    return comm;
  }

  private TaskRef task(TaskRef task) {
    return new TaskRef(names.task(task.comm()), task.pid());
  }

  private Evidence evidence(Evidence line) {
    return new Evidence(names.path(line.path()), line.line(), names.text(line.text()));
  }
}
