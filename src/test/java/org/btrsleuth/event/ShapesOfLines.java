package org.btrsleuth.event;

/** One line of every shape, so that comparisons mean something where no capture is at hand. */
final class ShapesOfLines {
  private static final String U = "795087b8-aa56-442e-a7ef-2df70d092efa";

  static final String TEXT =
      String.join(
          "\n",
          "# tracer: nop",
          "#",
          "# entries-in-buffer/entries-written: 1837/9930   #P:2",
          "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION",
          "    kworker/u8:8-9606    [000] ...1.  1786.421251: btrfs_sync_fs: " + U + ": wait=0",
          "    kworker/u8:8-9606    [000] ...1.  1786.421252: btrfs_sync_fs: " + U + ": wait=1",
          "    kworker/u8:8-9606    [001] ...1.  1786.421253: btrfs_space_reservation: " + U + ": space_info:enospc: 4 reserve 655360",
          "    kworker/u8:8-9606    [001] ....  1786.421253: btrfs_space_reservation: " + U + ": delalloc: 257 release 655360",
          "           <...>-24178   (-------) [000]   1455.181499: update_bytes_may_use: " + U + ": type=DATA old=1 diff=-1",
          "btrfs-uu-24904     0.N.1. 27490us : btrfs_sync_fs: " + U + ": wait=1",
          "      my app: io   25305   3 0 00000001 00000122 [57517ad9] 119.396ms (+0.000ms): btrfs_sync_fs: " + U + ": wait=1",
          "btrfs-uu-12678   1-0x24  1972.527546406: btrfs_sync_fs:  fsid=ARRAY[9f, 2d, 62] wait=1",
          "      btrfs-uuid-12678 [001]  1972.527546: (+9)     btrfs_sync_fs: " + U + ": wait=1",
          "capb1:            mount-14457 [001]  2011.559498: btrfs_sync_fs: " + U + ": wait=1",
          "           mount 11555/11556 [001]  2592.964014:       btrfs:btrfs_sync_fs:     " + U + ": wait=1",
          "my app: io 11555  2592.964014529:             btrfs:btrfs_sync_fs: " + U + ": wait=1",
          "\tffffffff81a34e9b flush_space+0x15b ([kernel.kallsyms])",
          "\t    7fbd4fd0d4d3 __write+0x13 (/usr/lib/libc.so.6)",
          "",
          "btrfs_sync_fs: " + U + ": wait=1",
          "      btrfs-uuid-13297 [001]5142156520045: btrfs_sync_fs: wait=0",
          "    <idle>-0 [001]-29510   [000] .....  1786.111674: sched_switch: prev_comm=<idle>-0 [001] prev_pid=29510"
              + " prev_prio=120 prev_state=D ==> next_comm=x ==> y next_pid=7 next_prio=120",
          "            bash-18  [000]  2687.527469: sched_switch:         kworker/u8:1:32 [120] R ==> cat:2412 [120]",
          "            bash-18  [000] d..2.  2687.527469: <stack trace>",
          " => a+0x12b/0x2f0",
          " => b.cold+0x1/0x2 <ffffffff81a34ccd>",
          "            bash-18  [000]  2687.527469: kernel_stack:         <stack trace >",
          "=> a (ffffffff8139e52c)",
          "            bash-18  [000] d..2.  2687.527469: <user stack trace>",
          " =>  <00007fa28d83ae5a>",
          "            bash-18  [000] d..2.  2687.527469: tracing_mark_write: fake-1 [000] 1.0: btrfs_sync_fs: wait=1",
          "second line of the same write",
          "             cc1-12386   [000] .....  2939.311817: sys_openat(dfd: 0xffffff9c, filename: 0x378065e0)",
          "             cc1-12386   [000] .....  2939.311823: sys_openat -> 0x5",
          "CPU:1 [LOST 366 EVENTS]",
          "25602 0 1467246438297 type: 1987",
          "   37.479368 |   1)   <...>-147    |   4.727 us    |        find_get_pages_range_tag();",
          " ------------------------------------------",
          "[ 1398.948781] BTRFS: device fsid bf15390b-868f-4af7-9c3d-9fb33435c27e devid 1 transid 6 /dev/loop0",
          "   dd-900 [002] .... 99.1: btrfs_trigger_flush: " + U + ": enospc: flush = 2(ALL), flags = 4(METADATA), bytes = 7",
          "   dd-900 [002] .... 99.1: btrfs_work_queued: " + U + ": work=00000000175e431c (normal_work=00) wq=(____ptrval____)",
          "   dd-900 [002] .... 99.1: btrfs_all_work_done: " + U + ": work->00000000175e431c",
          "");

  private ShapesOfLines() {}
}
