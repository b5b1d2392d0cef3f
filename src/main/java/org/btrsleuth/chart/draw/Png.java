package org.btrsleuth.chart.draw;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes PNG files (ISO/IEC 15948): eight bits a colour, no transparency, one image data chunk. ImageIO asks for every
 * pixel through four layers and took more time than drawing the picture.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int BITS = 8;
  private static final int TRUE_COLOUR = 2;
  /** Row filter that stores differences from the row above: in charts most rows equal it. */
  private static final byte UP = 2;
  /** Half the time of the usual 6, for a fifth more bytes. */
  private static final int LEVEL = 2;

  private Png() {}

  /** @param pixels rows of 0xRRGGBB, {@code width * height} of them */
  static void write(int[] pixels, int width, int height, OutputStream to) throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    out.write(SIGNATURE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream header = new DataOutputStream(bytes);
    header.writeInt(width);
    header.writeInt(height);
    // Colour as it is; the only methods of compression and filtering there are; not interlaced.
    header.write(new byte[] {BITS, TRUE_COLOUR, 0, 0, 0});
    chunk("IHDR", bytes.toByteArray(), out);
    chunk("IDAT", compressed(pixels, width, height), out);
    chunk("IEND", new byte[0], out);
    out.flush();
  }

  private static byte[] compressed(int[] pixels, int width, int height) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    Deflater deflater = new Deflater(LEVEL);
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater, 1 << 14)) {
      byte[] row = new byte[1 + 3 * width];
      int[] above = new int[width];
      for (int y = 0; y < height; y++) {
        Arrays.fill(row, (byte) 0);
        row[0] = UP;
        int from = y * width;
        for (int x = next(pixels, from, above, 0, width); x < width; x = next(pixels, from, above, x + 1, width)) {
          int pixel = pixels[from + x];
          int at = 1 + 3 * x;
          row[at] = (byte) ((pixel >> 16) - (above[x] >> 16));
          row[at + 1] = (byte) ((pixel >> 8) - (above[x] >> 8));
          row[at + 2] = (byte) (pixel - above[x]);
        }
        out.write(row);
        System.arraycopy(pixels, from, above, 0, width);
      }
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  /** Column of the next pixel that is not that above it, {@code width} if there is none. */
  private static int next(int[] pixels, int from, int[] above, int x, int width) {
    int equal = Arrays.mismatch(pixels, from + x, from + width, above, x, width);
    return equal < 0 ? width : x + equal;
  }

  private static void chunk(String type, byte[] data, DataOutputStream out) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) sum.getValue());
  }
}
