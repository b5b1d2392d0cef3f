package org.btrsleuth.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.btrsleuth.grammar.RulesParser;
import org.btrsleuth.grammar.RulesParser.BlockContext;
import org.btrsleuth.grammar.RulesParser.RuleClauseContext;
import org.btrsleuth.incident.KernelVersion;

/** Turns the text of one rule file into declarations. Blocks with errors are left out and reported. */
final class RuleReader {
  private static final Pattern RELEASE = Pattern.compile("\\d{1,2}\\.\\d{1,3}(\\.\\d{1,3})?(-rc\\d{1,2})?");

  private final RuleFile file;

  private RuleReader(RuleFile file) {
    this.file = file;
  }

  static RuleFile read(String name, String text) {
    RuleSyntax.Parsed parsed = RuleSyntax.parse(name, text);
    RuleFile file = new RuleFile(name);
    file.diagnostics.addAll(parsed.errors());
    RuleReader reader = new RuleReader(file);
    for (BlockContext block : parsed.tree().block()) {
      if (block.start != null && block.stop != null && !broken(block, parsed.errors()) && !damaged(block)) {
        reader.block(block);
      }
    }
    return file;
  }

  private static boolean broken(BlockContext block, List<Diagnostic> errors) {
    for (Diagnostic error : errors) {
      if (error.at().line() >= block.start.getLine() && error.at().line() <= block.stop.getLine()) {
        return true;
      }
    }
    return false;
  }

  /** An error is reported where the reader stumbled, which may be behind the end of the block that lacks something. */
  private static boolean damaged(ParserRuleContext context) {
    if (context.exception != null) {
      return true;
    }
    for (int i = 0; i < context.getChildCount(); i++) {
      ParseTree child = context.getChild(i);
      if (child instanceof ErrorNode || child instanceof ParserRuleContext rule && damaged(rule)) {
        return true;
      }
    }
    return false;
  }

  private void block(BlockContext block) {
    if (block.resource() != null) {
      resource(block.resource());
    } else if (block.scheduler() != null) {
      file.schedulers.add(names(block.scheduler().names()));
    } else if (block.primitive() != null) {
      file.primitives.add(
          new Primitive(
              block.primitive().name.getText(), names(block.primitive().names()), at(block.primitive().name)));
    } else if (block.service() != null) {
      service(block.service());
    } else if (block.waitRule() != null) {
      var wait = block.waitRule();
      rule(FrameRule.Type.WAIT, wait.start, words(wait.kinds().WORD()), wait.names(), wait.ruleClause());
    } else if (block.holdRule() != null) {
      var hold = block.holdRule();
      rule(FrameRule.Type.HOLD, hold.start, words(hold.together().WORD()), hold.names(), hold.ruleClause());
    } else if (block.unheldRule() != null) {
      var unheld = block.unheldRule();
      rule(FrameRule.Type.UNHELD, unheld.start, words(unheld.together().WORD()), unheld.names(), unheld.ruleClause());
    } else if (block.progress() != null) {
      progress(block.progress());
    } else if (block.function() != null) {
      file.functions.add(block.function().spelling().stream().map(this::spelling).toList());
    } else if (block.bug() != null) {
      file.bugs.add(new BugReader(this).read(block.bug()));
    }
  }

  private Functions.Spelling spelling(RulesParser.SpellingContext spelling) {
    KernelVersion from = spelling.from == null ? null : version(spelling.from);
    KernelVersion to = spelling.to == null ? null : version(spelling.to);
    return new Functions.Spelling(spelling.name.getText(), new KernelRange(from, to));
  }

  private void resource(RulesParser.ResourceContext resource) {
    ResourceKind.Trait trait =
        resource.SINK() != null
            ? ResourceKind.Trait.SINK
            : resource.IDLE() != null ? ResourceKind.Trait.IDLE : ResourceKind.Trait.ORDINARY;
    file.kinds.add(
        new ResourceKind(
            resource.name.getText(),
            text(resource.shown),
            resource.family == null ? "" : resource.family.getText(),
            file.kinds.size(),
            trait,
            resource.lock().stream().map(BugReader::lock).toList(),
            at(resource.name)));
  }

  private void service(RulesParser.ServiceContext service) {
    List<String> runs = service.together() == null ? List.of() : words(service.together().WORD());
    FrameRule rule =
        frameRule(FrameRule.Type.SERVICE, service.name, runs, service.names(), service.ruleClause());
    String queue = service.queue == null ? "" : service.queue.getText();
    file.services.add(new Service(service.name.getText(), text(service.shown), runs, queue, rule));
  }

  private void rule(
      FrameRule.Type type,
      Token start,
      List<String> kinds,
      RulesParser.NamesContext names,
      List<RuleClauseContext> clauses) {
    file.rules.add(frameRule(type, start, kinds, names, clauses));
  }

