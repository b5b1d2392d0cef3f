package org.btrsleuth.waitgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.btrsleuth.incident.KernelVersion;
import org.btrsleuth.knowledge.Knowledge;
import org.btrsleuth.source.Evidence;
import org.btrsleuth.stack.Frame;
import org.btrsleuth.stack.TaskSnapshot;
import org.btrsleuth.stack.TaskState;
import org.btrsleuth.waitgraph.TaskReading.Activity;
import org.btrsleuth.waitgraph.TaskReading.Hold;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stacks written from the kernel's functions, one for each family of rules. */
class StackClassifierTest {
  private static final StackClassifier CLASSIFIER = new StackClassifier(Knowledge.shipped());

  /** Frames innermost first, separated by "<"; "?" marks an unreliable one, "f+12/100" an offset. */
  private static TaskSnapshot task(String stack) {
    return task(stack, TaskState.UNINTERRUPTIBLE, TaskSnapshot.Origin.SYSRQ_W);
  }

  private static TaskSnapshot task(String stack, TaskState state, TaskSnapshot.Origin origin) {
    List<Frame> frames = new ArrayList<>();
    for (String part : stack.split("<")) {
      String name = part.strip();
      boolean reliable = !name.startsWith("?");
      name = reliable ? name : name.substring(1).strip();
      int offset = -1;
      int size = -1;
      int plus = name.indexOf('+');
      if (plus > 0) {
        offset = Integer.parseInt(name.substring(plus + 1, name.indexOf('/')));
        size = Integer.parseInt(name.substring(name.indexOf('/') + 1));
        name = name.substring(0, plus);
      }
      frames.add(new Frame(name, name, "btrfs", reliable, offset, size, frames.size() + 2));
    }
    return new TaskSnapshot(
        "task", 7, state, "", "", frames, origin, 0, -1, -1, new Evidence("a.log", 1, "task"), frames.size() + 1);
  }

