package org.btrsleuth.event;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVRecord;

/** Columns of the probe's CSV and what they mean for each event. */
final class ProbeCsvColumns {
  /** Bits of an ordered extent's flags as kernels print them since 5.15. */
  private static final String[] ORDERED_FLAGS = {
    "REGULAR", "NOCOW", "PREALLOC", "COMPRESSED", "DIRECT", "IO_DONE", "COMPLETE", "IOERR", "TRUNCATED"
  };
  private static final Object[][] RESERVES = {
    {"global_type", "global_size", Field.GLOBAL_SIZE, "global_reserved", Field.GLOBAL_RESERVED},
    {"trans_type", "trans_size", Field.TRANS_SIZE, "trans_reserved", Field.TRANS_RESERVED},
    {"chunk_type", "chunk_size", Field.CHUNK_SIZE, "chunk_reserved", Field.CHUNK_RESERVED},
    {"delayed_type", "delayed_size", Field.DELAYED_SIZE, "delayed_reserved", Field.DELAYED_RESERVED},
    {"delayed_refs_type", "delayed_refs_size", Field.DELAYED_REFS_SIZE, "delayed_refs_reserved",
        Field.DELAYED_REFS_RESERVED},
    {"inode_type", "inode_size", Field.INODE_SIZE, "inode_reserved", Field.INODE_RESERVED},
    {"handle_type", "handle_size", Field.HANDLE_SIZE, "handle_reserved", Field.HANDLE_RESERVED},
  };

  private final Symbols symbols;
  private final Map<String, Integer> index = new HashMap<>();
  private final Map<String, Integer> interned = new HashMap<>();
  private final Map<String, EventType> types = new HashMap<>();
  private CSVRecord record;
  private EventBlock events;

  ProbeCsvColumns(Symbols symbols, List<String> names) {
    this.symbols = symbols;
    for (int i = 0; i < names.size(); i++) {
      index.putIfAbsent(names.get(i), i);
    }
  }

  /** Adds the event of {@code record}; false if its first columns are no numbers or it names no event. */
  boolean decode(CSVRecord record, EventBlock events, long line, int from, int to) {
    this.record = record;
    this.events = events;
    String name = cell("event");
    if (name.isEmpty() || !isNumber("ts_ns") || !isNumber("cpu") || !isNumber("pid")) {
      return false;
    }
    EventType type = types.computeIfAbsent(name, EventType::of);
    events.begin(
        type,
        symbol(name),
        number("ts_ns"),
        (int) number("cpu"),
        (int) number("pid"),
        symbol(cell("comm")),
        line,
        from,
        to);
    String fsid = cell("fsid");
    if (!fsid.isEmpty()) {
      events.setFsid(symbol(fsid));
    }
    fields(type);
    state();
    return true;
  }

  private void fields(EventType type) {
    switch (type) {
      case SPACE_RESERVATION -> {
        events.field(Field.RSV, 0, symbol(cell("rsv_name")));
        copy("val", Field.VAL);
        copy("ret", Field.RESERVE);
        copy("bytes", Field.BYTES);
      }
      case UPDATE_BYTES_MAY_USE, UPDATE_BYTES_PINNED, UPDATE_BYTES_ZONE_UNUSABLE -> {
        events.field(Field.TYPE, number("si_flags"), symbol(spaceName(number("si_flags"))));
        copy("old", Field.OLD);
        copy("diff", Field.DIFF);
      }
      case INODE_MOD_OUTSTANDING_EXTENTS -> {
        inode();
        copy("diff", Field.MOD);
        copy("outstanding_extents", Field.OUTSTANDING);
      }
      case ORDERED_EXTENT_ADD, ORDERED_EXTENT_START, ORDERED_EXTENT_REMOVE, ORDERED_EXTENT_PUT, ORDERED_EXTENT_SPLIT,
          ORDERED_EXTENT_MARK_FINISHED -> {
        inode();
        copy("oe_offset", Field.FILE_OFFSET);
        copy("oe_len", Field.LEN);
        copy("val", Field.START);
        copy("bytes", Field.DISK_LEN);
        copy("oe_bytes_left", Field.BYTES_LEFT);
        events.field(Field.FLAGS, number("oe_flags"), symbol(orderedFlags(number("oe_flags"))));
      }
      case FINISH_ORDERED_EXTENT -> {
        inode();
        copy("oe_offset", Field.START);
        copy("oe_len", Field.LEN);
        copy("ret", Field.UPTODATE);
      }
      case FLUSH_SPACE -> {
        copy("flush", Field.STATE);
        copy("flags", Field.FLAGS);
        copy("bytes", Field.BYTES);
        copy("ret", Field.RET);
      }
      case TRIGGER_FLUSH -> {
        events.field(Field.REASON, 0, symbol(cell("rsv_name")));
        copy("flush", Field.FLUSH);
        copy("flags", Field.FLAGS);
        copy("bytes", Field.BYTES);
      }
      case RESERVE_TICKET -> {
        events.field(Field.FLAGS, number("flags"), symbol(spaceName(number("flags"))));
        copy("bytes", Field.BYTES);
        copy("start_ns", Field.START_NS);
        copy("flush", Field.FLUSH);
        copy("ret", Field.ERROR);
      }
      case TRANSACTION_COMMIT -> copy("val", Field.GEN);
      default -> inode();
    }
  }

