package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.btrsleuth.grammar.TraceHooks;
import org.btrsleuth.grammar.TraceLexer;

/** Fills an {@link EventBlock} and a {@link LineBlock} from what the trace parser finds in a block. For one worker. */
final class TraceDecoder implements TraceHooks {
  private static final int HEADERS_KEPT = 64;

  private final SymbolCache symbols;
  private final StackCollector stacks;
  private final TokenMemo memo;
  private final Columns columns;
  private final FieldDecoder fields;
  private final EventNames names;
  private final int kernelStackName;
  private final int lostName;
  private final int userStackName;
  private final int graphName;

  private byte[] bytes;
  private EventBlock events;
  private LineBlock lines;
  private BlockCounts counts;
  private List<BlockCounts.Header> headers;

  private int eventLines;
  /** First line of the run of trace lines that is being read, and its events. */
  private int runStart;
  private int runEvents;

  /** Of the current line. */
  private int line;
  private int lineStart;
  private int taskStart;
  private boolean hasTask;
  private boolean begun;
  private boolean inStack;
  private EventType type;
  private int understood;

  /** Line of the event begun last, for call chains that follow it. */
  private int lastEventLine;

  /** @param memo of the parser, null if it has none */
  TraceDecoder(Symbols shared, StackTable table, TokenMemo memo) {
    this.memo = memo;
    symbols = new SymbolCache(shared);
    stacks = new StackCollector(symbols, table);
    columns = new Columns(symbols);
    names = new EventNames(symbols);
    fields = new FieldDecoder(symbols);
    kernelStackName = shared.intern("kernel_stack");
    lostName = shared.intern("lost");
    userStackName = shared.intern("user_stack");
    graphName = shared.intern("function_graph");
  }

  void begin(byte[] bytes, EventBlock events, LineBlock lines, BlockCounts counts) {
    this.bytes = bytes;
    this.events = events;
    this.lines = lines;
    this.counts = counts;
    headers = counts.headers;
    fields.reset(events);
    stacks.reset(bytes, events);
    line = 1;
    runStart = 1;
    runEvents = 0;
    eventLines = 0;
    lastEventLine = -1;
    startLine(0);
  }

  private void startLine(int from) {
    lineStart = from;
    hasTask = false;
    begun = false;
    inStack = false;
    type = EventType.OTHER;
    understood = 0;
    columns.clear();
  }

  /** Closes what is open at the end of a block. */
  void end() {
    stacks.close();
    endRun();
    counts.eventLines = eventLines;
    counts.lines = line - 1;
  }

  /** The line being read belongs to no run. */
  private void endRun() {
    if (line > runStart) {
      events.runs().add(runStart, line - 1, runEvents);
    }
    runStart = line + 1;
    runEvents = 0;
  }

  /** Position of the line that was being read, for resuming after an error. */
  int lineStart() {
    return lineStart;
  }

  // ---- whole lines ----

  @Override
  public void header(Token token) {
    stacks.close();
    counts.headerLines++;
    if (headers.size() < HEADERS_KEPT) {
      headers.add(new BlockCounts.Header(line, text(lineStart, textEnd(token.getStopIndex()))));
    }
    nextLine(token, false);
  }

  @Override
  public void entries(Token token) {
    int p = lineStart;
    while (!Columns.isDigit(bytes[p])) {
      p++;
    }
    long held = Columns.number(bytes, p, token.getStopIndex());
    while (bytes[p] != '/') {
      p++;
    }
    long written = Columns.number(bytes, p + 1, token.getStopIndex());
    if (written > held) {
      lostEvent(token, -1, written - held);
    } else {
      header(token);
    }
  }

  @Override
  public void lost(Token token) {
    int cpuAt = lineStart + "CPU:".length();
    int p = cpuAt;
    while (bytes[p] != '[') {
      p++;
    }
    while (bytes[p] != ']' && !Columns.isDigit(bytes[p])) {
      p++;
    }
    long count = bytes[p] == ']' ? -1 : Columns.number(bytes, p, token.getStopIndex());
    lostEvent(token, (int) Columns.number(bytes, cpuAt, token.getStopIndex()), count);
  }

  private void lostEvent(Token token, int cpu, long count) {
    stacks.close();
    int end = textEnd(token.getStopIndex());
    events.begin(EventType.LOST, lostName, EventBlock.NO_TIME, cpu, -1, Symbols.NONE, line, lineStart, end);
    events.field(Field.COUNT, count, Symbols.NONE);
    eventLines++;
    nextLine(token, false);
  }

