#!/bin/sh
# Adds what no trace event of btrfs tells to an ENOSPC recording: who migrated, used and released which reserve, and
# how the metadata for an inode update was found. Run as root on the affected host, beside 'sh enospc.sh start':
#
#   sh enospc-kprobes.sh start     after 'sh enospc.sh start': its events go into the same trace
#   sh enospc-kprobes.sh stop      before 'sh enospc.sh stop'
#
# It needs only tracefs and CONFIG_KPROBE_EVENTS (2.6.33 and newer), no compiler and no BTF, so it is the way to record
# kernels before 3.3, which have no reservation events. Functions that a kernel lacks or has inlined are named and left
# out. Locked-down kernels refuse kprobes.
#
# Where the trace holds no reservation events, 'btrsleuth analyze' reads from these calls how each completion got the
# metadata for its inode update; what they do not prove stays undecided.
#
# Every probe is a kernel breakpoint: expect a few percent of speed, more under heavy metadata load.
#
# Not run: the kernel that the others were run on is built without kprobes. Checked for shell syntax only.
set -u

INSTANCE=${INSTANCE:-btrsleuth-enospc}

[ "$(id -u)" -eq 0 ] || { echo "run this as root" >&2; exit 1; }

t=
for d in /sys/kernel/tracing /sys/kernel/debug/tracing; do
  [ -e "$d/kprobe_events" ] && t=$d && break
done
[ -n "$t" ] || { echo "no kprobe_events in tracefs: this kernel is built without kprobes, or locked down" >&2; exit 1; }
i=$t
[ -d "$t/instances/$INSTANCE" ] && i=$t/instances/$INSTANCE

# Registers of the first four arguments.
case $(uname -m) in
  x86_64) a=%di b=%si c=%dx d=%cx ;;
  aarch64) a=%x0 b=%x1 c=%x2 d=%x3 ;;
  *) echo "the argument registers of $(uname -m) are not known here" >&2; exit 1 ;;
esac

# btrfs_block_rsv_add takes (root, rsv, bytes) from 3.2 on, (trans, root, rsv, bytes) before.
case $(uname -r) in
  2.6.* | 3.0 | 3.0[.-]* | 3.1 | 3.1[.-]*) add_rsv=$c add_bytes=$d ;;
  *) add_rsv=$b add_bytes=$c ;;
esac

# Completions of ordered I/O: the function itself, and, where the compiler has put that into its only caller, the caller
# (the end_io hook until 3.4, the work function later). The third argument of btrfs_delayed_update_inode is the inode
# until 5.10. btrfs_delalloc_release_metadata returns nothing: the probe on its return marks its end, the value is void.
#
# size and reserved are the first two words of struct btrfs_block_rsv in every kernel; its type is elsewhere in each.
# kind, name of the event, function, what to fetch
probes() {
  cat <<END
p rsv_migrate btrfs_block_rsv_migrate src=$a dst=$b bytes=$c:u64 src_size=+0($a):u64 src_reserved=+8($a):u64 dst_size=+0($b):u64 dst_reserved=+8($b):u64
r rsv_migrate_ret btrfs_block_rsv_migrate ret=\$retval:s32
p rsv_release btrfs_block_rsv_release rsv=$b bytes=$c:u64 size=+0($b):u64 reserved=+8($b):u64
p rsv_release_old __btrfs_block_rsv_release rsv=$b bytes=$c:u64 size=+0($b):u64 reserved=+8($b):u64
p use_rsv btrfs_use_block_rsv trans=$a root=$b blocksize=$c:u32
r use_rsv_ret btrfs_use_block_rsv rsv=\$retval
p use_rsv_old use_block_rsv trans=$a root=$b blocksize=$c:u32
r use_rsv_old_ret use_block_rsv rsv=\$retval
p inode_reserve btrfs_delayed_inode_reserve_metadata trans=$a root=$b
r inode_reserve_ret btrfs_delayed_inode_reserve_metadata ret=\$retval:s32
p inode_update btrfs_delayed_update_inode trans=$a root=$b inode=$c
r inode_update_ret btrfs_delayed_update_inode ret=\$retval:s32
r inode_fallback_ret btrfs_update_inode_fallback ret=\$retval:s32
r inode_item_ret btrfs_update_inode_item ret=\$retval:s32
p delalloc_reserve btrfs_delalloc_reserve_metadata inode=$a bytes=$b:u64 disk_bytes=$c:u64
r delalloc_reserve_ret btrfs_delalloc_reserve_metadata ret=\$retval:s32
p delalloc_release btrfs_delalloc_release_metadata inode=$a bytes=$b:u64
r delalloc_release_ret btrfs_delalloc_release_metadata ret=\$retval
p rsv_add btrfs_block_rsv_add rsv=$add_rsv bytes=$add_bytes:u64
r rsv_add_ret btrfs_block_rsv_add ret=\$retval:s32
p rsv_add_noflush btrfs_block_rsv_add_noflush rsv=$b bytes=$c:u64
r rsv_add_noflush_ret btrfs_block_rsv_add_noflush ret=\$retval:s32
p finish_ordered btrfs_finish_ordered_io object=$a
r finish_ordered_ret btrfs_finish_ordered_io ret=\$retval:s32
p finish_ordered_fn finish_ordered_fn object=$a
r finish_ordered_fn_ret finish_ordered_fn ret=\$retval
p finish_ordered_hook btrfs_writepage_end_io_hook object=$a
r finish_ordered_hook_ret btrfs_writepage_end_io_hook ret=\$retval:s32
END
}

start() {
  stop 2>/dev/null
  probes | while read -r kind name function fetch; do
    if echo "$kind:btrsleuth/$name $function $fetch" >>"$t/kprobe_events" 2>/dev/null; then
      echo "recording $function ($kind)"
    else
      echo "this kernel cannot probe $function" >&2
    fi
  done
  for enable in "$i"/events/btrsleuth/*/enable; do
    [ -e "$enable" ] && echo 1 >"$enable"
  done
  echo 1 >"$i/tracing_on"
}

stop() {
  for enable in "$i"/events/btrsleuth/*/enable; do
    [ -e "$enable" ] && echo 0 >"$enable"
  done
  probes | while read -r kind name _; do
    echo "-:btrsleuth/$name" >>"$t/kprobe_events" 2>/dev/null
  done
  return 0
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  *) echo "usage: sh $0 start|stop" >&2; exit 2 ;;
esac
