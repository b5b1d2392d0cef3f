#!/bin/sh
# Records the reservation events of btrfs, for ENOSPC that should not be. Run as root on the affected host:
#
#   sh enospc.sh SECONDS     records that long (default 60), writes btrsleuth-enospc-DATE.tar.gz
#   sh enospc.sh start       records until 'sh enospc.sh stop'; the oldest events go first when the buffer is full
#   sh enospc.sh stop
#
# Best started before the file system is mounted: then the replay knows absolute values, not only changes.
# Mounting with -o enospc_debug adds the kernel's own account of every ENOSPC to its log.
# It uses a tracefs instance of its own. Set OUT to a directory on another file system, BUFFER_KB for a larger
# buffer per CPU (default 65536).
#
# Run on Linux 6.18 with a small btrfs on a loop device: all of it.
set -u

OUT=${OUT:-/tmp}
BUFFER_KB=${BUFFER_KB:-65536}
NAME=btrsleuth-enospc-$(date +%Y%m%d-%H%M%S)

# name, first and last kernel that has it (- is open); those that this kernel lacks are left out
EVENTS='
btrfs_space_reservation 3.3 -
update_bytes_may_use 5.3 -
update_bytes_pinned 5.3 -
btrfs_inode_mod_outstanding_extents 4.15 -
btrfs_ordered_extent_add 3.0 -
btrfs_ordered_extent_start 3.0 -
btrfs_ordered_extent_remove 3.0 -
btrfs_ordered_extent_put 3.0 -
btrfs_finish_ordered_extent 6.6 -
btrfs_cow_block 3.0 -
btrfs_reserve_extent 3.0 -
run_delayed_tree_ref 3.13 -
run_delayed_data_ref 3.13 -
btrfs_reserved_extent_free 3.0 -
btrfs_chunk_alloc 3.0 -
btrfs_chunk_free 3.0 -
btrfs_trigger_flush 4.9 -
btrfs_flush_space 4.9 -
btrfs_reserve_ticket 5.15 -
btrfs_fail_all_tickets 5.15 -
btrfs_done_preemptive_reclaim 5.15 -
btrfs_transaction_commit 3.0 -
btrfs_work_queued 3.18 -
btrfs_work_sched 3.18 -
btrfs_all_work_done 3.18 -
__extent_writepage 3.0 6.11
extent_writepage 6.12 -
btrfs_inode_new 3.0 -
btrfs_inode_evict 3.0 -
'

[ "$(id -u)" -eq 0 ] || { echo "run this as root" >&2; exit 1; }

tracefs() {
  for t in /sys/kernel/tracing /sys/kernel/debug/tracing; do
    [ -d "$t/events/btrfs" ] && { echo "$t"; return 0; }
  done
  mount -t tracefs nodev /sys/kernel/tracing 2>/dev/null || mount -t debugfs nodev /sys/kernel/debug 2>/dev/null
  for t in /sys/kernel/tracing /sys/kernel/debug/tracing; do
    [ -d "$t/events/btrfs" ] && { echo "$t"; return 0; }
  done
  return 1
}

instance() {
  t=$(tracefs) || { echo "no tracefs with btrfs events here; load btrfs first" >&2; return 1; }
  if [ -d "$t/instances" ] && mkdir -p "$t/instances/btrsleuth-enospc" 2>/dev/null; then
    echo "$t/instances/btrsleuth-enospc"
  else
    echo "$t"
  fi
}

start() {
  i=$(instance) || exit 1
  echo 0 >"$i/tracing_on"
  echo >"$i/set_event"
  echo >"$i/trace"
  echo "$BUFFER_KB" >"$i/buffer_size_kb"
  # One clock for all CPUs whose times are those of the kernel log.
  grep -qw mono "$i/trace_clock" && echo mono >"$i/trace_clock"
  echo "$EVENTS" | while read -r event _; do
    [ -n "$event" ] || continue
    [ -e "$i/events/btrfs/$event/enable" ] && echo 1 >"$i/events/btrfs/$event/enable"
  done
  echo 1 >"$i/tracing_on"
  echo "recording $(grep -c . "$i/set_event") events"
}

# The kernel's own figures, as anchors for the replay.
space() {
  for fs in /sys/fs/btrfs/*-*-*-*-*; do
    [ -d "$fs/allocation" ] || continue
    echo "== ${fs##*/}"
    for file in "$fs"/allocation/* "$fs"/allocation/data/* "$fs"/allocation/metadata/* "$fs"/allocation/system/*; do
      [ -f "$file" ] && echo "${file#"$fs/"}: $(cat "$file" 2>/dev/null)"
    done
  done
}

stop() {
  i=$(instance) || exit 1
  echo 0 >"$i/tracing_on"
  dir=$OUT/$NAME
  mkdir -p "$dir" || exit 1
  cat "$i/trace" >"$dir/trace.txt"
  # Whether the buffer lost anything; the analysis needs to know.
  for cpu in "$i"/per_cpu/cpu*; do
    echo "${cpu##*/}: $(grep -E 'overrun|dropped' "$cpu/stats" | tr '\n' ' ')"
  done >"$dir/stats.txt" 2>/dev/null
  echo >"$i/set_event"
  echo >"$i/trace"
  case $i in */instances/btrsleuth-enospc) rmdir "$i" 2>/dev/null ;; esac
  uname -srvm >"$dir/uname.txt"
  space >"$dir/space.txt" 2>/dev/null
  dmesg >"$dir/dmesg.txt" 2>/dev/null
  find "$dir" -type f -size 0 -exec rm -f {} +
  (cd "$OUT" && tar czf "$NAME.tar.gz" "$NAME"/* && rm -rf "$NAME")
  echo "written: $OUT/$NAME.tar.gz"
  echo "analyse it with: btrsleuth analyze $NAME.tar.gz"
}

case ${1:-60} in
  start) start ;;
  stop) stop ;;
  *[!0-9]*) echo "usage: sh $0 [SECONDS|start|stop]" >&2; exit 2 ;;
  *)
    start
    trap 'stop; exit 130' INT TERM
    sleep "${1:-60}"
    trap - INT TERM
    stop
    ;;
esac
