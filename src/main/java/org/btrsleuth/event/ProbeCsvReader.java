package org.btrsleuth.event;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;

/**
 * Reads the CSV that the block_rsv probe writes: one record per event, with what the event prints and what the kernel's
 * structures held at that moment. A record becomes an event like the one that ftrace prints, plus the fields of state
 * ({@link Field#INODE_SIZE} and so on); those of update_bytes events show the counters before the change.
 *
 * <p>Task names may hold anything, line ends included. Records are streamed; a block of them is handed out at a time. Since
 * the parser does not keep the text of a record, evidence shows its cells joined again, line ends as {@code \n}.
 */
public final class ProbeCsvReader {
  private static final int BLOCK = 4096;
  private static final List<String> REQUIRED = List.of("ts_ns", "cpu", "pid", "comm", "event", "fsid");

  private final Symbols symbols;

  public ProbeCsvReader(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Whether {@code head}, the first bytes of a file, begins with the probe's header line. */
  public static boolean recognises(byte[] head) {
    String text = new String(head, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    String header = end < 0 ? text : text.substring(0, end);
    return header.startsWith("ts_ns,cpu,pid,") && header.contains(",comm,event,fsid,");
  }

  /** Reads {@code input} to its end; records that are none are handed out as lines. Failures become problems. */
  public InputStats read(Input input, BlockSink sink) {
    Reading reading = new Reading(input, sink);
    try (CountingStream bytes = new CountingStream(input.bytes());
        InputStreamReader text = new InputStreamReader(bytes, StandardCharsets.UTF_8);
        CSVParser parser =
            CSVFormat.RFC4180.builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .setAllowMissingColumnNames(true)
                .setLenientEof(true)
                .setTrailingData(true)
                .get()
                .parse(text)) {
      reading.bytes = bytes;
      reading.all(parser);
    } catch (IOException | UncheckedIOException | IllegalArgumentException | IllegalStateException e) {
      reading.failed(e);
    }
    return reading.finish();
  }

  /** The state of one call. */
  private final class Reading {
    private final Input input;
    private final BlockSink sink;
    private final EventBlock events = new EventBlock(symbols);
    private final LineBlock lines = new LineBlock();
    private final ProbeCsvText text = new ProbeCsvText();
    private final List<String> problems = new ArrayList<>();
    private final List<Evidence> headers = new ArrayList<>();
    private ProbeCsvColumns columns;
    private CountingStream bytes;
    private long line = 1;
    private long eventRecords;
    private long otherLines;

    Reading(Input input, BlockSink sink) {
      this.input = input;
      this.sink = sink;
    }

    void all(CSVParser parser) {
      List<String> names = parser.getHeaderNames();
      List<String> missing = new ArrayList<>(REQUIRED);
      missing.removeAll(names);
      headers.add(new Evidence(input.path(), 1, String.join(",", names)));
      if (!missing.isEmpty()) {
        problems.add("lacks the columns " + String.join(", ", missing) + " of the block_rsv probe; check its header.");
        return;
      }
      columns = new ProbeCsvColumns(symbols, names);
      line = parser.getCurrentLineNumber();
      begin();
      for (Iterator<CSVRecord> records = parser.iterator(); records.hasNext(); ) {
        CSVRecord record = records.next();
        long first = line + 1;
        line = Math.max(first, parser.getCurrentLineNumber());
        take(record, first);
        if (events.size() + lines.size() >= BLOCK) {
          handOut();
          begin();
        }
      }
    }

    private void begin() {
      text.clear();
      events.reset(input.path(), text.bytes());
      lines.reset(input.path(), text.bytes());
    }

    private void take(CSVRecord record, long first) {
      int from = text.length();
      text.add(record);
      if (columns.decode(record, events, first, from, text.length())) {
        eventRecords++;
      } else {
        lines.add(first, from, text.length());
        otherLines++;
      }
    }

    private void handOut() {
      if (events.size() + lines.size() > 0) {
        // The text may have moved while it grew.
        events.moveTo(text.bytes());
        lines.moveTo(text.bytes());
        sink.accept(events, lines);
      }
    }

    void failed(Exception e) {
      Throwable cause = e.getCause() instanceof IOException io ? io : e;
      if (cause instanceof IOException io && !(e instanceof IllegalStateException) && !isCsv(io)) {
        problems.add(Inputs.readProblem(io));
      } else {
        problems.add("is no well-formed CSV after line " + line + ": " + cause.getMessage() + "; what came before was read.");
      }
    }

    private boolean isCsv(IOException e) {
      return e.getClass().getName().startsWith("org.apache.commons.csv");
    }

    InputStats finish() {
      handOut();
      try {
        input.finish();
      } catch (IOException e) {
        if (problems.isEmpty()) {
          problems.add(Inputs.readProblem(e));
        }
      }
      return new InputStats(
          input.path(),
          input.storedBytes(),
          input.sha256(),
          bytes == null ? 0 : bytes.count(),
          line,
          eventRecords,
          0,
          0,
          0,
          1,
          otherLines,
          headers,
          false,
          0,
          problems);
    }
  }
}
