package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every shape of a trace line, on lines of genuine captures. */
class TraceReaderTest {
  private static final String U = "795087b8-aa56-442e-a7ef-2df70d092efa";

  private static void event(String line, String expected) {
    Read read = Read.text(line);
    assertThat(read.events).as(line).containsExactly("1 " + expected);
    assertThat(read.others).isEmpty();
  }

  @Test
  void columns_of_all_producers() {
    String text = ": btrfs_sync_fs: " + U + ": wait=1";
    String to = " fsid=" + U + " WAIT=1";
    event("    kworker/u8:8-9606    [000] ...1.  1786.421251" + text,
        "SYNC_FS btrfs_sync_fs t=1786421251000 cpu=0 pid=9606 [kworker/u8:8]" + to);
    event("    kworker/u8:8-9606    [012] d..1  1786.421251" + text,
        "SYNC_FS btrfs_sync_fs t=1786421251000 cpu=12 pid=9606 [kworker/u8:8]" + to);
    event("    kworker/u8:8-9606    (   9600) [000] .N...  1786.421251" + text,
        "SYNC_FS btrfs_sync_fs t=1786421251000 cpu=0 pid=9606 [kworker/u8:8]" + to);
    event("           mount-24178   (-------) [000]   1455.181499" + text,
        "SYNC_FS btrfs_sync_fs t=1455181499000 cpu=0 pid=24178 [mount]" + to);
    event("           <...>-24178   [000]   1455.181499" + text,
        "SYNC_FS btrfs_sync_fs t=1455181499000 cpu=0 pid=24178 [<...>]" + to);
    event("btrfs-uu-24904     0.N.1. 27490us :" + text.substring(1),
        "SYNC_FS btrfs_sync_fs t=27490000 cpu=0 pid=24904 [btrfs-uu]" + to);
    event("btrfs-uu-24904    13d.s41 27490us+:" + text.substring(1),
        "SYNC_FS btrfs_sync_fs t=27490000 cpu=13 pid=24904 [btrfs-uu]" + to);
    event("      my app: io   25305   3 0 00000001 00000122 [57517ad9] 119.396ms (+0.000ms)" + text,
        "SYNC_FS btrfs_sync_fs t=119396000 cpu=3 pid=25305 [my app: io]" + to);
    event("      btrfs-uuid-12678 [001]  1972.527546406" + text,
        "SYNC_FS btrfs_sync_fs t=1972527546406 cpu=1 pid=12678 [btrfs-uuid]" + to);
    event("btrfs-uu-12678   1.N.1.  1972.527546" + text,
        "SYNC_FS btrfs_sync_fs t=1972527546000 cpu=1 pid=12678 [btrfs-uu]" + to);
    event("btrfs-uu-12678   1-0x24  1972.527546406" + text,
        "SYNC_FS btrfs_sync_fs t=1972527546406 cpu=1 pid=12678 [btrfs-uu]" + to);
    event("      btrfs-uuid-12678 [001]  1972.527546: (+9)     btrfs_sync_fs: " + U + ": wait=1",
        "SYNC_FS btrfs_sync_fs t=1972527546000 cpu=1 pid=12678 [btrfs-uuid]" + to);
    event("capb1:            mount-14457 [001]  2011.559498" + text,
        "SYNC_FS btrfs_sync_fs t=2011559498000 cpu=1 pid=14457 [mount]" + to);
    event("           mount 11555 [001]  2592.964014:             btrfs:btrfs_sync_fs: " + U + ": wait=1",
        "SYNC_FS btrfs_sync_fs t=2592964014000 cpu=1 pid=11555 [mount]" + to);
    event("           mount 11555/11556 [001]  2592.964014:       btrfs:btrfs_sync_fs:     " + U + ": wait=1",
        "SYNC_FS btrfs_sync_fs t=2592964014000 cpu=1 pid=11556 [mount]" + to);
    event("my app: io 11555  2592.964014529:             btrfs:btrfs_sync_fs: " + U + ": wait=1",
        "SYNC_FS btrfs_sync_fs t=2592964014529 pid=11555 [my app: io]" + to);
    event("btrfs_sync_fs: " + U + ": wait=1", "SYNC_FS btrfs_sync_fs []" + to);
  }

