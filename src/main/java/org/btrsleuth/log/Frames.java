package org.btrsleuth.log;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.Token;
import org.btrsleuth.grammar.KernelLogLexer;
import org.btrsleuth.grammar.KernelLogParser.ArmFrameContext;
import org.btrsleuth.grammar.KernelLogParser.FrameContext;
import org.btrsleuth.grammar.KernelLogParser.IndexedFrameContext;
import org.btrsleuth.grammar.KernelLogParser.PositionContext;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.FunctionName;
import org.btrsleuth.stack.TaskSnapshot.Origin;

/** Turns parsed frames into {@link Frame}s. Names are shared: dumps repeat the same few thousand symbols. */
final class Frames {
  private static final int MAX_KNOWN = 100_000;

  /** Frame lines are short; a longer line is none that comes again. */
  private static final int MAX_REMEMBERED = 300;

  private record Symbol(String function, String symbol, int offset, int size) {}

  /** Dumps repeat the same few thousand frame lines: each is parsed once. */
  private final Map<String, Parsed> parsed = new HashMap<>();

  private final Map<String, Symbol> known = new HashMap<>();
  private final Map<String, String> modules = new HashMap<>();

  /**
   * A frame line whatever line it stands on.
   *
   * @param origin what prints this shape, if nothing else tells: {@code /proc/PID/stack} an address before the symbol,
   *     tracers an offset without the function's size
   */
  record Parsed(Frame frame, Origin origin) {
    Frame at(long line) {
      return new Frame(
          frame.function(), frame.symbol(), frame.module(), frame.reliable(), frame.offset(), frame.size(), line);
    }
  }

  /** What {@link #parse} made of the same text before, null if it is new. */
  Parsed known(String message) {
    return parsed.get(message);
  }

  /** Null if the line only looked like a frame: a word that no source position follows. */
  Parsed parse(String message, FrameContext context, boolean complete) {
    Frame frame = of(context, -1, complete);
    if (frame == null) {
      return null;
    }
    if (parsed.size() >= MAX_KNOWN) {
      parsed.clear();
    }
    boolean traced = context.symbol.getType() == KernelLogLexer.OFFSET_SYMBOL && context.unsure == null;
    Origin origin = !context.address.isEmpty() ? Origin.PROC_STACK : traced ? Origin.TRACE : Origin.BARE;
    Parsed result = new Parsed(frame, origin);
    if (message.length() <= MAX_REMEMBERED) {
      parsed.put(message, result);
    }
    return result;
  }

  private Frame of(FrameContext context, long line, boolean complete) {
    Token token = context.symbol;
    if (token == null) {
      return null;
    }
    boolean announced = context.unsure != null || !context.address.isEmpty();
    if (token.getType() == KernelLogLexer.NAME) {
      if (!complete && !isModuleWord(context.where) || !announced && context.where.source == null) {
        return null;
      }
    } else if (token.getType() != KernelLogLexer.SYMBOL && !announced && !complete) {
      return null;
    }
    return frame(token, context.where, context.unsure == null && !unreliable(context.where), line);
  }

  /** Null if nothing names a function. */
  Frame of(IndexedFrameContext context, long line) {
    return context.symbol == null ? null : frame(context.symbol, context.where, true, line);
  }

  /**
   * The frames that a line of 32-bit ARM names, the called one first; the called one is left out where the line before
   * ended with it. Empty if the line only looked like one.
   *
   * @param before function that the line before it named as caller, "" if none
   */
  List<Frame> of(ArmFrameContext context, String before, long line) {
    if (context.caller == null && context.symbol == null) {
      return List.of();
    }
    Frame caller =
        context.caller == null
            ? frame(context.symbol.getText(), context.module == null ? null : context.module.getText(), true, line)
            : named(context.caller.getText(), line);
    Frame callee = named(context.callee.getText(), line);
    return callee.function().equals(before) ? List.of(caller) : List.of(callee, caller);
  }

  /** {@code [<7f50b754>] (btrfs_start_ordered_extent+0x128/0x158 [btrfs])}, with or without address and brackets. */
  private Frame named(String text, long line) {
    int open = text.indexOf('(');
    int from = open < 0 ? 0 : open + 1;
    int to = from;
    while (to < text.length() && " )".indexOf(text.charAt(to)) < 0) {
      to++;
    }
    int module = text.indexOf('[', to);
    return frame(text.substring(from, to), module < 0 ? null : text.substring(module), true, line);
  }

  /** The function that RIP or a similar register points into, as innermost frame. */
  Frame of(Token symbol, long line) {
    return frame(symbol, null, true, line);
  }

  /** {@code [exception RIP: btrfs_reloc_cow_block+692]} of crash. */
  Frame exceptionRip(String text, long line) {
    Symbol symbol = symbol(text.substring(text.indexOf(": ") + 2, text.length() - 1));
    return new Frame(symbol.function, symbol.symbol, "", true, symbol.offset, symbol.size, line);
  }

  private Frame frame(Token token, PositionContext where, boolean reliable, long line) {
    String module = where == null || where.module == null ? null : where.module.getText();
    return frame(token.getText(), module, reliable, line);
  }

  private Frame frame(String text, String bracketed, boolean reliable, long line) {
    Symbol symbol = known.get(text);
    if (symbol == null) {
      if (known.size() >= MAX_KNOWN) {
        known.clear();
      }
      symbol = symbol(text);
      known.put(text, symbol);
    }
    String module = bracketed == null ? "" : module(bracketed);
    return new Frame(symbol.function, symbol.symbol, module, reliable, symbol.offset, symbol.size, line);
  }

  private String module(String text) {
    return modules.computeIfAbsent(
        modules.size() < 1000 ? text : "[]",
        key -> {
          int end = 1;
          while (end < key.length() && " (]".indexOf(key.charAt(end)) < 0) {
            end++;
          }
          return key.substring(1, end);
        });
  }

  /** {@code (unreliable)} is what PowerPC prints for {@code ?}. */
  private static boolean unreliable(PositionContext where) {
    return where != null && where.doubtful != null && where.doubtful.getText().equals("(unreliable)");
  }

  private static boolean isModuleWord(PositionContext where) {
    return where.source != null && where.source.getType() == KernelLogLexer.PAREN_SOURCE;
  }

  private static Symbol symbol(String text) {
    int plus = text.lastIndexOf('+');
    if (plus <= 0) {
      return new Symbol(FunctionName.clean(text), text, -1, -1);
    }
    String name = text.substring(0, plus);
    int slash = text.indexOf('/', plus);
    boolean hex = text.startsWith("0x", plus + 1);
    int offset = hex
        ? Numbers.hex(text, plus + 3, slash < 0 ? text.length() : slash)
        : Numbers.pid(text.substring(plus + 1));
    int size = slash < 0 ? -1 : Numbers.hex(text, slash + 3, text.length());
    return new Symbol(FunctionName.clean(name), name, offset, size);
  }
}
