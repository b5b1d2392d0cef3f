package org.btrsleuth.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.btrsleuth.finding.Analysis;
import org.junit.jupiter.api.Test;

class CsvTablesTest {
  @Test
  void every_table_reads_back_with_one_width() throws IOException {
    for (Analysis analysis : List.of(SyntheticAnalysis.rich(), SyntheticAnalysis.nothing())) {
      for (String name : CsvTables.names()) {
        List<CSVRecord> rows = read(name, analysis);
        assertThat(rows).as(name).isNotEmpty();
        assertThat(rows).as(name).allSatisfy(row -> assertThat(row.size()).isEqualTo(rows.get(0).size()));
      }
    }
  }

  @Test
  void no_table_of_the_rich_analysis_is_empty() throws IOException {
    for (String name : CsvTables.names()) {
      assertThat(read(name, SyntheticAnalysis.rich())).as(name).hasSizeGreaterThan(1);
    }
  }

  @Test
  void text_that_a_spreadsheet_would_run_is_neutralised() throws IOException {
    for (String name : List.of("=1", "+1", "-1", "@x", "\t=1", " =1", "\r=1")) {
      List<CSVRecord> rows = read("tasks", SyntheticAnalysis.rich(name));
      assertThat(rows.get(3).get(2)).isEqualTo("'" + name);
    }
    assertThat(read("evidence", SyntheticAnalysis.rich()).get(3).get(3)).startsWith("'=HYPERLINK");
    assertThat(read("findings", SyntheticAnalysis.rich()).get(2).get(6)).isEqualTo("'=1+1");
  }

  @Test
  void numbers_stay_plain_and_times_have_nine_digits() throws IOException {
    CSVRecord event = read("inode-unit-events", SyntheticAnalysis.rich()).get(1);
    assertThat(event.get(4)).isEqualTo("393216");
    assertThat(event.get(6)).isEqualTo("1.500000000");
    assertThat(event.get(2)).as("unknown root").isEmpty();
    StringBuilder out = new StringBuilder();
    CsvTable csv = new CsvTable(out);
    csv.header("n", "t");
    csv.row(-28L, CsvTable.seconds(-1_000_000_001L, -1));
    assertThat(out.toString()).isEqualTo("n,t\r\n-28,-1.000000001\r\n");
  }

  @Test
  void a_row_of_the_wrong_width_is_a_defect() throws IOException {
    CsvTable csv = new CsvTable(new StringBuilder());
    csv.header("a", "b");
    assertThatThrownBy(() -> csv.row("x")).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<CSVRecord> read(String name, Analysis analysis) throws IOException {
    StringBuilder out = new StringBuilder();
    CsvTables.write(name, analysis, out);
    try (var parser = CSVFormat.RFC4180.parse(new StringReader(out.toString()))) {
      return parser.getRecords();
    }
  }
}
