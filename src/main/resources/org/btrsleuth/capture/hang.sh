#!/bin/sh
# Records what an analysis of a btrfs hang needs. Run as root on the affected host:
#
#   sh hang.sh            while it hangs: takes all evidence, about 40 seconds, writes btrsleuth-hang-DATE.tar.gz
#   sh hang.sh arm        before it hangs: lets a trace run as a flight recorder; then 'sh hang.sh' when it hangs
#   sh hang.sh disarm     ends that trace without taking anything
#
# The first run alone is enough to find a deadlock. The trace names inode and page, too.
# It changes nothing but a tracefs instance of its own, and does not touch the hanging file system: no command here
# opens a file on it. Write the output to another file system (set OUT).
#
# Run on Linux 6.18 with a small btrfs on a loop device: all but sysrq, which that kernel is built without.
set -u

OUT=${OUT:-/tmp}
DUMPS=${DUMPS:-2}
PAUSE=${PAUSE:-30}
NAME=btrsleuth-hang-$(date +%Y%m%d-%H%M%S)

# name, first and last kernel that has it (- is open); those that this kernel lacks are left out
EVENTS='
__extent_writepage 3.0 6.11
extent_writepage 6.12 -
btrfs_writepage_end_io_hook 3.0 -
btrfs_ordered_extent_add 3.0 -
btrfs_ordered_extent_start 3.0 -
btrfs_ordered_extent_remove 3.0 -
btrfs_transaction_commit 3.0 -
btrfs_sync_file 3.0 -
btrfs_work_queued 3.18 -
btrfs_work_sched 3.18 -
btrfs_ordered_sched 3.18 -
btrfs_all_work_done 3.18 -
btrfs_trigger_flush 4.9 -
btrfs_flush_space 4.9 -
btrfs_reserve_ticket 5.15 -
btrfs_fail_all_tickets 5.15 -
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

# An instance of its own (Linux 3.10 and newer) leaves other traces alone; before that the one global trace is used.
instance() {
  t=$(tracefs) || return 1
  if [ -d "$t/instances" ] && mkdir -p "$t/instances/btrsleuth-hang" 2>/dev/null; then
    echo "$t/instances/btrsleuth-hang"
  else
    echo "$t"
  fi
}

arm() {
  i=$(instance) || { echo "no tracefs with btrfs events here (is btrfs loaded?); nothing armed" >&2; exit 1; }
  echo 0 >"$i/tracing_on"
  echo >"$i/trace"
  echo "${BUFFER_KB:-8192}" >"$i/buffer_size_kb"
  echo "$EVENTS" | while read -r event _; do
    if [ -n "$event" ] && [ -e "$i/events/btrfs/$event/enable" ]; then
      echo 1 >"$i/events/btrfs/$event/enable" && echo "recording btrfs:$event"
    fi
  done
  # Who goes to sleep uninterruptibly, with its stack: only state D, so that the buffer lasts.
  if [ -e "$i/events/sched/sched_switch/filter" ]; then
    echo 'prev_state == 2' >"$i/events/sched/sched_switch/filter" 2>/dev/null &&
      echo 1 >"$i/events/sched/sched_switch/enable"
    [ -e "$i/events/sched/sched_switch/trigger" ] &&
      echo 'stacktrace if prev_state == 2' >"$i/events/sched/sched_switch/trigger" 2>/dev/null
  fi
  echo 1 >"$i/tracing_on"
  echo "armed; run 'sh $0' when it hangs, or 'sh $0 disarm'"
}

disarm() {
  i=$(instance) || return 0
  echo 0 >"$i/tracing_on"
  [ -e "$i/events/sched/sched_switch/trigger" ] &&
    echo '!stacktrace' >"$i/events/sched/sched_switch/trigger" 2>/dev/null
  echo >"$i/set_event"
  [ -e "$i/events/sched/sched_switch/filter" ] && echo 0 >"$i/events/sched/sched_switch/filter" 2>/dev/null
  case $i in */instances/btrsleuth-hang) rmdir "$i" 2>/dev/null ;; esac
  return 0
}

# Stacks of all threads in state D (ALL=1: of all threads), in one file.
stacks() {
  # Kernel time, so that it can be told how long a task waits.
  echo "##### $(date -u +%Y-%m-%dT%H:%M:%S) uptime $(cut -d' ' -f1 /proc/uptime)"
  for task in /proc/[0-9]*/task/[0-9]*; do
    state=$(sed -n 's/^State:[[:space:]]*//p' "$task/status" 2>/dev/null) || continue
    case $state in
      D*) ;;
      *) [ "${ALL:-0}" = 1 ] || continue ;;
    esac
    echo "=== pid ${task##*/} comm $(cat "$task/comm" 2>/dev/null) state $state wchan $(cat "$task/wchan" 2>/dev/null)"
    cat "$task/stack" 2>/dev/null
    echo
  done
}

# From sysfs only: the tools of btrfs-progs would open the hanging file system.
space() {
  for fs in /sys/fs/btrfs/*-*-*-*-*; do
    [ -d "$fs/allocation" ] || continue
    echo "== ${fs##*/}"
    for file in "$fs"/allocation/* "$fs"/allocation/data/* "$fs"/allocation/metadata/* "$fs"/allocation/system/*; do
      [ -f "$file" ] && echo "${file#"$fs/"}: $(cat "$file" 2>/dev/null)"
    done
  done
}

collect() {
  dir=$OUT/$NAME
  mkdir -p "$dir" || exit 1
  uname -srvm >"$dir/uname.txt"
  cat /proc/version >"$dir/version.txt" 2>/dev/null
  grep ' btrfs ' /proc/mounts >"$dir/mounts.txt" 2>/dev/null
  space >"$dir/space.txt" 2>/dev/null
  # The ring buffer of the log may be smaller than a dump: follow it while the dumps are printed.
  follower=
  if dmesg -w </dev/null >"$dir/dmesg.txt" 2>/dev/null & then
    follower=$!
  fi
  n=1
  while [ "$n" -le "$DUMPS" ]; do
    echo "dump $n of $DUMPS"
    stacks >"$dir/stacks.$n.txt"
    grep -q '^=== pid' "$dir/stacks.$n.txt" || echo "no thread is in state D at this moment"
    echo w >/proc/sysrq-trigger 2>/dev/null || echo "sysrq is not allowed here; the stacks must do" >&2
    [ "$n" -lt "$DUMPS" ] && sleep "$PAUSE"
    n=$((n + 1))
  done
  sleep 2
  [ -n "$follower" ] && kill "$follower" 2>/dev/null
  [ -s "$dir/dmesg.txt" ] || dmesg >"$dir/dmesg.txt"
  if t=$(tracefs) && [ -d "$t/instances/btrsleuth-hang" ]; then
    cat "$t/instances/btrsleuth-hang/trace" >"$dir/trace.txt"
    disarm
  fi
  find "$dir" -type f -size 0 -exec rm -f {} +
  # In the order of the names, so that the first dump is read first.
  (cd "$OUT" && tar czf "$NAME.tar.gz" "$NAME"/* && rm -rf "$NAME")
  echo "written: $OUT/$NAME.tar.gz"
  echo "analyse it with: btrsleuth analyze $NAME.tar.gz"
}

case ${1:-collect} in
  arm) arm ;;
  disarm) disarm ;;
  collect) collect ;;
  *) echo "usage: sh $0 [arm|disarm]" >&2; exit 2 ;;
esac