  private static TaskReading read(String stack, String kernel) {
    return CLASSIFIER.classify(task(stack), kernel == null ? null : KernelVersion.parse(kernel));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "page_lock              | 5.4  | schedule < io_schedule < __lock_page < extent_write_cache_pages < extent_writepages",
        "page_lock              | 6.18 | schedule < io_schedule < folio_wait_bit_common < __folio_lock < btrfs_writepages",
        "page_lock              | 6.1  | schedule < folio_wait_bit_common < extent_write_cache_pages < btrfs_writepages",
        "page_writeback         | 6.1  | io_schedule < folio_wait_bit_common < folio_wait_writeback < __filemap_fdatawait_range",
        "extent_range           | 5.10 | schedule < wait_extent_bit < lock_extent_bits < btrfs_finish_ordered_io",
        "extent_range           | 6.18 | schedule < btrfs_lock_extent_bits < btrfs_fallocate",
        "tree_lock              | 5.4  | schedule < btrfs_tree_read_lock < btrfs_search_slot",
        "tree_lock              | 6.12 | schedule < rwsem_down_read_slowpath < btrfs_tree_read_lock_nested < btrfs_search_slot",
        "tree_lock              | 5.15 | schedule < rwsem_down_write_slowpath < __btrfs_tree_lock < btrfs_lock_root_node",
        "inode_lock             | 5.4  | schedule < rwsem_down_write_slowpath < btrfs_file_write_iter < new_sync_write",
        "inode_lock             | 3.13 | schedule < __mutex_lock_slowpath < mutex_lock < btrfs_file_aio_write",
        "ordered_extent         | 5.4  | schedule < btrfs_start_ordered_extent < btrfs_wait_ordered_range",
        "ordered_extent         | 5.15 | schedule < wait_for_completion < btrfs_wait_ordered_extents < btrfs_wait_ordered_roots",
        "ticket                 | 5.4  | schedule < handle_reserve_ticket < __reserve_metadata_bytes < start_transaction",
        "ticket                 | 6.1  | schedule < __reserve_bytes < btrfs_reserve_data_bytes < btrfs_check_data_free_space",
        "flush_token            | 3.6  | schedule < reserve_metadata_bytes < btrfs_block_rsv_add",
        "delalloc_flush         | 5.4  | schedule < wait_for_completion < start_delalloc_inodes < btrfs_start_delalloc_roots",
        "delalloc_root_mutex    | 5.10 | schedule < __mutex_lock < btrfs_start_delalloc_roots < shrink_delalloc < flush_space",
        "transaction_blocked    | 5.4  | schedule < wait_current_trans < start_transaction < btrfs_create",
        "transaction_complete   | 5.4  | schedule < wait_for_commit < btrfs_commit_transaction < btrfs_sync_fs",
        "transaction_writers    | 5.4  | schedule < btrfs_commit_transaction < transaction_kthread",
        "device_list_mutex      | 5.4  | schedule < __mutex_lock < btrfs_run_dev_stats < commit_cowonly_roots < btrfs_commit_transaction",
        "delayed_node_mutex     | 5.4  | schedule < __mutex_lock < __btrfs_release_delayed_node < btrfs_evict_inode",
        "commit_root_sem        | 5.4  | schedule < rwsem_down_read_slowpath < caching_thread < process_one_work",
        "s_umount               | 5.4  | schedule < rwsem_down_write_slowpath < thaw_super",
        "mmap_lock              | 5.10 | schedule < rwsem_down_read_slowpath < do_user_addr_fault < exc_page_fault",
        "qgroup_flush           | 5.9  | schedule < try_flush_qgroup < __btrfs_qgroup_reserve_meta",
        "delayed_iputs          | 5.15 | schedule < btrfs_wait_on_delayed_iputs < flush_space",
        "drew_lock              | 5.7  | schedule < btrfs_drew_write_lock < create_snapshot",
        "block_group_cache      | 5.4  | schedule < wait_block_group_cache_progress < find_free_extent",
        "extent_buffer_writeback| 5.2  | io_schedule < bit_wait_io < __wait_on_bit < out_of_line_wait_on_bit < lock_extent_buffer_for_io",
        "scrub_pause            | 5.9  | schedule < btrfs_scrub_pause < btrfs_commit_transaction",
        "log_tree               | 5.4  | schedule < wait_log_commit < btrfs_sync_log < btrfs_sync_file",
        "work_item              | 6.0  | schedule < schedule_timeout < __wait_for_common < __flush_work < close_ctree",
        "fs_freeze              | 5.4  | schedule < percpu_rwsem_wait < __percpu_down_read < __sb_start_write < start_transaction",
        "block_io               | 5.4  | schedule < io_schedule < wbt_wait < rq_qos_wait < submit_bio",
        "dirty_throttle         | 5.4  | schedule_timeout < io_schedule_timeout < balance_dirty_pages",
        "inode_state            | 5.4  | schedule < __wait_on_freeing_inode < find_inode < iget5_locked < btrfs_iget",
        "writeback_work         | 5.4  | schedule < wb_wait_for_completion < sync_inodes_sb",
      })
  void the_innermost_known_frame_tells_the_wait(String kind, String kernel, String stack) {
    TaskReading reading = read(stack, kernel);
    assertThat(reading.activity()).isEqualTo(Activity.WAITING);
    assertThat(reading.waitsFor().kind()).isEqualTo(kind);
  }

  @Test
  void frames_farther_out_are_intents() {
    TaskReading reading =
        read("schedule < __folio_lock < extent_write_cache_pages < btrfs_start_ordered_extent < btrfs_fallocate", "6.1");
    assertThat(reading.waitsFor().kind()).isEqualTo("page_lock");
    assertThat(reading.waitsFor().certain()).isTrue();
    assertThat(reading.intents()).extracting(TaskReading.Wait::kind).contains("ordered_extent");
  }

  @Test
  void a_mutex_is_named_by_the_next_frame_only() {
    TaskReading reading = read("schedule < __mutex_lock < some_driver < btrfs_run_dev_stats < wait_current_trans", "5.4");
    assertThat(reading.waitsFor().kind()).isEqualTo("mutex");
    assertThat(reading.waitsFor().instance()).isEqualTo("taken in some_driver");
  }

  @Test
  void a_committer_that_does_something_is_not_waiting_for_writers() {
    TaskReading reading = read("schedule < wait_for_completion < btrfs_wait_ordered_extents < btrfs_commit_transaction", "5.4");
    assertThat(reading.waitsFor().kind()).isEqualTo("ordered_extent");
    assertThat(reading.services()).contains("committer");
  }

  @Test
  void an_unknown_wait_names_its_top_frames_and_guesses_nothing() {
    TaskReading reading = read("schedule < alpha < beta < gamma < delta", "5.4");
    assertThat(reading.waitsFor().known()).isFalse();
    assertThat(reading.waitsFor().instance()).isEqualTo("alpha < beta < gamma");
  }

  @Test
  void unreliable_frames_are_no_evidence_beside_reliable_ones_and_never_certain() {
    assertThat(read("schedule < ? wait_current_trans < some_function", "5.4").waitsFor().known()).isFalse();
    TaskReading alone = read("? schedule < ? wait_current_trans < ? start_transaction", "5.4");
    assertThat(alone.waitsFor().kind()).isEqualTo("transaction_blocked");
    assertThat(alone.waitsFor().certain()).isFalse();
  }

  @Test
  void idle_and_running_tasks_do_not_wait() {
    assertThat(read("schedule < worker_thread < kthread", "5.4").activity()).isEqualTo(Activity.IDLE);
    assertThat(read("schedule < do_nanosleep < hrtimer_nanosleep", "5.4").activity()).isEqualTo(Activity.IDLE);
    TaskReading running =
        CLASSIFIER.classify(
            task("btrfs_search_slot < btrfs_lookup_inode", TaskState.RUNNING, TaskSnapshot.Origin.SYSRQ_T), null);
    assertThat(running.activity()).isEqualTo(Activity.RUNNING);
    assertThat(running.waitsFor()).isNull();
  }

  // ---- the page fixup worker ----

  private static final String FIXUP =
      "schedule < wait_for_completion < start_delalloc_inodes < btrfs_start_delalloc_roots"
          + " < btrfs_alloc_data_chunk_ondemand < btrfs_check_data_free_space < btrfs_delalloc_reserve_space"
          + " < btrfs_writepage_fixup_worker";

  @Test
  void the_old_fixup_worker_holds_its_page_while_it_reserves() {
    TaskReading reading = read(FIXUP + "+508/672", "5.4.0");
    assertThat(reading.waitsFor().kind()).isEqualTo("delalloc_flush");
    assertThat(reading.services()).contains("fixup_worker");
    assertThat(reading.holds()).filteredOn(Hold::certain).extracting(Hold::kind).contains("page_lock", "extent_range");
  }

  @Test
  void the_fixed_fixup_worker_holds_nothing_whatever_the_version_says() {
    assertThat(read(FIXUP, "5.10").holds("page_lock")).isFalse();
    assertThat(read(FIXUP + "+126/1216", "5.4.30").holds("page_lock")).as("backported").isFalse();
    assertThat(read(FIXUP + "+126/1216", null).holds("page_lock")).isFalse();
  }

  @Test
  void without_version_and_offset_the_hold_of_the_fixup_worker_is_only_possible() {
    assertThat(read(FIXUP, null).holds())
        .filteredOn(h -> h.kind().equals("page_lock"))
        .isNotEmpty()
        .noneMatch(Hold::certain);
    assertThat(read(FIXUP + "+508/672", null).holds("page_lock")).isTrue();
  }

  // ---- other holds ----

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "extent_range      | 5.4  | schedule < btrfs_tree_lock < btrfs_search_slot < __btrfs_drop_extents < btrfs_finish_ordered_io",
        "ordered_extent    | 6.1  | schedule < wait_extent_bit < lock_extent < btrfs_finish_one_ordered",
        "extent_range      | 6.1  | schedule < wait_current_trans < start_transaction < extent_fiemap < btrfs_fiemap",
        "page_lock         | 5.4  | schedule < lock_extent_bits < btrfs_invalidatepage < __extent_writepage < extent_write_cache_pages",
        "page_lock         | 6.18 | schedule < wait_extent_bit < find_lock_delalloc_range < extent_write_cache_pages < btrfs_writepages",
        "inode_lock        | 5.4  | schedule < handle_reserve_ticket < btrfs_file_write_iter < new_sync_write",
        "flush_token       | 6.18 | schedule < __folio_lock < start_delalloc_inodes < btrfs_async_reclaim_metadata_space",
        "chunk_mutex       | 5.14 | schedule < rwsem_down_read_slowpath < btrfs_search_slot < btrfs_update_device < btrfs_chunk_alloc",
        "qgroup_ioctl_lock | 5.15 | schedule < btrfs_commit_transaction < btrfs_quota_enable < btrfs_ioctl",
        "mmap_lock         | 5.15 | schedule < wait_extent_bit < lock_extent_bits < btrfs_page_mkwrite < do_page_mkwrite < handle_mm_fault",
        "transaction_commit| 5.4  | schedule < wait_for_completion < btrfs_wait_ordered_extents < btrfs_commit_transaction",
      })
  void a_frame_tells_what_is_held(String kind, String kernel, String stack) {
    assertThat(read(stack, kernel).holds(kind)).isTrue();
  }

  @Test
  void a_page_fault_that_reserves_holds_no_page_lock() {
    TaskReading reading = read("schedule < __reserve_bytes < btrfs_delalloc_reserve_space < btrfs_page_mkwrite", "6.1");
    assertThat(reading.holds("page_lock")).isFalse();
  }

  @Test
  void a_task_that_waits_to_start_a_transaction_has_no_handle() {
    TaskReading reading = read("schedule < mutex_lock < start_transaction < btrfs_evict_inode < evict", "5.4");
    assertThat(reading.holds("transaction_handle")).isFalse();
  }

  @Test
  void rules_of_other_kernels_do_not_hold() {
    assertThat(read("schedule < wait_current_trans < start_transaction < extent_fiemap", "6.10").holds("extent_range"))
        .as("fiemap releases its range from 6.9 on")
        .isFalse();
  }

  @Test
  void the_work_function_of_a_cut_stack_tells_the_service() {
    TaskSnapshot cut = task("schedule < __lock_page < extent_write_cache_pages");
    TaskSnapshot worker =
        new TaskSnapshot(
            cut.comm(), cut.pid(), cut.state(), "writeback", "wb_workfn", cut.frames(), cut.origin(), 0, -1, -1,
            cut.header(), cut.lastLine());
    assertThat(CLASSIFIER.classify(worker, null).is("flusher")).isTrue();
  }
}
