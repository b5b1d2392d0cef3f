package org.btrsleuth.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Decoded trace events of one block of an input, in file order, as columns. A block is filled by one worker, read by
 * one consumer and then reused: nothing of it may be kept beyond {@link EventSink#accept}.
 */
public final class EventBlock {
  /** {@link #time} of an event without a time stamp. */
  public static final long NO_TIME = Long.MIN_VALUE;

  private static final int STRIDE_BITS = 3;
  private static final int NAME = 0;
  private static final int CPU = 1;
  private static final int PID = 2;
  private static final int COMM = 3;
  private static final int FSID = 4;
  private static final int LINE = 5;
  private static final int FROM = 6;
  private static final int TO = 7;

  private static final EventType[] TYPES = EventType.values();
  private static final Field[] FIELDS = Field.values();

  private final Symbols symbols;

  private String path = "";
  private byte[] bytes = new byte[0];

  private long firstLine;
  private final TraceRuns runs = new TraceRuns();
  private int size;
  private byte[] types = new byte[1024];
  private long[] times = new long[1024];
  /** Eight ints an event, side by side: one place to write to instead of eight. */
  private int[] ints = new int[1024 << STRIDE_BITS];
  private int[] fieldStarts = new int[1025];

  private int fieldCount;
  private byte[] fieldIds = new byte[8192];
  private long[] fieldNumbers = new long[8192];
  private int[] fieldSymbols = new int[8192];

  public EventBlock(Symbols symbols) {
    this.symbols = symbols;
  }

  // ---- reading ----

  public Symbols symbols() {
    return symbols;
  }

  /** Path of the input as the user gave it. */
  public String path() {
    return path;
  }

  public int size() {
    return size;
  }

  public EventType type(int i) {
    return TYPES[types[i]];
  }

  /** Symbol of the event's name as printed. */
  public int name(int i) {
    return ints[(i << STRIDE_BITS) + NAME];
  }

  /** Nanoseconds on the trace's clock (the raw count for counter clocks), or {@link #NO_TIME}. */
  public long time(int i) {
    return times[i];
  }

  /** -1 if not printed. */
  public int cpu(int i) {
    return ints[(i << STRIDE_BITS) + CPU];
  }

  /** -1 if not printed. */
  public int pid(int i) {
    return ints[(i << STRIDE_BITS) + PID];
  }

  /** Symbol of the task name. */
  public int comm(int i) {
    return ints[(i << STRIDE_BITS) + COMM];
  }

  /** Symbol of the file system id, {@link Symbols#NONE} for events that print none. */
  public int fsid(int i) {
    return ints[(i << STRIDE_BITS) + FSID];
  }

  /** 1-based line in the input. */
  public long line(int i) {
    return firstLine + ints[(i << STRIDE_BITS) + LINE];
  }

  /** Where the block's trace lines stand. */
  public TraceRuns runs() {
    return runs;
  }

  public boolean has(int i, Field field) {
    return find(i, field) >= 0;
  }

  /** Number of {@code field}, or {@code absent}. */
  public long number(int i, Field field, long absent) {
    int k = find(i, field);
    return k < 0 ? absent : fieldNumbers[k];
  }

  /** Number of {@code field}, or 0. */
  public long number(int i, Field field) {
    return number(i, field, 0);
  }

  /** Symbol of {@code field}, or {@link Symbols#NONE}. */
  public int symbol(int i, Field field) {
    int k = find(i, field);
    return k < 0 ? Symbols.NONE : fieldSymbols[k];
  }

  /** Text of the symbol of {@code field}, or the empty string. */
  public String symbolText(int i, Field field) {
    return symbols.text(symbol(i, field));
  }

  /** The whole line; only for evidence, as it allocates. */
  public String text(int i) {
    int from = ints[(i << STRIDE_BITS) + FROM];
    return new String(bytes, from, ints[(i << STRIDE_BITS) + TO] - from, StandardCharsets.UTF_8);
  }

  /** The bytes of {@link #text}, for those who keep many lines and show few. */
  public byte[] lineBytes(int i) {
    int from = ints[(i << STRIDE_BITS) + FROM];
    return Arrays.copyOfRange(bytes, from, ints[(i << STRIDE_BITS) + TO]);
  }

  /** Bytes of the whole line. */
  public int lineLength(int i) {
    return ints[(i << STRIDE_BITS) + TO] - ints[(i << STRIDE_BITS) + FROM];
  }

  /** Copies the bytes of {@link #text} to the beginning of {@code into}, which must have room for them. */
  public void copyLine(int i, byte[] into) {
    System.arraycopy(bytes, ints[(i << STRIDE_BITS) + FROM], into, 0, lineLength(i));
  }

  private int find(int i, Field field) {
    byte id = (byte) field.ordinal();
    for (int k = fieldStarts[i], end = fieldStarts[i + 1]; k < end; k++) {
      if (fieldIds[k] == id) {
        return k;
      }
    }
    return -1;
  }

  // ---- filling ----

  /** Empties the block for reuse on {@code bytes} of {@code path}. */
  public void reset(String path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
    size = 0;
    fieldCount = 0;
    fieldStarts[0] = 0;
    firstLine = 0;
    runs.clear();
  }

  /** Makes this block hold the events of {@code other} whose numbers {@code keep} accepts; it shares their bytes. */
  public void select(EventBlock other, IntPredicate keep) {
    reset(other.path, other.bytes);
    firstLine = other.firstLine;
    for (int i = 0; i < other.size; i++) {
      if (keep.test(i)) {
        int from = i << STRIDE_BITS;
        int[] of = other.ints;
        begin(
            TYPES[other.types[i]], of[from + NAME], other.times[i], of[from + CPU], of[from + PID], of[from + COMM],
            of[from + LINE], of[from + FROM], of[from + TO]);
        setFsid(of[from + FSID]);
        for (int k = other.fieldStarts[i]; k < other.fieldStarts[i + 1]; k++) {
          field(FIELDS[other.fieldIds[k]], other.fieldNumbers[k], other.fieldSymbols[k]);
        }
      }
    }
  }

  /** Added to every line: blocks are filled before it is known how many lines stand before them. */
  void setFirstLine(long firstLine) {
    this.firstLine = firstLine;
    runs.setFirstLine(firstLine);
  }

  /** The bytes of the block now stand in {@code bytes}, at the same places. */
  void moveTo(byte[] bytes) {
    this.bytes = bytes;
  }

  /** End of the line of the event begun last, where it was not known at {@link #begin}. */
  void setTextEnd(int to) {
    ints[(size - 1 << STRIDE_BITS) + TO] = to;
  }

  /**
   * Starts an event; fields are then added with {@link #field}.
   *
   * @param line in the block or in the input, below 2^31
   * @param from first byte of the line
   * @param to its end, line end excluded
   */
  public void begin(EventType type, int name, long time, int cpu, int pid, int comm, long line, int from, int to) {
    if (size == types.length) {
      growEvents();
    }
    int i = size++;
    types[i] = (byte) type.ordinal();
    times[i] = time;
    int k = i << STRIDE_BITS;
    ints[k + NAME] = name;
    ints[k + CPU] = cpu;
    ints[k + PID] = pid;
    ints[k + COMM] = comm;
    ints[k + FSID] = Symbols.NONE;
    ints[k + LINE] = Math.toIntExact(line);
    ints[k + FROM] = from;
    ints[k + TO] = to;
    fieldStarts[i + 1] = fieldCount;
  }

  /** Starts an event with the columns of the one before it. */
  void beginLike(EventType type, int name, long line, int from, int to) {
    int i = size - 1;
    int k = i << STRIDE_BITS;
    begin(type, name, times[i], ints[k + CPU], ints[k + PID], ints[k + COMM], line, from, to);
  }

  /** File system id of the event begun last. */
  public void setFsid(int symbol) {
    ints[(size - 1 << STRIDE_BITS) + FSID] = symbol;
  }

  /** Adds a field to the event begun last. */
  public void field(Field field, long number, int symbol) {
    if (fieldCount == fieldIds.length) {
      growFields();
    }
    int k = fieldCount++;
    fieldIds[k] = (byte) field.ordinal();
    fieldNumbers[k] = number;
    fieldSymbols[k] = symbol;
    fieldStarts[size] = fieldCount;
  }

  /** The fields of btrfs_space_reservation. */
  void reservation(int pool, long val, long reserve, long amount) {
    field(Field.RSV, 0, pool);
    field(Field.VAL, val, Symbols.NONE);
    field(Field.RESERVE, reserve, Symbols.NONE);
    field(Field.BYTES, amount, Symbols.NONE);
  }

  /** The field added last, which must belong to the event begun last. */
  Field lastField() {
    return FIELDS[fieldIds[fieldCount - 1]];
  }

  long lastNumber() {
    return fieldNumbers[fieldCount - 1];
  }

  int lastSymbol() {
    return fieldSymbols[fieldCount - 1];
  }

  /** Takes back the event begun last, for a line that turned out not to be one. */
  public void dropLast() {
    size--;
    fieldCount = fieldStarts[size];
  }

  private void growEvents() {
    int to = types.length * 2;
    types = Arrays.copyOf(types, to);
    times = Arrays.copyOf(times, to);
    ints = Arrays.copyOf(ints, to << STRIDE_BITS);
    fieldStarts = Arrays.copyOf(fieldStarts, to + 1);
  }

  private void growFields() {
    int to = fieldIds.length * 2;
    fieldIds = Arrays.copyOf(fieldIds, to);
    fieldNumbers = Arrays.copyOf(fieldNumbers, to);
    fieldSymbols = Arrays.copyOf(fieldSymbols, to);
  }

  static {
    if (TYPES.length > Byte.MAX_VALUE || FIELDS.length > Byte.MAX_VALUE) {
      throw new AssertionError("event types and fields are stored in a byte");
    }
  }
}
