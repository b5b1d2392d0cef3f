package org.btrsleuth.chart.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PngTest {
  @Test
  void another_reader_gets_every_pixel_back() throws IOException {
    Random random = new Random(11);
    int[][] sizes = {{1, 1}, {1, 300}, {257, 1}, {123, 77}};
    for (int[] size : sizes) {
      int[] pixels = random.ints(size[0] * size[1], 0, 1 << 24).toArray();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Png.write(pixels, size[0], size[1], out);
      BufferedImage read = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
      assertThat(read.getWidth()).isEqualTo(size[0]);
      assertThat(read.getHeight()).isEqualTo(size[1]);
      int[] back = read.getRGB(0, 0, size[0], size[1], null, 0, size[0]);
      for (int i = 0; i < back.length; i++) {
        assertThat(back[i] & 0xffffff).isEqualTo(pixels[i]);
      }
    }
  }
}
