#!/bin/sh
# Records the reservation events of btrfs together with what the kernel's reserves hold at each of them: sizes and
# reserved bytes of all block reserves, space_info counters, the inode's own reserve. It closes the gaps that the
# events alone leave. Run as root on the affected host:
#
#   sh enospc-bpf.sh SECONDS     records that long (default 60), writes btrsleuth-rsvprobe-DATE.csv.gz
#
# Needs a kernel with BTF (CONFIG_DEBUG_INFO_BTF), 5.8 or newer, and clang, a C compiler, bpftool, libbpf with headers
# (Debian: apt-get install clang gcc bpftool libbpf-dev). It uses raw tracepoints only: neither kprobes nor function
# tracing, so it works on locked-down hosts, too. Fields that a kernel lacks are left out when it is loaded (CO-RE).
#
# Run on Linux 6.18 with a small btrfs on a loop device: all of it. Older kernels: not run; events that a kernel does
# not have are named on standard error and left out.
set -eu

SECONDS_TO_RECORD=${1:-60}
OUT=${OUT:-/tmp}
case $SECONDS_TO_RECORD in '' | *[!0-9]*) echo "usage: sh $0 [SECONDS]" >&2; exit 2 ;; esac
[ "$(id -u)" -eq 0 ] || { echo "run this as root" >&2; exit 1; }
[ -r /sys/kernel/btf/vmlinux ] || { echo "this kernel has no BTF (/sys/kernel/btf/vmlinux)" >&2; exit 1; }
for tool in clang bpftool cc gzip; do
  command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/record.h" <<'END_OF_RECORD'
/* What the kernel side hands to the user side, one record for each event. */
#define EVENTS(X) \
  X(btrfs_space_reservation) X(update_bytes_may_use) X(update_bytes_pinned) X(btrfs_inode_mod_outstanding_extents) \
  X(btrfs_reserve_ticket) X(btrfs_trigger_flush) X(btrfs_flush_space) X(btrfs_transaction_commit) \
  X(btrfs_fail_all_tickets) X(btrfs_done_preemptive_reclaim) X(btrfs_ordered_extent_add) \
  X(btrfs_ordered_extent_remove) X(btrfs_ordered_extent_start) X(btrfs_ordered_extent_put) \
  X(btrfs_finish_ordered_extent) X(extent_writepage) X(btrfs_inode_new) X(btrfs_inode_evict)
#define NUMBERED(name) EVENT_##name,
enum event { EVENTS(NUMBERED) EVENT_COUNT };

typedef unsigned long long num;
struct reserve { num size, reserved; unsigned type, full, known; };
/* In the order of the CSV's columns. */
enum { GLOBAL, TRANS, CHUNK, DELAYED, DELAYED_REFS, INODE, HANDLE, RESERVES };

struct record {
  num ts, sb, root, ino, val, bytes, old, flags, start_ns, transid, trans_bytes;
  long long diff, ret;
  unsigned event, cpu, pid, tid, flush, outstanding;
  unsigned char fsid[16];
  char comm[16], name[32];
  struct reserve reserves[RESERVES];
  num si_flags, si_total, si_used, si_pinned, si_reserved, si_may_use, si_readonly, si_reclaim;
  num csum_bytes, delalloc_bytes, oe_offset, oe_len, oe_flags, oe_left;
};
END_OF_RECORD

cat >"$work/probe.bpf.c" <<'END_OF_PROBE'
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "record.h"

char LICENSE[] SEC("license") = "GPL";

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 1 << 26);
} records SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} lost SEC(".maps");

/* btrfs_block_rsv.type is a bit field since 5.19 and a short before. */
static __always_inline void read_reserve(struct reserve *to, struct btrfs_block_rsv *from)
{
  if (!from)
    return;
  to->size = BPF_CORE_READ(from, size);
  to->reserved = BPF_CORE_READ(from, reserved);
  to->type = BPF_CORE_READ_BITFIELD_PROBED(from, type);
  to->full = BPF_CORE_READ(from, full);
  to->known = 1;
}