  @Test
  void clocks_without_unit_stay_counts() {
    event("    comm=x pid=1-31431   [001] ...1. 3842737784846: btrfs_sync_fs: wait=0",
        "SYNC_FS btrfs_sync_fs t=3842737784846 cpu=1 pid=31431 [comm=x pid=1] WAIT=0");
    event("      btrfs-uuid-13297 [001]5142156520045: btrfs_sync_fs: wait=0",
        "SYNC_FS btrfs_sync_fs t=5142156520045 cpu=1 pid=13297 [btrfs-uuid] WAIT=0");
    event("              dd-26686   [001] ...1.          293: btrfs_sync_fs: wait=0",
        "SYNC_FS btrfs_sync_fs t=293 cpu=1 pid=26686 [dd] WAIT=0");
    // a double would round this
    event("              dd-26686 [001] 1700000000.123456789: btrfs_sync_fs: wait=0",
        "SYNC_FS btrfs_sync_fs t=1700000000123456789 cpu=1 pid=26686 [dd] WAIT=0");
  }

  @Test
  void task_names_may_hold_anything() {
    String rest = "-29510   [000] .....  1786.111674: btrfs_sync_fs: wait=0";
    String[] names = {
      "my app: io", "a->b [x] (1)", "<idle>-0 [001]", "=> fake+0x1/0x2", "[002] d..1 9.9:", "x ==> y", "-", "1234", "#x",
      "<stack trace>", "a-1 [000]", "CPU:1 [LOST 3", "btrfs_x: a=b", "é\u001b"
    };
    for (String name : names) {
      String padded = name.length() < 16 ? " ".repeat(16 - name.length()) + name : name;
      event(padded + rest, "SYNC_FS btrfs_sync_fs t=1786111674000 cpu=0 pid=29510 [" + name + "] WAIT=0");
    }
    event("                " + rest, "SYNC_FS btrfs_sync_fs t=1786111674000 cpu=0 pid=29510 [] WAIT=0");
    Read split = Read.text("             a", "b" + rest);
    assertThat(split.events).containsExactly("2 SYNC_FS btrfs_sync_fs t=1786111674000 cpu=0 pid=29510 [b] WAIT=0");
    assertThat(split.others).containsExactly("1:             a");
  }

  @Test
  void reservations() {
    String head = "              dd-900   [001] ....    99.400000: ";
    String to = "99400000000 cpu=1 pid=900 [dd] fsid=" + U;
    event(head + "btrfs_space_reservation: " + U + ": space_info:enospc: 5 reserve 983040",
        "SPACE_RESERVATION btrfs_space_reservation t=" + to + " RSV=0(space_info:enospc) VAL=5 RESERVE=1 BYTES=983040");
    event(head + "btrfs_space_reservation: " + U + ": delalloc: 257 release 0",
        "SPACE_RESERVATION btrfs_space_reservation t=" + to + " RSV=0(delalloc) VAL=257 RESERVE=0 BYTES=0");
    event(head + "btrfs_space_reservation: fsid=<INVALID-SIZE> type=space_info val=0x4 (4) bytes=0xa0000 (655360) reserve=0x1 (1)",
        "SPACE_RESERVATION btrfs_space_reservation t=99400000000 cpu=1 pid=900 [dd]"
            + " RSV=0(space_info) VAL=4 RESERVE=1 BYTES=655360");
    event(head + "btrfs_space_reservation:  fsid=ARRAY[79, 50, 87, b8, aa, 56, 44, 2e, a7, ef, 2d, f7, 0d, 09, 2e, fa]"
            + " type=space_info val=4 bytes=655360 reserve=0",
        "SPACE_RESERVATION btrfs_space_reservation t=" + to + " RSV=0(space_info) VAL=4 RESERVE=0 BYTES=655360");
    event(head + "update_bytes_may_use: " + U + ": type=DATA|METADATA old=5767168 diff=-655360",
        "UPDATE_BYTES_MAY_USE update_bytes_may_use t=" + to + " TYPE=0(DATA|METADATA) OLD=5767168 DIFF=-655360");
  }

