package org.btrsleuth.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;
import org.btrsleuth.grammar.RulesParser;
import org.btrsleuth.grammar.RulesParser.BugClauseContext;
import org.btrsleuth.grammar.RulesParser.RoleClauseContext;
import org.btrsleuth.grammar.RulesParser.WeightContext;

/** Reads one {@code bug} block. */
final class BugReader {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");

  private final RuleReader reader;

  private record FixLine(String commit, String subject, String release) {}

  private final List<String> ids = new ArrayList<>();
  private final List<FixLine> fixes = new ArrayList<>();
  private final List<String> introduced = new ArrayList<>();
  private final List<String> backports = new ArrayList<>();
  private final List<Role> roles = new ArrayList<>();
  private final List<List<String>> lockOrders = new ArrayList<>();
  private final List<LogPattern> logPatterns = new ArrayList<>();
  private List<String> cycle = List.of();
  private String introducedIn = "";
  private String title = "";
  private String kind = "";
  private String subsystem = "";
  private String stable = "";
  private String says = "";
  private String symptom = "";
  private String confirm = "";
  private String workaround = "";
  private String source = "";
  private KernelRange kernels;

  BugReader(RuleReader reader) {
    this.reader = reader;
  }

  Bug read(RulesParser.BugContext bug) {
    RuleReader.Once once = reader.new Once();
    for (BugClauseContext clause : bug.bugClause()) {
      if (!repeatable(clause)) {
        once.seen(clause);
      }
      clause(clause);
    }
    if (title.isEmpty() && !fixes.isEmpty()) {
      title = fixes.get(0).subject();
    }
    return new Bug(
        bug.name.getText(), ids, title, kind, subsystem, allFixes(), range(), backports, stable, roles, cycle,
        lockOrders, logPatterns, says, symptom, confirm, workaround, source, reader.at(bug.name));
  }

  private static boolean repeatable(BugClauseContext clause) {
    return clause instanceof RulesParser.FixClauseContext
        || clause instanceof RulesParser.RoleClausesContext
        || clause instanceof RulesParser.LocksClauseContext
        || clause instanceof RulesParser.SplatClauseContext
        || clause instanceof RulesParser.AbortClauseContext
        || clause instanceof RulesParser.MessageClauseContext;
  }

  private List<Fix> allFixes() {
    String by = String.join(" ", introduced);
    return fixes.stream().map(fix -> new Fix(fix.commit(), fix.subject(), fix.release(), by)).toList();
  }

  /** Stated releases, else from the one that brought the bug up to the one that fixed it, which is no longer in. */
  private KernelRange range() {
    if (kernels != null) {
      return kernels;
    }
    var from = org.btrsleuth.incident.KernelVersion.parse(introducedIn.isEmpty() ? "-" : introducedIn);
    return new KernelRange(from, null);
  }

  private void clause(BugClauseContext clause) {
    if (clause instanceof RulesParser.IdClauseContext c) {
      ids.addAll(RuleReader.words(c.WORD()));
    } else if (clause instanceof RulesParser.TitleClauseContext c) {
      title = RuleReader.text(c.text());
    } else if (clause instanceof RulesParser.KindClauseContext c) {
      kind = c.WORD().getText();
      if (!Bugs.KINDS.contains(kind)) {
        String near = Spelling.nearest(kind, Bugs.KINDS);
        reader.error(
            c.WORD().getSymbol(),
            "unknown kind of bug '" + kind + "'" + (near == null ? "" : "; did you mean " + near + "?"));
      }
    } else if (clause instanceof RulesParser.SubsystemClauseContext c) {
      subsystem = RuleReader.text(c.text());
    } else if (clause instanceof RulesParser.FixClauseContext c) {
      fixes.add(
          new FixLine(commit(c.commit), RuleReader.text(c.subject), release(c.release)));
    } else if (clause instanceof RulesParser.IntroducedClauseContext c) {
      c.WORD().stream().filter(w -> w.getSymbol() != c.release).forEach(w -> introduced.add(commit(w.getSymbol())));
      introducedIn = release(c.release);
    } else if (clause instanceof RulesParser.IntroducedInClauseContext c) {
      introducedIn = release(c.release);
    } else if (clause instanceof RulesParser.BackportsClauseContext c) {
      c.WORD().forEach(w -> backports.add(release(w.getSymbol())));
    } else if (clause instanceof RulesParser.StableClauseContext c) {
      stable = RuleReader.text(c.text());
    } else if (clause instanceof RulesParser.BugKernelsContext c) {
      kernels = reader.kernels(c.kernels());
    } else if (clause instanceof RulesParser.RoleClausesContext c) {
      roles.add(role(c.role()));
    } else if (clause instanceof RulesParser.CycleClauseContext c) {
      cycle = RuleReader.words(c.WORD());
    } else if (clause instanceof RulesParser.LocksClauseContext c) {
      lockOrders.add(c.lock().stream().map(BugReader::lock).toList());
    } else {
      logOrText(clause);
    }
  }

