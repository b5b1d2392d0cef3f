package org.btrsleuth.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.btrsleuth.finding.Finding.Confidence;
import org.btrsleuth.incident.KernelVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The deadlocks that the lock model lists beside the genuine captures, with synthetic stacks made of the frames that it
 * gives for each. What is demanded: the cycle runs over the right kinds, a defect that the kernel cannot have is never
 * named, and what the model calls slow or undecided is not called a deadlock.
 */
class RelativesTest {
  private static final String PAGE_LOCK = "delalloc-reservation-under-page-lock";

  @TempDir Path dir;

  // ---- family 1: reservation or flush while holding a page lock or a dirty locked range ----

  private static final String CLONE =
      "xfs_io: schedule < handle_reserve_ticket < __reserve_bytes < btrfs_reserve_metadata_bytes < btrfs_block_rsv_add"
          + " < start_transaction < btrfs_start_transaction < clone_copy_inline_extent < btrfs_clone < btrfs_clone_files"
          + " < btrfs_remap_file_range < do_clone_file_range";
  private static final String RECLAIM =
      "kworker/u8:1 events_unbound btrfs_async_reclaim_metadata_space: schedule < schedule_timeout < wait_for_completion"
          + " < start_delalloc_inodes < btrfs_start_delalloc_roots < flush_space < btrfs_async_reclaim_metadata_space"
          + " < process_one_work < worker_thread";
  private static final String FLUSH_INVALIDATE =
      "kworker/u8:2 btrfs-flush_delalloc btrfs_work_helper: schedule < wait_extent_bit.constprop.0 < lock_extent_bits"
          + " < btrfs_invalidatepage < __extent_writepage < extent_write_cache_pages < extent_writepages < do_writepages"
          + " < __filemap_fdatawrite_range < btrfs_run_delalloc_work < btrfs_work_helper < process_one_work"
          + " < worker_thread";

