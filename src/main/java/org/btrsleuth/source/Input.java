package org.btrsleuth.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import com.github.luben.zstd.ZstdInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * One input: a file, a member of an archive ({@code archive!member}) or standard input ({@code -}), decompressed while
 * it is read. Valid only while {@link Inputs.Visitor#input} runs. Reading may fail in the middle; what came before is
 * good.
 */
public final class Input {
  private static final int PEEK = 512;
  private static final int BUFFER = 1 << 16;

  private final String path;
  private final StoredBytes stored;
  private final InputStream bytes;

  private Input(String path, StoredBytes stored, InputStream bytes) {
    this.path = path;
    this.stored = stored;
    this.bytes = bytes;
  }

  /** Looks at the first bytes and puts the decompressor in front that they ask for. */
  static Input open(String path, InputStream in, boolean hashed) throws IOException {
    StoredBytes stored = new StoredBytes(in, hashed);
    return new Input(path, stored, buffered(decompressed(stored)));
  }

  /** An input that is not compressed, for callers that have bytes already. */
  public static Input of(String path, InputStream in) {
    StoredBytes stored = new StoredBytes(in, true);
    return new Input(path, stored, stored);
  }

  /** As given by the user. */
  public String path() {
    return path;
  }

  /** Decompressed; need not be closed by the reader. */
  public InputStream bytes() {
    return bytes;
  }

  /** Bytes before decompression read so far; all of them after {@link #finish}. */
  public long storedBytes() {
    return stored.count();
  }

  /** Lower-case hex of what {@link #storedBytes} counts; "" if {@link Inputs} was told that nobody asks. */
  public String sha256() {
    return stored.sha256();
  }

  /** Reads what the decompressor left, so that size and hash are those of the whole input. */
  public void finish() throws IOException {
    stored.drain();
  }

  /** The next bytes without consuming them, fewer only at the end. */
  public byte[] peek(int count) throws IOException {
    return peek(bytes, count);
  }

  static byte[] peek(InputStream in, int count) throws IOException {
    in.mark(count);
    byte[] head = in.readNBytes(count);
    in.reset();
    return head;
  }

  private static InputStream buffered(InputStream in) {
    return in.markSupported() ? in : new BufferedInputStream(in, BUFFER);
  }

  private static InputStream decompressed(InputStream stored) throws IOException {
    InputStream in = buffered(stored);
    byte[] head = peek(in, PEEK);
    if (startsWith(head, 0x1f, 0x8b)) {
      return new GZIPInputStream(in, BUFFER);
    }
    if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new ZstdInputStream(in).setContinuous(false);
    }
    if (startsWith(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return new XZInputStream(in);
    }
    if (startsWith(head, 'B', 'Z', 'h') && head.length > 4 && head[4] == 0x31) {
      return new BZip2CompressorInputStream(in, true);
    }
    return in;
  }

  static boolean startsWith(byte[] head, int... magic) {
    if (head.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((head[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