static __always_inline struct record *begin(unsigned event, struct btrfs_fs_info *fs)
{
  struct record *r = bpf_ringbuf_reserve(&records, sizeof(*r), 0);
  __u32 zero = 0;

  if (!r) {
    __u64 *n = bpf_map_lookup_elem(&lost, &zero);

    if (n)
      __sync_fetch_and_add(n, 1);
    return NULL;
  }
  __builtin_memset(r, 0, sizeof(*r));
  r->event = event;
  r->ts = bpf_ktime_get_ns();
  r->cpu = bpf_get_smp_processor_id();
  /* what the kernel calls pid is the thread */
  r->tid = (__u32)bpf_get_current_pid_tgid();
  r->pid = r->tid;
  bpf_get_current_comm(r->comm, sizeof(r->comm));
  if (!fs)
    return r;
  r->sb = (num)BPF_CORE_READ(fs, sb);
  struct btrfs_fs_devices *devices = BPF_CORE_READ(fs, fs_devices);
  if (devices)
    bpf_probe_read_kernel(r->fsid, sizeof(r->fsid), &devices->fsid);
  read_reserve(&r->reserves[GLOBAL], &fs->global_block_rsv);
  read_reserve(&r->reserves[TRANS], &fs->trans_block_rsv);
  read_reserve(&r->reserves[CHUNK], &fs->chunk_block_rsv);
  read_reserve(&r->reserves[DELAYED], &fs->delayed_block_rsv);
  read_reserve(&r->reserves[DELAYED_REFS], &fs->delayed_refs_rsv);
  /* journal_info is the task's transaction handle; values below kernel addresses are marks of other file systems */
  struct task_struct *task = (struct task_struct *)bpf_get_current_task();
  struct btrfs_trans_handle *handle = BPF_CORE_READ(task, journal_info);
  if ((num)handle > 0xffff000000000000ULL && BPF_CORE_READ(handle, fs_info) == fs) {
    r->transid = BPF_CORE_READ(handle, transid);
    r->trans_bytes = BPF_CORE_READ(handle, bytes_reserved);
    read_reserve(&r->reserves[HANDLE], BPF_CORE_READ(handle, block_rsv));
  }
  return r;
}

static __always_inline void read_space_info(struct record *r, struct btrfs_space_info *info)
{
  r->si_flags = BPF_CORE_READ(info, flags);
  r->si_total = BPF_CORE_READ(info, total_bytes);
  r->si_used = BPF_CORE_READ(info, bytes_used);
  r->si_pinned = BPF_CORE_READ(info, bytes_pinned);
  r->si_reserved = BPF_CORE_READ(info, bytes_reserved);
  r->si_may_use = BPF_CORE_READ(info, bytes_may_use);
  r->si_readonly = BPF_CORE_READ(info, bytes_readonly);
  if (bpf_core_field_exists(info->reclaim_size))
    r->si_reclaim = BPF_CORE_READ(info, reclaim_size);
}

static __always_inline void read_inode(struct record *r, struct btrfs_inode *inode)
{
  struct btrfs_root *root = BPF_CORE_READ(inode, root);

  r->ino = BPF_CORE_READ(inode, vfs_inode.i_ino);
  if (root)
    r->root = BPF_CORE_READ(root, root_key.objectid);
  r->outstanding = BPF_CORE_READ(inode, outstanding_extents);
  r->csum_bytes = BPF_CORE_READ(inode, csum_bytes);
  r->delalloc_bytes = BPF_CORE_READ(inode, delalloc_bytes);
  read_reserve(&r->reserves[INODE], &inode->block_rsv);
}

static __always_inline struct record *begin_inode(unsigned event, struct btrfs_inode *inode)
{
  struct btrfs_root *root = BPF_CORE_READ(inode, root);
  struct record *r = begin(event, root ? BPF_CORE_READ(root, fs_info) : NULL);

  if (r)
    read_inode(r, inode);
  return r;
}

static __always_inline struct btrfs_inode *of_vfs(void *inode)
{
  return (void *)((char *)inode - bpf_core_field_offset(struct btrfs_inode, vfs_inode));
}

