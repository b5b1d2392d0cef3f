package org.btrsleuth.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packed captures are unpacked beside the parser and never as a whole. Synthetic text. */
class CompressedReadingTest {
  private static final int EVENTS = 60_000;

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void unpacking_goes_on_while_parsed_events_are_handed_out(String packer) throws IOException {
    HalfWay stored = new HalfWay(packed(packer));
    long[] events = new long[1];
    TraceReader reader = new TraceReader(new Symbols(), new StackTable(), Read.options(2, 1 << 15, false));
    Inputs.walk(List.of("-"), stored, new Inputs.Visitor() {
      @Override
      public void input(Input input) {
        reader.read(input, (block, lines) -> {
          events[0] += block.size();
          stored.handedOut.countDown();
        });
      }

      @Override
      public void problem(String path, String problem) {
        throw new AssertionError(problem);
      }
    });
    assertThat(events[0]).isEqualTo(EVENTS);
    assertThat(stored.waited).as("the second half of the input is held back until events of the first came out").isTrue();
    assertThat(stored.readers).as("threads that unpack").contains("btrsleuth-read")
        .noneMatch(name -> name.startsWith("btrsleuth-parse"));
  }

  private static byte[] packed(String packer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Random random = new Random(7);
    try (OutputStream out = packer.equals("gzip") ? new GZIPOutputStream(bytes) : new ZstdOutputStream(bytes)) {
      for (int i = 0; i < EVENTS; i++) {
        // numbers that do not pack well, so that the stored bytes are many reads
        String line = "  dd-900   [001] ....    %d.%06d: btrfs_sync_fs: wait=%d%n"
            .formatted(i, random.nextInt(1_000_000), random.nextLong() >>> 1);
        out.write(line.replace(System.lineSeparator(), "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    return bytes.toByteArray();
  }

  /** Gives its second half only after something of the first has been handed out. */
  private static final class HalfWay extends FilterInputStream {
    final Set<String> readers = ConcurrentHashMap.newKeySet();
    final CountDownLatch handedOut = new CountDownLatch(1);
    volatile boolean waited;
    private final int half;
    private int given;

    HalfWay(byte[] bytes) {
      super(new ByteArrayInputStream(bytes));
      half = bytes.length / 2;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      readers.add(Thread.currentThread().getName());
      if (given >= half && !waited) {
        try {
          waited = handedOut.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        if (!waited) {
          throw new IOException("nothing was handed out while the rest was awaited");
        }
      }
      int n = super.read(to, from, Math.min(length, 1 << 13));
      given += Math.max(n, 0);
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