  @Test
  void inline_clone_waits_for_a_ticket_1a() throws IOException {
    Finding finding = deadlock("5.9.0", CLONE, RECLAIM, FLUSH_INVALIDATE);
    assertThat(kinds(finding)).contains("ticket", "extent_range");
    assertThat(finding.confidence()).isNotEqualTo(Confidence.POSSIBLE);
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("3d45f221ce62"));
    assertThat(findings("5.15.0", CLONE, RECLAIM, FLUSH_INVALIDATE))
        .noneMatch(f -> f.fixes().stream().anyMatch(m -> m.bySignature() && m.fix().commit().equals("3d45f221ce62")));
  }

  @Test
  void inline_clone_waits_for_a_qgroup_flush_1b() throws IOException {
    Finding finding =
        deadlock(
            "5.10.0",
            "fsstress: schedule < try_flush_qgroup < __btrfs_qgroup_reserve_meta < start_transaction"
                + " < btrfs_start_transaction < clone_copy_inline_extent < btrfs_clone < btrfs_clone_files"
                + " < btrfs_remap_file_range",
            FLUSH_INVALIDATE,
            "kworker/u8:5 writeback wb_workfn: schedule < io_schedule < wait_on_page_bit_common < __lock_page"
                + " < extent_write_cache_pages < extent_writepages < do_writepages < __writeback_single_inode"
                + " < writeback_sb_inodes < wb_writeback < wb_workfn < process_one_work < worker_thread");
    assertThat(kinds(finding)).contains("qgroup_flush", "extent_range");
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("f9baa501b4fd"));
    assertThat(finding.victims()).anyMatch(v -> v.waitsFor().kind().equals("page_lock"));
  }

  @Test
  void defrag_reserves_under_pages_and_range_1c() throws IOException {
    String defrag =
        "btrfs: schedule < handle_reserve_ticket < __reserve_bytes < btrfs_reserve_data_bytes"
            + " < btrfs_check_data_free_space < btrfs_delalloc_reserve_space < defrag_one_locked_target"
            + " < defrag_one_range < defrag_one_cluster < btrfs_defrag_file < btrfs_ioctl_defrag < btrfs_ioctl";
    String reclaim = RECLAIM.replace("metadata", "data");
    Finding finding = deadlock("5.16.0", defrag, reclaim, flush("__folio_lock < extent_write_cache_pages"));
    assertThat(kinds(finding)).contains("ticket", "page_lock");
    assertThat(finding.pattern()).isNotEqualTo(PAGE_LOCK);
    assertThat(findings("5.15.0", defrag, reclaim, flush("__lock_page < extent_write_cache_pages")))
        .as("before 5.16 defrag reserved before it locked the pages")
        .noneMatch(f -> f.confidence() != Confidence.POSSIBLE && !f.cycle().isEmpty());
  }

  @Test
  void relocation_reserves_under_the_page_lock_1c() throws IOException {
    Finding finding =
        deadlock(
            "6.1.0",
            "btrfs: schedule < __reserve_bytes < btrfs_reserve_metadata_bytes < btrfs_delalloc_reserve_metadata"
                + " < relocate_one_page < relocate_file_extent_cluster < relocate_data_extent < relocate_block_group"
                + " < btrfs_relocate_block_group < btrfs_relocate_chunk < btrfs_balance < btrfs_ioctl",
            RECLAIM, flush("__folio_lock < extent_write_cache_pages"));
    assertThat(kinds(finding)).contains("ticket", "page_lock");
    assertThat(finding.pattern()).isNotEqualTo(PAGE_LOCK);
  }

  @Test
  void unsubmitted_bio_at_the_wrap_of_writeback_1d() throws IOException {
    String waits =
        "kworker/u8:3 writeback wb_workfn: schedule < io_schedule < __lock_page < __process_pages_contig"
            + " < lock_delalloc_pages < find_lock_delalloc_range < writepage_delalloc < __extent_writepage"
            + " < extent_write_cache_pages < extent_writepages < do_writepages < wb_workfn < process_one_work"
            + " < worker_thread";
    String writer =
        "dd: schedule < io_schedule < wait_on_page_bit < wait_on_page_writeback < prepare_pages"
            + " < btrfs_buffered_write < btrfs_file_write_iter < vfs_write";
    List<Finding> findings = findings("5.5.0", waits, writer);
    assertThat(findings).noneMatch(f -> f.pattern().equals(PAGE_LOCK));
    assertThat(findings).anyMatch(f -> f.fixes().stream().anyMatch(m -> m.fix().commit().equals("96bf313ecb33")));
  }

  @Test
  void successor_on_fixed_kernels_1e() throws IOException {
    List<Finding> findings =
        findings(
            "6.5.0-rc1",
            "kworker/u8:1 btrfs-fixup btrfs_work_helper: schedule < __reserve_bytes < btrfs_reserve_data_bytes"
                + " < btrfs_check_data_free_space < btrfs_delalloc_reserve_space < btrfs_writepage_fixup_worker"
                + " < btrfs_work_helper < process_one_work < worker_thread",
            "kworker/u8:2 events_unbound btrfs_async_reclaim_data_space: schedule < schedule_timeout"
                + " < __wait_for_common < btrfs_wait_ordered_extents < btrfs_wait_ordered_roots < flush_space"
                + " < btrfs_async_reclaim_data_space < process_one_work < worker_thread",
            "kworker/u8:3 btrfs-flush_delalloc btrfs_work_helper: schedule < btrfs_start_ordered_extent"
                + " < btrfs_run_ordered_extent_work < btrfs_work_helper < process_one_work < worker_thread");
    assertThat(findings).noneMatch(f -> f.pattern().equals(PAGE_LOCK));
    assertThat(findings).allSatisfy(f -> assertThat(f.confidence() == Confidence.CERTAIN && !f.cycle().isEmpty()).isFalse());
    assertThat(findings.get(0).cycle()).as("through ticket and ordered extent").isNotEmpty();
    assertThat(kinds(findings.get(0))).contains("ticket", "ordered_extent");
  }

  // ---- family 2: reservation while holding an extent range ----

  @Test
  void clone_against_mmap_writes_2a() throws IOException {
    Finding finding =
        deadlock(
            "5.10.0",
            "xfs_io: schedule < handle_reserve_ticket < __reserve_bytes < btrfs_reserve_metadata_bytes"
                + " < btrfs_block_rsv_add < start_transaction < btrfs_replace_file_extents < btrfs_clone"
                + " < btrfs_clone_files < btrfs_remap_file_range",
            RECLAIM, FLUSH_INVALIDATE);
    assertThat(kinds(finding)).contains("ticket", "extent_range");
    assertThat(finding.confidence()).isNotEqualTo(Confidence.POSSIBLE);
  }

  @Test
  void concurrent_direct_writes_2b() throws IOException {
    Finding finding =
        deadlock(
            "5.17.0",
            "kworker/u8:1 events_unbound btrfs_async_reclaim_data_space: schedule < schedule_timeout"
                + " < __wait_for_common < wait_for_completion < btrfs_wait_ordered_extents < btrfs_wait_ordered_roots"
                + " < flush_space < btrfs_async_reclaim_data_space < process_one_work < worker_thread",
            "kworker/u8:2 btrfs-flush_delalloc btrfs_work_helper: schedule < btrfs_start_ordered_extent"
                + " < btrfs_run_ordered_extent_work < btrfs_work_helper < process_one_work < worker_thread",
            "kworker/u8:3 btrfs-endio-write btrfs_work_helper: schedule < wait_extent_bit < lock_extent_bits"
                + " < btrfs_finish_ordered_io < btrfs_work_helper < process_one_work < worker_thread",
            "fio: schedule < wait_extent_bit < lock_extent_bits < btrfs_dio_iomap_begin < iomap_iter < __iomap_dio_rw"
                + " < iomap_dio_rw < btrfs_dio_rw < btrfs_direct_write < btrfs_file_write_iter",
            "fio: schedule < handle_reserve_ticket < __reserve_bytes < btrfs_reserve_data_bytes"
                + " < btrfs_alloc_data_chunk_ondemand < btrfs_check_data_free_space < btrfs_dio_iomap_begin < iomap_iter"
                + " < __iomap_dio_rw < iomap_dio_rw < btrfs_dio_rw < btrfs_direct_write");
    assertThat(kinds(finding)).contains("ticket", "ordered_extent", "extent_range");
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("f5585f4f0ef5"));
  }

  // ---- family 3: transaction against extent lock ----

  @Test
  void fiemap_against_commit_3a() throws IOException {
    Finding finding =
        deadlock(
            "5.2.0",
            "btrfs-transacti: schedule < schedule_timeout < wait_for_completion < btrfs_wait_ordered_extents"
                + " < btrfs_wait_ordered_roots < btrfs_commit_transaction < transaction_kthread < kthread",
            "kworker/u8:3 btrfs-endio-write normal_work_helper: schedule < wait_extent_bit < lock_extent_bits"
                + " < btrfs_finish_ordered_io < normal_work_helper < process_one_work < worker_thread",
            "filefrag: schedule < wait_current_trans < start_transaction < btrfs_join_transaction < btrfs_check_shared"
                + " < extent_fiemap < btrfs_fiemap < do_vfs_ioctl");
    assertThat(kinds(finding)).contains("extent_range", "transaction_blocked");
    assertThat(finding.confidence()).isNotEqualTo(Confidence.POSSIBLE);
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("a6d155d2e363"));
  }

  @Test
  void fiemap_against_completion_with_a_handle_3b() throws IOException {
    String[] stacks = {
      "btrfs-transacti: schedule < btrfs_commit_transaction < transaction_kthread < kthread",
      "kworker/u8:3 btrfs-endio-write btrfs_work_helper: schedule < wait_extent_bit < lock_extent"
          + " < btrfs_finish_one_ordered < btrfs_work_helper < process_one_work < worker_thread",
      "filefrag: schedule < wait_current_trans < start_transaction < btrfs_join_transaction"
          + " < btrfs_is_data_extent_shared < extent_fiemap < btrfs_fiemap < do_vfs_ioctl"
    };
    Finding finding = deadlock("6.12.0", stacks);
    assertThat(kinds(finding)).contains("extent_range", "transaction_blocked", "transaction_writers");
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("7d6872ccbd56"));
    for (String kernel : List.of("6.1.90", "6.6.20", "6.14.0")) {
      assertThat(findings(kernel, stacks))
          .as(kernel + " locks the range before it joins the transaction")
          .noneMatch(f -> f.confidence() != Confidence.POSSIBLE && kinds(f).contains("transaction_writers"));
    }
  }

  @Test
  void fsync_falls_back_with_a_handle_3c() throws IOException {
    Finding finding =
        deadlock(
            "5.18.0",
            "btrfs-transacti: schedule < btrfs_commit_transaction < transaction_kthread < kthread",
            "fsstress: schedule < btrfs_start_ordered_extent < btrfs_wait_ordered_range < btrfs_sync_file"
                + " < vfs_fsync_range < do_fsync",
            "kworker/u8:3 btrfs-endio-write btrfs_work_helper: schedule < wait_extent_bit < lock_extent_bits"
                + " < btrfs_finish_ordered_io < btrfs_work_helper < process_one_work < worker_thread",
            "fiemap: schedule < wait_current_trans < start_transaction < btrfs_join_transaction < btrfs_check_shared"
                + " < extent_fiemap < btrfs_fiemap < do_vfs_ioctl");
    assertThat(kinds(finding)).contains("ordered_extent", "extent_range", "transaction_blocked");
    assertThat(finding.victims()).as("the completion holds no handle here").noneMatch(v -> v.task().comm().equals("fsstress"));
  }

  // ---- family 4: tree locks ----

  @Test
  void fsync_of_preallocated_extents_4a() throws IOException {
    Finding finding =
        deadlock(
            "5.5.0",
            "fsstress: schedule < wait_extent_bit.constprop.0 < lock_extent_bits < btrfs_truncate_inode_items"
                + " < btrfs_log_prealloc_extents < btrfs_log_changed_extents < btrfs_log_inode < btrfs_log_inode_parent"
                + " < btrfs_log_dentry_safe < btrfs_sync_file < do_fsync",
            "kworker/u8:3 btrfs-endio-write btrfs_work_helper: schedule < btrfs_tree_lock < btrfs_search_slot"
                + " < btrfs_lookup_file_extent < __btrfs_drop_extents < insert_reserved_file_extent"
                + " < btrfs_finish_ordered_io < btrfs_work_helper < process_one_work < worker_thread");
    assertThat(kinds(finding)).containsExactlyInAnyOrder("extent_range", "tree_lock");
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("a5ae50dea911"));
  }

  @Test
  void chunk_mutex_against_chunk_tree_4b() throws IOException {
    Finding finding =
        deadlock(
            "5.14.0",
            "kworker/u8:1 events_unbound btrfs_async_reclaim_metadata_space: schedule < rwsem_down_read_slowpath"
                + " < __btrfs_tree_read_lock < btrfs_read_lock_root_node < btrfs_search_slot < btrfs_update_device"
                + " < btrfs_chunk_alloc_add_chunk_item < btrfs_chunk_alloc < flush_space"
                + " < btrfs_async_reclaim_metadata_space < process_one_work < worker_thread",
            "btrfs: schedule < schedule_preempt_disabled < __mutex_lock < btrfs_chunk_alloc < find_free_extent"
                + " < btrfs_reserve_extent < btrfs_alloc_tree_block < __btrfs_cow_block < btrfs_cow_block"
                + " < relocate_tree_block < relocate_tree_blocks < relocate_block_group < btrfs_relocate_block_group"
                + " < btrfs_relocate_chunk < btrfs_balance");
    assertThat(kinds(finding)).containsExactlyInAnyOrder("chunk_mutex", "tree_lock");
  }

  @Test
  void clone_reserves_with_a_leaf_locked_4c() throws IOException {
    Finding finding =
        deadlock(
            "5.12.0",
            "cp: schedule < handle_reserve_ticket < __reserve_bytes < btrfs_reserve_data_bytes"
                + " < btrfs_alloc_data_chunk_ondemand < btrfs_check_data_free_space < btrfs_delalloc_reserve_space"
                + " < copy_inline_to_page < clone_copy_inline_extent < btrfs_clone < btrfs_clone_files",
            RECLAIM.replace("metadata", "data"),
            "kworker/u8:4 btrfs-flush_delalloc btrfs_work_helper: schedule < rwsem_down_write_slowpath"
                + " < __btrfs_tree_lock < btrfs_lock_root_node < btrfs_search_slot < btrfs_lookup_file_extent"
                + " < run_delalloc_nocow < btrfs_run_delalloc_range < writepage_delalloc < __extent_writepage"
                + " < extent_write_cache_pages < extent_writepages < do_writepages < btrfs_run_delalloc_work"
                + " < btrfs_work_helper < process_one_work < worker_thread");
    assertThat(kinds(finding)).contains("ticket");
    assertThat(kinds(finding)).containsAnyOf("tree_lock", "extent_range");
  }

  // ---- family 5: one stack ----

  @Test
  void fiemap_faults_into_its_own_file_5a() throws IOException {
    Finding finding =
        deadlock(
            "6.6.0",
            "fiemap: schedule < wait_extent_bit < lock_extent < btrfs_page_mkwrite < do_page_mkwrite < do_wp_page"
                + " < __handle_mm_fault < handle_mm_fault < do_user_addr_fault < exc_page_fault < asm_exc_page_fault"
                + " < _copy_to_user < fiemap_fill_next_extent < emit_fiemap_extent < extent_fiemap < btrfs_fiemap");
    assertThat(kinds(finding)).containsExactly("extent_range");
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("b0ad381fa769"));
  }

  @Test
  void direct_read_into_its_own_mapping_5b() throws IOException {
    Finding finding =
        deadlock(
            "5.14.0",
            "a.out: schedule < wait_extent_bit < lock_extent_bits < btrfs_lock_and_flush_ordered_range"
                + " < extent_readahead < read_pages < filemap_fault < __do_fault < handle_mm_fault"
                + " < __get_user_pages < iov_iter_get_pages < bio_iov_iter_get_pages < iomap_dio_bio_iter"
                + " < __iomap_dio_rw < iomap_dio_rw < btrfs_file_read_iter < new_sync_read");
    assertThat(kinds(finding)).containsExactly("extent_range");
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("51bd9563b678"));
  }

  @Test
  void read_writes_back_its_own_folio_5c() throws IOException {
    Finding finding =
        deadlock(
            "6.12.0",
            "fsx: schedule < io_schedule < folio_wait_bit_common < __folio_lock < extent_write_cache_pages"
                + " < btrfs_writepages < do_writepages < filemap_fdatawrite_wbc < __filemap_fdatawrite_range"
                + " < btrfs_start_ordered_extent < btrfs_lock_and_flush_ordered_range < btrfs_do_readpage"
                + " < btrfs_read_folio < prepare_one_folio < btrfs_buffered_write < btrfs_do_write_iter");
    assertThat(kinds(finding)).containsExactly("page_lock");
  }

  @Test
  void direct_write_from_its_own_mapping_5b() throws IOException {
    Finding finding =
        deadlock(
            "5.14.0",
            "a.out: schedule < btrfs_start_ordered_extent < btrfs_lock_and_flush_ordered_range < extent_readahead"
                + " < read_pages < filemap_fault < __do_fault < handle_mm_fault < __get_user_pages"
                + " < iov_iter_get_pages < bio_iov_iter_get_pages < iomap_dio_bio_iter < __iomap_dio_rw < iomap_dio_rw"
                + " < btrfs_direct_write < btrfs_file_write_iter < new_sync_write");
    assertThat(kinds(finding)).containsExactly("ordered_extent");
    assertThat(finding.fixes()).anyMatch(f -> f.fix().commit().equals("51bd9563b678"));
  }

  @Test
  void defrag_locks_a_huge_page_twice_5c() throws IOException {
    List<Finding> findings =
        findings(
            "5.16.0",
            "btrfs: schedule < io_schedule < folio_wait_bit_common < __folio_lock < pagecache_get_page"
                + " < find_or_create_page < defrag_prepare_one_page < defrag_one_range < defrag_one_cluster"
                + " < btrfs_defrag_file < btrfs_ioctl_defrag");
    assertThat(findings).noneMatch(f -> f.confidence() != Confidence.POSSIBLE && !f.cycle().isEmpty() && !kinds(f).equals(Set.of("page_lock")));
    assertThat(findings).noneMatch(f -> f.pattern().equals(PAGE_LOCK));
  }

  // ---- family 6: transaction state, services ----

  @Test
  void join_is_stuck_behind_the_next_commit_6a() throws IOException {
    List<Finding> findings =
        findings(
            "6.12.0",
            "btrfs-transacti: schedule < btrfs_commit_transaction < transaction_kthread < kthread",
            "kworker/u8:3 btrfs-endio-write btrfs_work_helper: schedule < wait_current_trans < start_transaction"
                + " < btrfs_join_transaction < btrfs_finish_one_ordered < btrfs_work_helper < process_one_work"
                + " < worker_thread");
    assertThat(findings).as("the cycle").anySatisfy(
        f -> assertThat(kinds(f)).contains("transaction_blocked").containsAnyOf("pending_ordered", "ordered_extent"));
    assertThat(findings.get(0).fixes()).as("the fix").anyMatch(f -> f.fix().commit().equals("5037b342825d"));
    assertThat(findings).as("the committer may wait for something else")
        .allSatisfy(f -> assertThat(f.confidence()).isNotEqualTo(Confidence.CERTAIN));
  }

  @Test
  void ticket_storm_behind_a_slow_device_is_no_deadlock_6b() throws IOException {
    List<String> stacks = new ArrayList<>();
    for (int i = 0; i < 28; i++) {
      stacks.add(
          "mongod" + i + ": schedule < wait_reserve_ticket < reserve_metadata_bytes < btrfs_block_rsv_add"
              + " < start_transaction < btrfs_dirty_inode < file_update_time < btrfs_page_mkwrite < do_page_mkwrite"
              + " < handle_mm_fault");
    }
    stacks.add(
        "kworker/u8:1 events_unbound btrfs_async_reclaim_metadata_space: schedule < schedule_timeout < flush_space"
            + " < btrfs_async_reclaim_metadata_space < process_one_work < worker_thread");
    stacks.add(
        "systemd-journal: schedule < io_schedule < blk_mq_get_tag < wait_dev_supers < write_all_supers < btrfs_sync_log"
            + " < btrfs_sync_file < do_fsync");
    for (String kernel : new String[] {null, "5.3.0"}) {
      List<Finding> findings = findings(kernel, stacks.toArray(new String[0]));
      assertThat(findings).as(kernel).allSatisfy(f -> assertThat(f.cycle()).isEmpty());
      assertThat(findings).noneMatch(f -> f.confidence() != Confidence.POSSIBLE && f.severity() == Finding.Severity.ERROR);
    }
  }

  @Test
  void chunk_allocation_loops_on_a_flag_6c() throws IOException {
    List<Finding> findings =
        findings(
            "5.13.0",
            "btrfs: schedule < schedule_preempt_disabled < __mutex_lock < btrfs_chunk_alloc < find_free_extent"
                + " < btrfs_reserve_extent < btrfs_alloc_tree_block < __btrfs_cow_block < btrfs_search_slot"
                + " < btrfs_insert_empty_items < btrfs_create_pending_block_groups < __btrfs_end_transaction",
            "dd: schedule < _cond_resched < btrfs_chunk_alloc < find_free_extent < btrfs_reserve_extent"
                + " < btrfs_alloc_tree_block < __btrfs_cow_block < btrfs_search_slot");
    assertThat(findings).noneMatch(f -> f.confidence() == Confidence.CERTAIN && !f.cycle().isEmpty());
  }

  // ---- family 7: work queues ----

  @Test
  void fixup_that_waits_for_an_ordered_extent_holds_no_page_7b() throws IOException {
    String[] stacks = {
      "kworker/u8:1 btrfs-fixup btrfs_work_helper: schedule < btrfs_start_ordered_extent < btrfs_writepage_fixup_worker"
          + " < btrfs_work_helper < process_one_work < worker_thread",
      "kworker/u8:2 writeback wb_workfn: schedule < io_schedule < __lock_page < extent_write_cache_pages"
          + " < extent_writepages < do_writepages < __writeback_single_inode < writeback_sb_inodes < wb_workfn"
          + " < process_one_work < worker_thread"
    };
    for (String kernel : new String[] {null, "4.19.40", "5.4.0", "5.10.0"}) {
      List<Finding> findings = findings(kernel, stacks);
      assertThat(findings).as(kernel).noneMatch(f -> f.pattern().equals(PAGE_LOCK) && f.confidence() != Confidence.POSSIBLE);
      assertThat(findings).as(kernel).allSatisfy(f -> assertThat(kinds(f)).doesNotContain("page_lock"));
    }
  }

  // ----

  private static String flush(String top) {
    return "kworker/u8:4 btrfs-flush_delalloc btrfs_work_helper: schedule < io_schedule < "
        + top + " < extent_writepages < do_writepages < btrfs_run_delalloc_work < btrfs_work_helper < process_one_work"
        + " < worker_thread";
  }

  /** Kinds that the cycle's parties wait for. */
  private static Set<String> kinds(Finding finding) {
    Set<String> kinds = new TreeSet<>();
    finding.cycle().forEach(step -> kinds.add(step.waitsFor().kind()));
    return kinds;
  }

  private Finding deadlock(String kernel, String... stacks) throws IOException {
    List<Finding> findings = findings(kernel, stacks);
    assertThat(findings).isNotEmpty();
    Finding first = findings.get(0);
    assertThat(first.cycle()).as(first.pattern() + ": " + first.title()).isNotEmpty();
    return first;
  }

  /** Analyses stacks given as {@code comm [queue function]: frame < frame}, printed as sysrq-w would. */
  private List<Finding> findings(String kernel, String... stacks) throws IOException {
    StringBuilder log = new StringBuilder("[  300.000000] sysrq: Show Blocked State\n");
    int pid = 1000;
    for (String stack : stacks) {
      String[] head = stack.substring(0, stack.indexOf(": ")).split(" ");
      String at = String.format("[  300.%06d] ", pid);
      log.append(at).append(String.format("task:%-15s state:D stack:    0 pid:%5d ppid:     2 flags:0x00004000%n", head[0], pid++));
      if (head.length > 1) {
        log.append(at).append("Workqueue: ").append(head[1]).append(' ').append(head[2]).append('\n');
      }
      log.append(at).append("Call Trace:\n").append(at).append(" __schedule+0x2d8/0x990\n");
      for (String frame : stack.substring(stack.indexOf(": ") + 2).split(" < ")) {
        log.append(at).append(' ').append(frame.strip()).append("+0x44/0x90\n");
      }
    }
    Path file = Files.writeString(dir.resolve("relatives.log"), log.toString());
    return Incidents.all(kernel == null ? null : KernelVersion.parse(kernel), file);
  }
}
