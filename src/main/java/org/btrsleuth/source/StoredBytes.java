package org.btrsleuth.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and, where asked for, hashes what is read through it: the input as it is stored, before decompression. */
final class StoredBytes extends FilterInputStream {
  /** Null if no hash is asked for. */
  private final MessageDigest digest;
  private long count;

  StoredBytes(InputStream in, boolean hashed) {
    super(in);
    try {
      digest = hashed ? MessageDigest.getInstance("SHA-256") : null;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      if (digest != null) {
        digest.update((byte) b);
      }
      count++;
    }
    return b;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int n = super.read(bytes, from, length);
    if (n > 0) {
      if (digest != null) {
        digest.update(bytes, from, n);
      }
      count += n;
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = 0;
    byte[] sink = new byte[8192];
    while (skipped < n) {
      int k = read(sink, 0, (int) Math.min(sink.length, n - skipped));
      if (k < 0) {
        break;
      }
      skipped += k;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads what a decompressor left over, so that count and hash are those of the whole. */
  void drain() throws IOException {
    byte[] sink = new byte[1 << 16];
    while (read(sink, 0, sink.length) >= 0) {
      continue;
    }
  }

  long count() {
    return count;
  }

  /** Lower-case hex, "" if no hash was asked for. */
  String sha256() {
    if (digest == null) {
      return "";
    }
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of this platform cannot be cloned", e);
    }
  }
}
