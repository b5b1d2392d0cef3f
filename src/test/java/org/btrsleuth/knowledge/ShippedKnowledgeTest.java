package org.btrsleuth.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShippedKnowledgeTest {
  @Test
  void loads_without_a_single_diagnostic() {
    assertThat(Knowledge.shipped().diagnostics()).isEmpty();
  }

  @Test
  void every_kind_that_is_waited_for_says_what_ends_the_wait_or_is_a_sink_or_a_detail() {
    Knowledge knowledge = Knowledge.shipped();
    assertThat(knowledge.rules()).hasSizeGreaterThan(100);
    assertThat(knowledge.progress()).extracting(Progress::kind).contains("page_lock", "ticket", "delalloc_flush");
  }
}