  private void inode() {
    if (number("ino") != 0) {
      copy("root", Field.ROOT);
      copy("ino", Field.INO);
    }
  }

  /** What the probe read beside the event. A reserve that it could not reach has no type. */
  private void state() {
    for (Object[] reserve : RESERVES) {
      String type = cell((String) reserve[0]);
      if (!type.isEmpty()) {
        copy((String) reserve[1], (Field) reserve[2]);
        copy((String) reserve[3], (Field) reserve[4]);
      }
    }
    String handle = cell("handle_type");
    if (!handle.isEmpty()) {
      events.field(Field.HANDLE_TYPE, 0, symbol(handle));
    }
    if (number("transid") != 0) {
      copy("transid", Field.TRANSID);
      copy("trans_bytes_reserved", Field.TRANS_BYTES_RESERVED);
    }
    if (!cell("inode_type").isEmpty()) {
      copy("csum_bytes", Field.CSUM_BYTES);
      copy("delalloc_bytes", Field.INODE_DELALLOC_BYTES);
      if (events.type(events.size() - 1) != EventType.INODE_MOD_OUTSTANDING_EXTENTS) {
        copy("outstanding_extents", Field.OUTSTANDING);
      }
    }
    if (number("si_flags") != 0) {
      copy("si_flags", Field.SI_FLAGS);
      copy("si_total", Field.TOTAL_BYTES);
      copy("si_used", Field.BYTES_USED);
      copy("si_pinned", Field.BYTES_PINNED);
      copy("si_reserved", Field.BYTES_RESERVED);
      copy("si_may_use", Field.BYTES_MAY_USE);
      copy("si_readonly", Field.BYTES_READONLY);
      copy("si_reclaim_size", Field.RECLAIM_SIZE);
    }
  }

  private static String spaceName(long flags) {
    return switch ((int) flags & 7) {
      case 1 -> "DATA";
      case 2 -> "SYSTEM";
      case 4 -> "METADATA";
      case 5 -> "DATA|METADATA";
      default -> "";
    };
  }

  private static String orderedFlags(long flags) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < ORDERED_FLAGS.length; bit++) {
      if ((flags >> bit & 1) != 0) {
        text.append(text.length() == 0 ? "" : "|").append(ORDERED_FLAGS[bit]);
      }
    }
    return text.toString();
  }

  private void copy(String column, Field field) {
    if (isNumber(column)) {
      events.field(field, number(column), Symbols.NONE);
    }
  }

  private String cell(String column) {
    Integer i = index.get(column);
    return i == null || i >= record.size() ? "" : record.get(i);
  }

  private boolean isNumber(String column) {
    String cell = cell(column);
    int from = cell.startsWith("-") ? 1 : 0;
    if (cell.length() == from || cell.length() > 20) {
      return false;
    }
    for (int i = from; i < cell.length(); i++) {
      if (cell.charAt(i) < '0' || cell.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Unsigned values above 2^63 keep their bits. */
  private long number(String column) {
    String cell = cell(column);
    if (cell.isEmpty()) {
      return 0;
    }
    try {
      return cell.charAt(0) == '-' ? Long.parseLong(cell) : Long.parseUnsignedLong(cell);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private int symbol(String text) {
    if (text.isEmpty()) {
      return Symbols.NONE;
    }
    Integer id = interned.get(text);
    if (id == null) {
      id = symbols.intern(text);
      interned.put(text, id);
    }
    return id;
  }
}
