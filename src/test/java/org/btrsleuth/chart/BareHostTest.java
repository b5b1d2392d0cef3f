package org.btrsleuth.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What charts ask of the host, seen from the classes that a fresh JVM loads: fonts only come through
 * sun.font.FontManagerFactory, which fails on a server without fontconfig, and must therefore never be loaded.
 */
class BareHostTest {
  @TempDir Path directory;

  @Test
  void drawing_all_charts_never_asks_for_a_font_of_the_host() throws Exception {
    List<String> loaded = classesLoadedBy(directory.resolve("out").toString());
    assertThat(loaded).contains("org.btrsleuth.chart.draw.RasterCanvas", "org.jfree.chart.JFreeChart");
    assertThat(loaded).doesNotContain("sun.font.FontManagerFactory").noneMatch(c -> c.endsWith("FontManager"));
    try (var files = Files.walk(directory.resolve("out"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".png"))).hasSizeGreaterThan(10);
    }
  }

  @Test
  void listing_charts_without_drawing_them_loads_no_awt() throws Exception {
    List<String> loaded = classesLoadedBy("--list");
    assertThat(loaded).contains("org.btrsleuth.chart.Chart");
    assertThat(loaded).noneMatch(c -> c.startsWith("java.awt.") || c.startsWith("org.jfree."));
  }

  @Test
  void a_runtime_without_awt_gives_a_note_instead_of_a_crash() {
    Chart chart = new Chart("x", "A <title>", "caption", () -> {
      throw new NoClassDefFoundError("java/awt/Color");
    });
    assertThat(chart.svg()).startsWith("<svg").contains("A &lt;title&gt;").contains("java/awt/Color");
    assertThatThrownBy(() -> chart.png(new ByteArrayOutputStream()))
        .isInstanceOf(IOException.class).hasMessageContaining("PNG not written").hasMessageContaining("java.desktop");
  }

  private List<String> classesLoadedBy(String argument) throws Exception {
    Path log = directory.resolve("classes");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xshare:auto");
    command.add("-Xlog:class+load=info:file=" + log + ":none:filesize=0");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ChartGallery.class.getName());
    command.add(argument);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    List<String> loaded = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      loaded.add(line.split(" ", 2)[0]);
    }
    return loaded;
  }
}
