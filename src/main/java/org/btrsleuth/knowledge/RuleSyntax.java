package org.btrsleuth.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.btrsleuth.grammar.RulesLexer;
import org.btrsleuth.grammar.RulesParser;

/** Parses the text of one rule file and words its syntax errors for people: what stands there, what may stand there. */
final class RuleSyntax extends BaseErrorListener {
  /** More expected words than this are no help. */
  private static final int MAX_EXPECTED = 12;

  private final String file;
  private final List<Diagnostic> errors = new ArrayList<>();

  private RuleSyntax(String file) {
    this.file = file;
  }

  /** A parse tree with the syntax errors found on the way; the tree of a block with an error must not be used. */
  record Parsed(RulesParser.RulesContext tree, List<Diagnostic> errors) {}

  static Parsed parse(String file, String text) {
    RulesLexer lexer = new RulesLexer(CharStreams.fromString(text, file));
    lexer.removeErrorListeners();
    RulesParser parser = new RulesParser(new CommonTokenStream(lexer));
    parser.removeErrorListeners();
    RuleSyntax syntax = new RuleSyntax(file);
    parser.addErrorListener(syntax);
    return new Parsed(parser.rules(), syntax.errors);
  }

  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer, Object symbol, int line, int column, String ignored, RecognitionException e) {
    Token token = (Token) symbol;
    // One broken line makes the parser stumble several times; the first report is the useful one.
    if (!errors.isEmpty() && errors.get(errors.size() - 1).at().line() == line) {
      return;
    }
    errors.add(new Diagnostic(new Position(file, line, column + 1), true, describe((Parser) recognizer, token, e)));
  }

  private static String describe(Parser parser, Token token, RecognitionException e) {
    String found = token.getText();
    if (token.getType() == RulesLexer.OTHER) {
      return found.equals("\"")
          ? "text in quotes does not end on its line"
          : "the character '" + found + "' has no meaning here";
    }
    IntervalSet expected = e != null && e.getExpectedTokens() != null ? e.getExpectedTokens() : parser.getExpectedTokens();
    TreeSet<String> names = new TreeSet<>();
    for (int type : expected.toList()) {
      names.add(nameOf(type));
    }
    StringBuilder message = new StringBuilder();
    message.append(token.getType() == Token.EOF ? "the file ends" : "found '" + found + "'");
    // The parser has often left the block already when it stumbles, so all words of the language are candidates.
    String near = token.getType() == RulesLexer.WORD ? Spelling.nearest(found, keywords()) : null;
    if (near != null) {
      message.append("; did you mean ").append(near).append('?');
    } else if (names.contains("a word") && token.getType() < RulesLexer.DOTS && token.getType() > 0) {
      message.append(", which is a word of the rule language, where a name is expected");
    } else if (!names.isEmpty() && names.size() <= MAX_EXPECTED) {
      message.append(" where expected: ").append(String.join(", ", names));
    } else {
      message.append(", which no clause or block starts with here");
    }
    return message.toString();
  }

  private static List<String> keywords() {
    List<String> keywords = new ArrayList<>();
    for (int type = RulesLexer.RESOURCE; type < RulesLexer.DOTS; type++) {
      keywords.add(nameOf(type));
    }
    return keywords;
  }

  private static String nameOf(int type) {
    return switch (type) {
      case Token.EOF -> "end of file";
      case RulesLexer.WORD -> "a word";
      case RulesLexer.STRING -> "text in quotes";
      case RulesLexer.COMMA -> "a comma";
      default -> {
        String literal = RulesLexer.VOCABULARY.getLiteralName(type);
        yield literal == null ? RulesLexer.VOCABULARY.getSymbolicName(type) : literal.substring(1, literal.length() - 1);
      }
    };
  }
}