  @Override
  public void frame(Token token) {
    if (stacks.frame(lineStart, token.getStopIndex() + 1, counts)) {
      nextLine(token, false);
    } else {
      otherLine(token);
    }
  }

  @Override
  public void perfFrame(Token token) {
    if (!stacks.isOpen() && lastEventLine == line - 1 && events.size() > 0) {
      stacks.openPerf();
    }
    if (!stacks.perfFrame(lineStart, token.getStopIndex() + 1, counts, kernelStackName, line)) {
      otherLine(token);
      return;
    }
    nextLine(token, false);
  }

  @Override
  public void graph(Token token) {
    stacks.close();
    int end = textEnd(token.getStopIndex());
    int p = lineStart;
    while (bytes[p] == ' ') {
      p++;
    }
    int digits = p;
    while (Columns.isDigit(bytes[p])) {
      p++;
    }
    if (bytes[p] == '.') {
      while (bytes[p] != '|') {
        p++;
      }
      columns.time(bytes, lineStart, p);
      digits = p + 1;
      while (bytes[digits] == ' ') {
        digits++;
      }
    }
    int cpu = (int) Columns.number(bytes, digits, end);
    events.begin(EventType.OTHER, graphName, columns.time, cpu, -1, Symbols.NONE, line, lineStart, end);
    eventLines++;
    nextLine(token, true);
  }

  @Override
  public void record(Token token) {
    stacks.close();
    int end = textEnd(token.getStopIndex());
    int colon = end;
    while (bytes[colon] != ':') {
      colon--;
    }
    int name = symbols.intern(bytes, colon - "type".length(), end);
    events.begin(EventType.OTHER, name, EventBlock.NO_TIME, -1, -1, Symbols.NONE, line, lineStart, end);
    eventLines++;
    nextLine(token, true);
  }

  // ---- parts of lines ----

  @Override
  public void task(Token token) {
    if (hasTask) {
      columns.task(bytes, taskStart, token.getStopIndex() + 1);
      return;
    }
    hasTask = true;
    taskStart = token.getStartIndex();
    int slot = slot(token);
    if (slot != TokenMemo.NONE && memo.decoded[slot]) {
      columns.comm = memo.first[slot];
      columns.pid = memo.second[slot];
      columns.cpu = memo.third[slot];
      return;
    }
    columns.task(bytes, taskStart, token.getStopIndex() + 1);
    // columns that hold a time are not kept
    if (slot != TokenMemo.NONE && columns.time == EventBlock.NO_TIME) {
      memo.decoded[slot] = true;
      memo.first[slot] = columns.comm;
      memo.second[slot] = columns.pid;
      memo.third[slot] = columns.cpu;
    }
  }

  @Override
  public void time(Token token) {
    columns.time(bytes, token.getStartIndex(), token.getStopIndex() + 1);
  }

  @Override
  public void event(Token token) {
    if (!startsEvent()) {
      return;
    }
    int slot = slot(token);
    int name;
    int fsid;
    if (slot != TokenMemo.NONE && memo.decoded[slot]) {
      name = memo.first[slot];
      fsid = memo.second[slot];
    } else {
      int from = token.getStartIndex();
      int to = token.getStopIndex() + 1;
      name = names.find(bytes, from, to);
      fsid = token.getType() == TraceLexer.EVENT ? fsid(from, to) : Symbols.NONE;
      if (slot != TokenMemo.NONE) {
        memo.decoded[slot] = true;
        memo.first[slot] = name;
        memo.second[slot] = fsid;
      }
    }
    type = EventNames.type(name);
    begin(type, EventNames.symbol(name));
    if (fsid != Symbols.NONE) {
      events.setFsid(fsid);
      understood++;
    }
  }

  /** Where the memo keeps the token. */
  private int slot(Token token) {
    return memo == null ? TokenMemo.NONE : ((BlockTokens.BlockToken) token).slot;
  }

  /** The file system id of "name: uuid: ", {@link Symbols#NONE} where the token ends with the name. */
  private int fsid(int from, int to) {
    // 15 from the end stands the last dash of the uuid
    boolean printed = to - from > 38 && bytes[to - 2] == ':' && bytes[to - 15] == '-';
    return printed ? symbols.intern(bytes, to - 38, to - 2) : Symbols.NONE;
  }

  /** Whether what stood before a name makes the line one of a trace. */
  private boolean startsEvent() {
    return !hasTask || columns.time != EventBlock.NO_TIME;
  }