  @Test
  void texts_of_all_eras() {
    String head = "              dd-900   [001] ....    99.400000: ";
    String to = " t=99400000000 cpu=1 pid=900 [dd]";
    event(head + "btrfs_ordered_extent_add: root = 5(FS_TREE), ino = 257, file_offset = 0, start = 12582912, flags = , refs = 1",
        "ORDERED_EXTENT_ADD btrfs_ordered_extent_add" + to
            + " ROOT=5(FS_TREE) INO=257 FLAGS=0 FILE_OFFSET=0 START=12582912 REFS=1");
    event(head + "btrfs_ordered_extent_add: " + U + ": root=18446744073709551607(DATA_RELOC_TREE) ino=257"
            + " truncated_len=18446744073709551615 flags=REGULAR|DIRECT",
        "ORDERED_EXTENT_ADD btrfs_ordered_extent_add" + to + " fsid=" + U
            + " ROOT=-9(DATA_RELOC_TREE) INO=257 FLAGS=0(REGULAR|DIRECT) TRUNCATED_LEN=-1");
    event(head + "btrfs_inode_mod_outstanding_extents: " + U + ": root=257(-) ino=257 mod=-1 outstanding=0",
        "INODE_MOD_OUTSTANDING_EXTENTS btrfs_inode_mod_outstanding_extents" + to + " fsid=" + U
            + " ROOT=257 INO=257 MOD=-1 OUTSTANDING=0");
    event(head + "btrfs_trigger_flush: " + U + ": enospc: flush=3(0x3) flags=4(METADATA) bytes=4096",
        "TRIGGER_FLUSH btrfs_trigger_flush" + to + " fsid=" + U
            + " REASON=0(enospc) BYTES=4096 FLAGS=4(METADATA) FLUSH=3");
    event(head + "btrfs_trigger_flush: " + U
            + ": preempt: flush = 2(BTRFS_RESERVE_FLUSH_ALL), flags = 4(METADATA), bytes = 786432",
        "TRIGGER_FLUSH btrfs_trigger_flush" + to + " fsid=" + U
            + " REASON=0(preempt) BYTES=786432 FLAGS=4(METADATA) FLUSH=2(BTRFS_RESERVE_FLUSH_ALL)");
    event(head + "btrfs_flush_space: " + U + ": state=9(ALLOC_CHUNK_FORCE) flags=1(DATA) num_bytes=1048576 ret=-28 for_preempt=0",
        "FLUSH_SPACE btrfs_flush_space" + to + " fsid=" + U
            + " BYTES=1048576 FLAGS=1(DATA) STATE=9(ALLOC_CHUNK_FORCE) RET=-28 FOR_PREEMPT=0");
    event(head + "btrfs_reserve_ticket: " + U + ": flags=DATA bytes=4096 start_ns=4059045855723 flush=0x3 error=-4",
        "RESERVE_TICKET btrfs_reserve_ticket" + to + " fsid=" + U
            + " BYTES=4096 FLAGS=0(DATA) FLUSH=3 START_NS=4059045855723 ERROR=-4");
    event(head + "btrfs_cow_block: " + U + ": root=5(FS_TREE) refs=1 orig_buf=30408704 (orig_level=0) cow_buf=30474240 (cow_level=0)",
        "COW_BLOCK btrfs_cow_block" + to + " fsid=" + U
            + " ROOT=5(FS_TREE) REFS=1 ORIG_BUF=30408704 COW_BUF=30474240 ORIG_LEVEL=0 COW_LEVEL=0");
    event(head + "btrfs_work_queued: " + U + ": work=000000000000175e (normal_work=ffff888000000020) wq=(____ptrval____)"
            + " func=btrfs_run_delalloc_work ordered_func=0000000000000000",
        "WORK_QUEUED btrfs_work_queued" + to + " fsid=" + U
            + " WORK=5982 NORMAL_WORK=-131391639519200 WQ=0((____ptrval____)) FUNC=0(btrfs_run_delalloc_work)");
    event(head + "btrfs_all_work_done: " + U + ": work->000000000000175e",
        "ALL_WORK_DONE btrfs_all_work_done" + to + " fsid=" + U + " WORK=5982");
    event(head + "run_delayed_ref_head: " + U + ": bytenr=6225920 num_bytes=16384 action=0x0 is_data=0",
        "RUN_DELAYED_REF_HEAD run_delayed_ref_head" + to + " fsid=" + U
            + " BYTES=16384 ACTION=0 IS_DATA=0 BYTENR=6225920");
    event(head + "btrfs_set_extent_bit: " + U + ": io_tree=INODE_IO ino=257 root=5 start=0 len=4096 set_bits=LOCKED|0x8000",
        "SET_EXTENT_BIT btrfs_set_extent_bit" + to + " fsid=" + U
            + " ROOT=5 INO=257 START=0 LEN=4096 IO_TREE=0(INODE_IO) SET_BITS=0(LOCKED|0x8000)");
  }

