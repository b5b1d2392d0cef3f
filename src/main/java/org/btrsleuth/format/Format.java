package org.btrsleuth.format;

/** What produced a region of an input. {@link #id} is the name in reports and of {@code --input-format}. */
public enum Format {
  /** ftrace text: tracefs {@code trace}, {@code trace_pipe} and what trace-cmd or perf print in that shape. */
  FTRACE("ftrace"),
  /** printk text in any of its wrappings: dmesg, syslog, journal, serial console. */
  KERNEL_LOG("kernel-log"),
  /** {@code /proc/PID/stack} listings in any concatenation. */
  PROC_STACK("proc-stack"),
  /** CSV of the block_rsv probe. */
  RSV_PROBE_CSV("rsvprobe-csv"),
  /** Human text between the others. */
  PROSE("prose"),
  /** Bytes that are no text. */
  BINARY("binary");

  private final String id;

  Format(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }
}