  private void begin(EventType type, int name) {
    stacks.close();
    events.begin(type, name, columns.time, columns.cpu, columns.pid, columns.comm, line, lineStart, lineStart);
    begun = true;
  }

  @Override
  public void stack(Token token) {
    if (hasTask && startsEvent()) {
      begin(EventType.KERNEL_STACK, kernelStackName);
      type = EventType.KERNEL_STACK;
      inStack = true;
      stacks.openKernel();
    }
  }

  @Override
  public void userStack(Token token) {
    if (hasTask && startsEvent()) {
      begin(EventType.OTHER, userStackName);
      inStack = true;
      stacks.openUser();
    }
  }

  @Override
  public void notATrace() {
    if (begun) {
      events.dropLast();
      begun = false;
    }
    hasTask = true;
    columns.time = EventBlock.NO_TIME;
  }

  @Override
  public void reservation(Token token) {
    if (!begun || type != EventType.SPACE_RESERVATION) {
      return;
    }
    int slot = slot(token);
    if (slot != TokenMemo.NONE && memo.reservations.decoded(slot)) {
      understood += memo.reservations.addTo(slot, events) ? 1 : 0;
      return;
    }
    boolean reservation = fields.reservation(bytes, token.getStartIndex());
    understood += reservation ? 1 : 0;
    if (slot != TokenMemo.NONE) {
      memo.reservations.keep(slot, reservation, events);
    }
  }

  @Override
  public void pair(Token token) {
    if (!begun) {
      return;
    }
    if (type == EventType.OTHER) {
      understood += hasTask ? 1 : 0;
      return;
    }
    // a pair means the same in all events but one
    int slot = type == EventType.SPACE_RESERVATION ? TokenMemo.NONE : slot(token);
    if (slot != TokenMemo.NONE && memo.pairs.decoded(slot)) {
      understood += memo.pairs.addTo(slot, events) ? 1 : 0;
      return;
    }
    boolean field = fields.pair(type, bytes, token.getStartIndex(), token.getStopIndex() + 1);
    understood += field ? 1 : 0;
    if (slot != TokenMemo.NONE) {
      memo.pairs.keep(slot, field, events);
    }
  }

  @Override
  public void label(Token token) {
    if (begun && type == EventType.TRIGGER_FLUSH) {
      fields.label(Field.REASON, bytes, token.getStartIndex(), token.getStopIndex() + 1);
    }
  }

  @Override
  public void switchFrom(Token token) {
    if (begun) {
      fields.switchFrom(bytes, token.getStartIndex(), token.getStopIndex() + 1);
      understood++;
    }
  }

  @Override
  public void switchTo(Token token) {
    if (begun) {
      fields.switchTo(bytes, token.getStartIndex(), token.getStopIndex() + 1);
      understood++;
    }
  }

  @Override
  public void switchBrief(Token token) {
    if (begun) {
      fields.switchBrief(bytes, token.getStartIndex(), token.getStopIndex() + 1);
      understood++;
    }
  }

  @Override
  public void endLine(Token token) {
    if (begun && !hasTask && understood == 0) {
      // "btrfs_something: text" without any column: only fields prove that it is an event
      events.dropLast();
      begun = false;
    }
    if (begun) {
      events.setTextEnd(token.getStartIndex());
      eventLines++;
      if (type != EventType.OTHER && !inStack && understood == 0) {
        counts.undecoded++;
      }
      lastEventLine = line;
      nextLine(token, true);
    } else if (token.getStartIndex() == lineStart && stacks.closePerf()) {
      // the empty line that ends a call chain
      counts.stackLines++;
      nextLine(token, false);
    } else {
      otherLine(token);
    }
  }

  private void otherLine(Token token) {
    int end = textEnd(token.getStopIndex());
    stacks.close();
    endRun();
    lines.add(line, lineStart, end);
    counts.otherLines++;
    line++;
    startLine(token.getStopIndex() + 1);
  }

  private void nextLine(Token token, boolean event) {
    if (event) {
      runEvents++;
    }
    line++;
    startLine(token.getStopIndex() + 1);
  }

  /** A line on which the parser failed, which no input should achieve. */
  void skipLine(int lineEnd) {
    if (begun) {
      events.dropLast();
    }
    stacks.close();
    int end = textEnd(lineEnd);
    endRun();
    lines.add(line, lineStart, end);
    counts.otherLines++;
    line++;
    startLine(lineEnd + 1);
  }

  /** End of the text of a line whose line end's last byte is at {@code stop}. */
  private int textEnd(int stop) {
    int end = stop + 1;
    while (end > lineStart && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return end;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