  @Test
  void task_switches() {
    String head = "            bash-18  [000] d..2.  2687.527469: ";
    String to = "SCHED_SWITCH sched_switch t=2687527469000 cpu=0 pid=18 [bash]";
    event(head + "sched_switch: prev_comm=my app: io prev_pid=18 prev_prio=120 prev_state=D ==> next_comm=x ==> y next_pid=7 next_prio=120",
        to + " PREV_COMM=0(my app: io) PREV_PID=18 PREV_STATE=0(D) NEXT_COMM=0(x ==> y) NEXT_PID=7");
    event(head + "sched_switch:         kworker/u8:1:32 [120] R ==> cat:2412 [120]",
        to + " PREV_COMM=0(kworker/u8:1) PREV_PID=32 PREV_STATE=0(R) NEXT_COMM=0(cat) NEXT_PID=2412");
    event(head + "sched_switch:          prev_comm=a prev_pid=1 prev_prio=120 prev_state=2 next_comm=b next_pid=3 next_prio=120",
        to + " PREV_COMM=0(a) PREV_PID=1 PREV_STATE=2 NEXT_COMM=0(b) NEXT_PID=3");
  }

  @Test
  void stacks() {
    String head = "            bash-18536 [000] d..2.  2687.527469: ";
    String to = " KERNEL_STACK kernel_stack t=2687527469000 cpu=0 pid=18536 [bash] stack=a<b.cold<c";
    Read read =
        Read.text(
            head + "<stack trace>", " => a", " => b.cold", " => c",
            head + "<stack trace>", " => a+0x12b/0x2f0", " => b.cold+0x1/0x2 <ffffffff81a34ccd>", " => c <ffffffff81a34ccd>",
            head + "kernel_stack:         <stack trace >", "=> a (ffffffff8139e52c)", "=> b.cold (ffffffff8139e52c)", "=> c (1)",
            head + "<user stack trace>", " =>  <00007fa28d83ae5a>",
            head + "sched_waking: comm=x pid=1");
    assertThat(read.events)
        .containsExactly(
            "1" + to, "5" + to, "9" + to,
            "13 OTHER user_stack t=2687527469000 cpu=0 pid=18536 [bash]",
            "15 OTHER sched_waking t=2687527469000 cpu=0 pid=18536 [bash]");
    assertThat(read.others).isEmpty();
    assertThat(read.stats.stackLines()).isEqualTo(10);
    assertThat(read.stats.userFrames()).isEqualTo(1);
  }

