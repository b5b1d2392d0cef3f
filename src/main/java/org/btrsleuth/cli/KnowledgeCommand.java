package org.btrsleuth.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.btrsleuth.knowledge.Bug;
import org.btrsleuth.knowledge.Diagnostic;
import org.btrsleuth.knowledge.Fix;
import org.btrsleuth.knowledge.FrameRule;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.knowledge.Position;
import org.btrsleuth.knowledge.Progress;
import org.btrsleuth.knowledge.ResourceKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code btrsleuth knowledge}: the known bugs and lock rules. */
@Command(
    name = "knowledge",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Shows the known bugs and lock rules; checks a rule file of your own.")
final class KnowledgeCommand implements Runnable {
  @ParentCommand private Main main;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say list, show ID or check FILE");
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists known bugs, resource kinds and rules.")
  int list(
      @Option(names = "--rules", paramLabel = "FILE",
          description = "Adds a rule file; may be repeated.") List<Path> rules) {
    Knowledge knowledge = Pipeline.knowledge(rules == null ? List.of() : rules);
    StringBuilder out = new StringBuilder();
    out.append(knowledge.bugs().size()).append(" known bugs\n");
    for (Bug bug : knowledge.bugs().values()) {
      Fix fix = bug.fixes().isEmpty() ? null : bug.fixes().get(0);
      out.append(String.format("  %-52s %-12s %-7s %s%n", bug.name(), fix == null ? "no fix" : fix.commit(),
          fix == null ? "" : fix.fixedIn(), bug.title()));
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (FrameRule rule : knowledge.rules()) {
      rule.kinds().forEach(kind -> counts.merge(kind, 1, Integer::sum));
    }
    out.append(knowledge.kinds().size()).append(" resource kinds, ");
    out.append(knowledge.rules().size()).append(" rules on frames, ");
    out.append(knowledge.progress().size()).append(" on progress\n");
    for (ResourceKind kind : knowledge.kinds().values()) {
      out.append(String.format("  %-32s %-44s %d rules%n", kind.name(), kind.shown(), counts.getOrDefault(kind.name(),
          0)));
    }
    main.terminal().out().print(out);
    return ExitStatus.OK;
  }

  @Command(name = "show", mixinStandardHelpOptions = true,
      description = "Shows a bug, or all rules on a resource kind, as written.")
  int show(
      @Parameters(paramLabel = "ID",
          description = "Name or id of a bug, commit of its fix, or name of a resource kind.")
          String id,
      @Option(names = "--rules", paramLabel = "FILE",
          description = "Adds a rule file; may be repeated.") List<Path> rules)
      throws IOException {
    Knowledge knowledge = Pipeline.knowledge(rules == null ? List.of() : rules);
    List<Position> places = places(knowledge, id);
    if (places.isEmpty()) {
      throw new UserError(
          ExitStatus.USAGE, "there is no bug and no resource kind '" + id + "'; 'btrsleuth knowledge list' shows all");
    }
    StringBuilder out = new StringBuilder();
    for (Position at : places) {
      out.append(out.length() == 0 ? ""
          : "\n").append("# ").append(at.file()).append(':').append(at.line()).append('\n');
      out.append(RuleSource.block(at));
    }
    main.terminal().out().print(out);
    return ExitStatus.OK;
  }

  /** Where everything stands that {@code id} names. */
  private static List<Position> places(Knowledge knowledge, String id) {
    Set<Position> places = new LinkedHashSet<>();
    Bug bug = knowledge.bug(id);
    if (bug != null) {
      places.add(bug.at());
    }
    for (Bug each : knowledge.bugs().values()) {
      boolean byCommit =
          id.length() >= 7 && each.fixes().stream().anyMatch(f -> f.commit().startsWith(id)
              || id.startsWith(f.commit()) && !f.commit().isEmpty());
      if (byCommit) {
        places.add(each.at());
      }
    }
    ResourceKind kind = knowledge.kinds().get(id);
    if (kind != null) {
      places.add(kind.at());
      knowledge.rules().stream().filter(r -> r.kinds().contains(id)).map(FrameRule::at).forEach(places::add);
      knowledge.progress().stream().filter(p -> p.kind().equals(id)).map(Progress::at).forEach(places::add);
    }
    return new ArrayList<>(places);
  }

  @Command(name = "check", mixinStandardHelpOptions = true, description = "Validates rule files of your own.")
  int check(@Parameters(paramLabel = "FILE", arity = "1..*",
      description = "Rule files.") List<Path> files) throws IOException {
    for (Path file : files) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw new UserError(ExitStatus.INPUT, file + ": cannot be read as a rule file; give the path of a text file");
      }
    }
    Knowledge knowledge = Knowledge.shipped().with(files);
    int errors = 0;
    int warnings = 0;
    for (Diagnostic diagnostic : knowledge.diagnostics()) {
      main.terminal().out().println(diagnostic);
      errors += diagnostic.error() ? 1 : 0;
      warnings += diagnostic.error() ? 0 : 1;
    }
    main.terminal().out().println(
        files.size() + (files.size() == 1 ? " file: " : " files: ") + errors + " errors, " + warnings + " warnings");
    return errors > 0 ? ExitStatus.FOUND : ExitStatus.OK;
  }
}