#define HANDLER(name) \
  SEC("raw_tp/" #name) int name(struct bpf_raw_tracepoint_args *c)
#define BEGIN_FS(name) \
  struct record *r = begin(EVENT_##name, (void *)c->args[0]); \
  if (!r) \
    return 0
#define END \
  bpf_ringbuf_submit(r, 0); \
  return 0

HANDLER(btrfs_space_reservation)
{
  BEGIN_FS(btrfs_space_reservation);
  bpf_probe_read_kernel_str(r->name, sizeof(r->name), (void *)c->args[1]);
  r->val = c->args[2];
  r->bytes = c->args[3];
  r->ret = (int)c->args[4];
  END;
}

HANDLER(update_bytes_may_use)
{
  BEGIN_FS(update_bytes_may_use);
  read_space_info(r, (void *)c->args[1]);
  r->old = c->args[2];
  r->diff = c->args[3];
  END;
}

HANDLER(update_bytes_pinned)
{
  BEGIN_FS(update_bytes_pinned);
  read_space_info(r, (void *)c->args[1]);
  r->old = c->args[2];
  r->diff = c->args[3];
  END;
}

HANDLER(btrfs_inode_mod_outstanding_extents)
{
  struct btrfs_root *root = (void *)c->args[0];
  struct record *r = begin(EVENT_btrfs_inode_mod_outstanding_extents, BPF_CORE_READ(root, fs_info));

  if (!r)
    return 0;
  r->root = BPF_CORE_READ(root, root_key.objectid);
  r->ino = c->args[1];
  r->diff = (int)c->args[2];
  r->outstanding = c->args[3];
  END;
}

HANDLER(btrfs_reserve_ticket)
{
  BEGIN_FS(btrfs_reserve_ticket);
  r->flags = c->args[1];
  r->bytes = c->args[2];
  r->start_ns = c->args[3];
  r->flush = c->args[4];
  r->ret = (int)c->args[5];
  END;
}

HANDLER(btrfs_trigger_flush)
{
  BEGIN_FS(btrfs_trigger_flush);
  r->flags = c->args[1];
  r->bytes = c->args[2];
  r->flush = c->args[3];
  bpf_probe_read_kernel_str(r->name, sizeof(r->name), (void *)c->args[4]);
  END;
}

HANDLER(btrfs_flush_space)
{
  BEGIN_FS(btrfs_flush_space);
  r->flags = c->args[1];
  r->bytes = c->args[2];
  r->flush = c->args[3];
  r->ret = (int)c->args[4];
  END;
}

HANDLER(btrfs_transaction_commit)
{
  BEGIN_FS(btrfs_transaction_commit);
  r->val = BPF_CORE_READ((struct btrfs_fs_info *)c->args[0], generation);
  END;
}

HANDLER(btrfs_fail_all_tickets)
{
  BEGIN_FS(btrfs_fail_all_tickets);
  read_space_info(r, (void *)c->args[1]);
  END;
}

HANDLER(btrfs_done_preemptive_reclaim)
{
  BEGIN_FS(btrfs_done_preemptive_reclaim);
  read_space_info(r, (void *)c->args[1]);
  END;
}

static __always_inline int ordered_extent(struct bpf_raw_tracepoint_args *c, unsigned event)
{
  struct btrfs_ordered_extent *extent = (void *)c->args[1];
  struct record *r = begin_inode(event, (void *)c->args[0]);

  if (!r)
    return 0;
  r->oe_offset = BPF_CORE_READ(extent, file_offset);
  r->oe_len = BPF_CORE_READ(extent, num_bytes);
  r->oe_flags = BPF_CORE_READ(extent, flags);
  r->oe_left = BPF_CORE_READ(extent, bytes_left);
  r->bytes = BPF_CORE_READ(extent, disk_num_bytes);
  r->val = BPF_CORE_READ(extent, disk_bytenr);
  END;
}

HANDLER(btrfs_ordered_extent_add) { return ordered_extent(c, EVENT_btrfs_ordered_extent_add); }
HANDLER(btrfs_ordered_extent_remove) { return ordered_extent(c, EVENT_btrfs_ordered_extent_remove); }
HANDLER(btrfs_ordered_extent_start) { return ordered_extent(c, EVENT_btrfs_ordered_extent_start); }
HANDLER(btrfs_ordered_extent_put) { return ordered_extent(c, EVENT_btrfs_ordered_extent_put); }

HANDLER(btrfs_finish_ordered_extent)
{
  struct record *r = begin_inode(EVENT_btrfs_finish_ordered_extent, (void *)c->args[0]);

  if (!r)
    return 0;
  r->oe_offset = c->args[1];
  r->oe_len = c->args[2];
  r->ret = c->args[3];
  END;
}

HANDLER(extent_writepage)
{
  struct record *r = begin_inode(EVENT_extent_writepage, of_vfs((void *)c->args[1]));

  if (!r)
    return 0;
  END;
}

HANDLER(btrfs_inode_new)
{
  struct record *r = begin_inode(EVENT_btrfs_inode_new, of_vfs((void *)c->args[0]));

  if (!r)
    return 0;
  END;
}

HANDLER(btrfs_inode_evict)
{
  struct record *r = begin_inode(EVENT_btrfs_inode_evict, of_vfs((void *)c->args[0]));

  if (!r)
    return 0;
  END;
}
END_OF_PROBE

cat >"$work/probe.c" <<'END_OF_READER'
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "record.h"

#define NAMED(name) #name,
static const char *event_names[] = {EVENTS(NAMED)};
static const char *reserve_columns[] = {"global", "trans", "chunk", "delayed", "delayed_refs", "inode", "handle"};
/* enum btrfs_rsv_type of 6.8 and newer, which has TREELOG; older kernels end one earlier */
static const char *reserve_types[] = {
  "GLOBAL", "DELALLOC", "TRANS", "CHUNK", "DELOPS", "DELREFS", "TREELOG", "EMPTY", "TEMP"};
static volatile sig_atomic_t stopped;
static num count;

static void stop(int signal)
{
  (void)signal;
  stopped = 1;
}

/* RFC 4180: always quoted, quotes doubled. Task names may hold anything. */
static void quoted(const char *text, size_t limit)
{
  putchar('"');
  for (size_t i = 0; i < limit && text[i]; i++) {
    if (text[i] == '"')
      putchar('"');
    putchar(text[i]);
  }
  putchar('"');
}

static void header(void)
{
  printf("ts_ns,cpu,pid,tid,comm,event,fsid,sb,root,ino,rsv_name,val,bytes,diff,old,ret,flags,flush,start_ns");
  printf(",transid,trans_bytes_reserved");
  for (int i = 0; i < RESERVES; i++) {
    const char *name = reserve_columns[i];

    printf(",%s_type,%s_size,%s_reserved,%s_full", name, name, name, name);
  }
  printf(",si_flags,si_total,si_used,si_pinned,si_reserved,si_may_use,si_readonly,si_reclaim_size");
  printf(",outstanding_extents,csum_bytes,delalloc_bytes,oe_offset,oe_len,oe_flags,oe_bytes_left\n");
}

static int print(void *context, void *data, size_t size)
{
  const struct record *r = data;
  const unsigned char *f = r->fsid;

  (void)context;
  (void)size;
  count++;
  printf("%llu,%u,%u,%u,", r->ts, r->cpu, r->pid, r->tid);
  quoted(r->comm, sizeof(r->comm));
  printf(",%s,", event_names[r->event]);
  for (int i = 0; i < 16; i++)
    printf("%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", f[i]);
  printf(",0x%llx,%llu,%llu,", r->sb, r->root, r->ino);
  quoted(r->name, sizeof(r->name));
  printf(",%llu,%llu,%lld,%llu,%lld", r->val, r->bytes, r->diff, r->old, r->ret);
  printf(",%llu,%u,%llu,%llu,%llu", r->flags, r->flush, r->start_ns, r->transid, r->trans_bytes);
  for (int i = 0; i < RESERVES; i++) {
    const struct reserve *rsv = &r->reserves[i];

    if (rsv->known)
      printf(",%s,%llu,%llu,%u", rsv->type < 9 ? reserve_types[rsv->type] : "?", rsv->size, rsv->reserved, rsv->full);
    else
      printf(",,,,");
  }
  printf(",%llu,%llu,%llu,%llu", r->si_flags, r->si_total, r->si_used, r->si_pinned);
  printf(",%llu,%llu,%llu,%llu", r->si_reserved, r->si_may_use, r->si_readonly, r->si_reclaim);
  printf(",%u,%llu,%llu", r->outstanding, r->csum_bytes, r->delalloc_bytes);
  printf(",%llu,%llu,%llu,%llu\n", r->oe_offset, r->oe_len, r->oe_flags, r->oe_left);
  return 0;
}

int main(int argc, char **argv)
{
  time_t end = time(NULL) + atoi(argv[argc - 1]);
  struct bpf_object *object = bpf_object__open(argv[1]);
  struct bpf_program *program;
  struct ring_buffer *ring;
  unsigned zero = 0;
  num lost = 0;

  if (!object || bpf_object__load(object)) {
    fprintf(stderr, "the kernel refuses the probe\n");
    return 1;
  }
  bpf_object__for_each_program(program, object) {
    if (!bpf_program__attach(program))
      fprintf(stderr, "this kernel has no %s\n", bpf_program__name(program));
  }
  ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "records"), print, NULL, NULL);
  if (!ring)
    return 1;
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  header();
  fprintf(stderr, "recording\n");
  while (!stopped && time(NULL) < end)
    ring_buffer__poll(ring, 100);
  ring_buffer__consume(ring);
  bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(object, "lost"), &zero, &lost);
  fprintf(stderr, "%llu records, %llu lost\n", count, lost);
  return 0;
}
END_OF_READER

case $(uname -m) in
  x86_64) arch=x86 ;;
  aarch64) arch=arm64 ;;
  s390x) arch=s390 ;;
  ppc64le) arch=powerpc ;;
  *) arch=$(uname -m) ;;
esac
bpftool btf dump file /sys/kernel/btf/vmlinux format c >"$work/vmlinux.h"
clang -O2 -g -target bpf "-D__TARGET_ARCH_$arch" -Wno-missing-declarations -I"$work" -c "$work/probe.bpf.c" \
  -o "$work/probe.bpf.o"
cc -O2 -o "$work/probe" "$work/probe.c" -lbpf
result=$OUT/btrsleuth-rsvprobe-$(date +%Y%m%d-%H%M%S).csv.gz
trap '' INT # the probe ends at Ctrl-C and what it recorded is kept
"$work/probe" "$work/probe.bpf.o" "$SECONDS_TO_RECORD" | gzip >"$result"
echo "written: $result"
echo "analyse it with: btrsleuth analyze ${result##*/}"