  @Test
  void call_chains_of_perf() {
    Read read =
        Read.text(
            "kworker/u8:7-wr 13468 [001]  2599.091549:        btrfs:btrfs_sync_fs: wait=1",
            "\tffffffff81a34e9b flush_space+0x15b ([kernel.kallsyms])",
            "\tffffffff81a36143 do_async_reclaim_data_space+0x53 ([kernel.kallsyms])",
            "\t    7fbd4fd0d4d3 __write+0x13 (/usr/lib/libc.so.6)",
            "",
            "",
            "\tffffffff81a34e9b orphan+0x15b ([kernel.kallsyms])");
    assertThat(read.events)
        .containsExactly(
            "1 SYNC_FS btrfs_sync_fs t=2599091549000 cpu=1 pid=13468 [kworker/u8:7-wr] WAIT=1",
            "2 KERNEL_STACK kernel_stack t=2599091549000 cpu=1 pid=13468 [kworker/u8:7-wr]"
                + " stack=flush_space<do_async_reclaim_data_space");
    assertThat(read.others)
        .containsExactly("6:", "7:\tffffffff81a34e9b orphan+0x15b ([kernel.kallsyms])");
  }

  @Test
  void losses() {
    Read read =
        Read.text(
            "# tracer: nop", "#", "# entries-in-buffer/entries-written: 1837/9930   #P:2",
            "CPU:1 [LOST 366 EVENTS]", "CPU:0 [LOST EVENTS]", "CPU:3 [12 EVENTS DROPPED]",
            "# entries-in-buffer/entries-written: 6537/6537   #P:2");
    assertThat(read.events)
        .containsExactly(
            "3 LOST lost [] COUNT=8093", "4 LOST lost cpu=1 [] COUNT=366", "5 LOST lost cpu=0 [] COUNT=-1",
            "6 LOST lost cpu=3 [] COUNT=12");
    assertThat(read.stats.headerLines()).isEqualTo(3);
    assertThat(read.stats.headers()).extracting(e -> e.line()).containsExactly(1L, 2L, 7L);
  }

  @Test
  void lines_of_no_trace_are_handed_out() {
    String[] log = {
      "[ 1398.948781] BTRFS: device fsid bf15390b-868f-4af7-9c3d-9fb33435c27e devid 1 transid 6 /dev/loop0",
      "", "Nov 20 12:31:01 host-1 kernel[12]: [ 12.345678] INFO: task sync:12 blocked for more than 120 seconds.",
      "# cat /proc/12/stack", "[<0>] btrfs_commit_transaction+0x1/0x2 [btrfs]", "btrfs_finish_ordered_io: hello", "  ",
      " => orphan", "foo-12 [000] not a trace", "foo-12 [000] ....  12.000000: ", "a\rb", "\r", "caf\u00e9"
    };
    Read read = Read.text(log);
    assertThat(read.events).isEmpty();
    String[] expected = new String[log.length];
    for (int i = 0; i < log.length; i++) {
      expected[i] = i + 1 + ":" + (log[i].equals("\r") ? "" : log[i]);
    }
    assertThat(read.others).containsExactly(expected);
    assertThat(read.stats.otherLines()).isEqualTo(log.length);
  }

  @Test
  void a_reader_goes_on_after_a_sink_that_failed() {
    byte[] text = "              dd-26686   [001] ...1.          293: btrfs_sync_fs: wait=0\n".repeat(500)
        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    TraceReader reader = new TraceReader(new Symbols(), new StackTable(), Read.options(3, 256, false));
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> reader.read(input(text), (events, lines) -> {
              throw new IllegalArgumentException("full");
            }))
        .hasMessage("full");
    long[] events = new long[1];
    for (int i = 1; i <= 3; i++) {
      InputStats stats = reader.read(input(text), (block, lines) -> events[0] += block.size());
      assertThat(stats.eventLines()).isEqualTo(500);
      assertThat(events[0]).isEqualTo(500L * i);
    }
  }

  private static org.btrsleuth.source.Input input(byte[] text) {
    return org.btrsleuth.source.Input.of("test", Corpus.stream(text));
  }
}