  private void logOrText(BugClauseContext clause) {
    if (clause instanceof RulesParser.SplatClauseContext c) {
      String splat = c.report.getText();
      if (!Bugs.SPLATS.contains(splat)) {
        reader.error(
            c.report,
            "unknown kind of report '" + splat + "', known are " + String.join(", ", Bugs.SPLATS));
      }
      log(LogPattern.Type.SPLAT, splat, c.path(), c.weight(), c.start);
    } else if (clause instanceof RulesParser.AbortClauseContext c) {
      String errno = c.WORD().getText();
      if (Bugs.errno(errno) == 0) {
        reader.error(c.WORD().getSymbol(), "unknown error number '" + errno + "', write a name such as ENOSPC");
      }
      log(LogPattern.Type.ABORT, errno, c.path(), c.weight(), c.start);
    } else if (clause instanceof RulesParser.MessageClauseContext c) {
      int times = c.count == null ? 1 : reader.count(c.count);
      logPatterns.add(
          new LogPattern(
              LogPattern.Type.MESSAGE, RuleReader.text(c.text()), null, times, optional(c.weight()), common(c.weight()),
              reader.at(c.start)));
    } else if (clause instanceof RulesParser.SaysClauseContext c) {
      says = RuleReader.text(c.text());
    } else if (clause instanceof RulesParser.SymptomClauseContext c) {
      symptom = RuleReader.text(c.text());
    } else if (clause instanceof RulesParser.ConfirmClauseContext c) {
      confirm = RuleReader.text(c.text());
    } else if (clause instanceof RulesParser.WorkaroundClauseContext c) {
      workaround = RuleReader.text(c.text());
    } else if (clause instanceof RulesParser.BugSourceContext c) {
      source = reader.source(c.source());
    }
  }

  private void log(LogPattern.Type type, String argument, RulesParser.PathContext in, WeightContext weight,
      Token start) {
    FramePath path = in == null ? null : reader.path(in);
    logPatterns.add(
        new LogPattern(type, argument, path, 1, optional(weight), common(weight), reader.at(start)));
  }

  private static boolean optional(WeightContext weight) {
    return weight.OPTIONAL() != null;
  }

  private static boolean common(WeightContext weight) {
    return weight.COMMON() != null;
  }

  private Role role(RulesParser.RoleContext role) {
    List<Role.RoleWait> waits = new ArrayList<>();
    List<Role.RoleHold> holds = new ArrayList<>();
    List<FramePath> runs = new ArrayList<>();
    NamePattern task = null;
    for (RoleClauseContext clause : role.roleClause()) {
      if (clause instanceof RulesParser.WaitsKindClauseContext c) {
        waits.add(new Role.RoleWait(RuleReader.words(c.kinds().WORD()), null));
      } else if (clause instanceof RulesParser.WaitsClauseContext c) {
        List<String> kinds = c.kinds() == null ? List.of() : RuleReader.words(c.kinds().WORD());
        waits.add(new Role.RoleWait(kinds, reader.path(c.path())));
      } else if (clause instanceof RulesParser.HoldsClauseContext c) {
        holds.add(
            new Role.RoleHold(
                RuleReader.words(c.together().WORD()), c.names() == null ? null : reader.names(c.names())));
      } else if (clause instanceof RulesParser.RunsClauseContext c) {
        runs.add(reader.path(c.path()));
      } else if (clause instanceof RulesParser.TaskClauseContext c) {
        task = reader.names(c.names());
      }
    }
    String name = role.name.getText();
    return new Role(
        name,
        role.title == null ? name : RuleReader.text(role.title),
        optional(role.weight()),
        common(role.weight()),
        waits,
        holds,
        runs,
        task,
        reader.at(role.name));
  }

  static String lock(RulesParser.LockContext lock) {
    return lock.STRING() == null ? lock.getText() : RuleReader.unquote(lock.STRING().getText());
  }

  private String commit(Token token) {
    if (token == null) {
      return "";
    }
    if (!COMMIT.matcher(token.getText()).matches()) {
      reader.error(token, "'" + token.getText() + "' is no commit: 7 to 40 hexadecimal digits");
    }
    return token.getText();
  }

  private String release(Token token) {
    if (token == null) {
      return "";
    }
    reader.version(token);
    return token.getText();
  }
}