  private FrameRule frameRule(
      FrameRule.Type type,
      Token start,
      List<String> kinds,
      RulesParser.NamesContext names,
      List<RuleClauseContext> clauses) {
    NamePattern whileCalling = null;
    NamePattern unlessCalling = null;
    NamePattern under = null;
    List<String> behind = List.of();
    boolean asleep = false;
    FrameRule.Offset offset = null;
    boolean probable = false;
    KernelRange kernels = KernelRange.ALWAYS;
    String instance = "";
    String because = "";
    String source = "";
    Once once = new Once();
    for (RuleClauseContext clause : clauses) {
      once.seen(clause);
      if (clause instanceof RulesParser.WhileClauseContext c) {
        whileCalling = names(c.names());
      } else if (clause instanceof RulesParser.UnlessClauseContext c) {
        unlessCalling = names(c.names());
      } else if (clause instanceof RulesParser.UnderClauseContext c) {
        under = names(c.names());
      } else if (clause instanceof RulesParser.BehindClauseContext c) {
        behind = words(c.WORD());
      } else if (clause instanceof RulesParser.AsleepClauseContext) {
        asleep = true;
      } else if (clause instanceof RulesParser.OffsetClauseContext c) {
        offset = new FrameRule.Offset(c.side.getType() == RulesParser.ABOVE, percent(c.percent), c.bytes == null ? -1 : count(c.bytes));
      } else if (clause instanceof RulesParser.ProbableClauseContext) {
        probable = true;
      } else if (clause instanceof RulesParser.KernelsClauseContext c) {
        kernels = kernels(c.kernels());
      } else if (clause instanceof RulesParser.InstanceClauseContext c) {
        instance = text(c.text());
      } else if (clause instanceof RulesParser.BecauseClauseContext c) {
        because = text(c.text());
      } else if (clause instanceof RulesParser.SourceClauseContext c) {
        source = source(c.source());
      }
    }
    return new FrameRule(
        type, kinds, names(names), whileCalling, unlessCalling, under, behind, asleep, offset, probable, kernels,
        instance, because, source, at(start));
  }

  private int percent(Token token) {
    try {
      int percent = Integer.parseInt(token.getText());
      if (percent >= 0 && percent <= 100) {
        return percent;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    error(token, "'" + token.getText() + "' is no percentage from 0 to 100");
    return 0;
  }

  /** A small count; 1 and an error for what is none. */
  int count(Token token) {
    if (!token.getText().matches("[1-9]\\d{0,3}")) {
      error(token, "'" + token.getText() + "' is no count from 1 to 9999");
      return 1;
    }
    return Integer.parseInt(token.getText());
  }

  private void progress(RulesParser.ProgressContext progress) {
    List<Progress.Need> needs = new ArrayList<>();
    for (RulesParser.NeedContext need : progress.need()) {
      Progress.NeedType type =
          need.HOLDER() != null
              ? Progress.NeedType.HOLDER
              : need.SERVICE() != null ? Progress.NeedType.SERVICE : Progress.NeedType.KIND;
      needs.add(
          new Progress.Need(
              type,
              need.WORD() == null ? "" : need.WORD().getText(),
              need.text() == null ? "" : text(need.text())));
    }
    KernelRange kernels = KernelRange.ALWAYS;
    String because = "";
    String source = "";
    Once once = new Once();
    for (RulesParser.ProgressClauseContext clause : progress.progressClause()) {
      once.seen(clause);
      if (clause instanceof RulesParser.ProgressKernelsContext c) {
        kernels = kernels(c.kernels());
      } else if (clause instanceof RulesParser.ProgressBecauseContext c) {
        because = text(c.text());
      } else if (clause instanceof RulesParser.ProgressSourceContext c) {
        source = source(c.source());
      }
    }
    file.progress.add(
        new Progress(
            progress.name.getText(), progress.quantifier.getType() == RulesParser.ALL, needs, kernels, because, source,
            at(progress.name)));
  }

  // ---- shared with BugReader ----

  /** Reports clauses that stand twice in one block where only one can count. */
  final class Once {
    private final List<Class<?>> seen = new ArrayList<>();

    void seen(ParserRuleContext clause) {
      if (seen.contains(clause.getClass())) {
        error(clause.start, "'" + clause.start.getText() + "' stands twice in this block");
      }
      seen.add(clause.getClass());
    }
  }

  KernelRange kernels(RulesParser.KernelsContext kernels) {
    KernelVersion from = version(kernels.from);
    KernelVersion to = version(kernels.to);
    if (from != null && to != null && KernelRange.compareSeries(from, to) > 0) {
      error(kernels.start, "kernels " + from + " .. " + to + " is empty: the first is newer than the last");
    }
    return new KernelRange(from, to);
  }

  /** Null for no token and, with an error, for one that is no release. */
  KernelVersion version(Token token) {
    if (token == null) {
      return null;
    }
    String text = token.getText();
    if (!RELEASE.matcher(text).matches()) {
      error(token, "'" + text + "' is no kernel release such as 5.4 or 6.1.25");
      return null;
    }
    return KernelVersion.parse(text);
  }

  FramePath path(RulesParser.PathContext path) {
    return new FramePath(path.names().stream().map(this::names).toList());
  }

  NamePattern names(RulesParser.NamesContext names) {
    return new NamePattern(words(names.WORD()));
  }

  static List<String> words(List<TerminalNode> words) {
    return words.stream().map(TerminalNode::getText).toList();
  }

  String source(RulesParser.SourceContext source) {
    List<String> origins = new ArrayList<>();
    for (RulesParser.OriginContext origin : source.origin()) {
      origins.add(origin.STRING() == null ? origin.getText() : unquote(origin.STRING().getText()));
    }
    return String.join(", ", origins);
  }

  /** The content of adjacent quoted texts, joined by blanks. */
  static String text(RulesParser.TextContext text) {
    return text.STRING().stream().map(s -> unquote(s.getText())).collect(Collectors.joining(" "));
  }

  static String unquote(String quoted) {
    return quoted.substring(1, quoted.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
  }

  Position at(Token token) {
    return new Position(file.name, token.getLine(), token.getCharPositionInLine() + 1);
  }

  void error(Token token, String message) {
    file.diagnostics.add(new Diagnostic(at(token), true, message));
  }
}
