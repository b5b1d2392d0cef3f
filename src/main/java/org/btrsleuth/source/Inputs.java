package org.btrsleuth.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/**
 * Finds the inputs behind the paths of a command line: files, directories (recursively, in name order), archives (zip,
 * tar, compressed tar; their members) and {@code -} for standard input.
 */
public final class Inputs {
  /** An archive in an archive in an archive is opened, no deeper. */
  private static final int DEPTH = 3;

  private final InputStream standardInput;
  private final Visitor visitor;
  private final boolean hashed;

  /** Takes inputs one after the other. */
  public interface Visitor {
    /** The input must be read before return. */
    void input(Input input);

    /** @param problem a sentence that names the cause and what to do */
    void problem(String path, String problem);
  }

  private Inputs(InputStream standardInput, Visitor visitor, boolean hashed) {
    this.standardInput = standardInput;
    this.visitor = visitor;
    this.hashed = hashed;
  }

  /** Visits the inputs behind {@code paths} in the order given. */
  public static void walk(List<String> paths, InputStream standardInput, Visitor visitor) {
    walk(paths, standardInput, true, visitor);
  }

  /** @param hashed whether {@link Input#sha256} will be asked for: hashing takes a third of the time of parsing */
  public static void walk(List<String> paths, InputStream standardInput, boolean hashed, Visitor visitor) {
    Inputs inputs = new Inputs(standardInput, visitor, hashed);
    for (String path : paths) {
      inputs.path(path);
    }
  }

  private void path(String path) {
    if (path.equals("-")) {
      stream("-", standardInput, 0);
      return;
    }
    Path file;
    try {
      file = Path.of(path);
    } catch (java.nio.file.InvalidPathException e) {
      visitor.problem(path, "is not a valid path: " + e.getReason() + ".");
      return;
    }
    if (Files.isDirectory(file)) {
      directory(path, file);
    } else {
      file(path, file);
    }
  }

  private void directory(String path, Path directory) {
    List<Path> children;
    try (Stream<Path> list = Files.list(directory)) {
      children = list.sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString())).toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      visitor.problem(path, reason(e));
      return;
    }
    if (children.isEmpty()) {
      visitor.problem(path, "is an empty directory; name the files that hold the capture.");
    }
    for (Path child : children) {
      String name = path.endsWith("/") ? path + child.getFileName() : path + "/" + child.getFileName();
      if (!Files.isSymbolicLink(child) && Files.isDirectory(child)) {
        directory(name, child);
      } else if (Files.isRegularFile(child)) {
        file(name, child);
      } else {
        visitor.problem(name, "is no regular file, it was left out.");
      }
    }
  }

  private void file(String path, Path file) {
    InputStream in;
    try {
      in = Files.newInputStream(file);
    } catch (IOException e) {
      visitor.problem(path, reason(e));
      return;
    }
    try (in) {
      stream(path, in, 0);
    } catch (IOException e) {
      visitor.problem(path, reason(e));
    }
  }

  private void stream(String path, InputStream in, int depth) {
    try {
      Input input = Input.open(path, in, hashed);
      byte[] head = input.peek(512);
      if (depth < DEPTH && Input.startsWith(head, 'P', 'K', 3, 4)) {
        members(path, new ZipArchiveInputStream(input.bytes(), "UTF-8", true, true), depth);
      } else if (depth < DEPTH && isTar(head)) {
        members(path, new TarArchiveInputStream(input.bytes()), depth);
      } else {
        visitor.input(input);
      }
    } catch (IOException e) {
      visitor.problem(path, reason(e));
    }
  }

  private void members(String path, ArchiveInputStream<? extends ArchiveEntry> archive, int depth) throws IOException {
    boolean any = false;
    ArchiveEntry entry = archive.getNextEntry();
    while (entry != null) {
      String name = path + "!" + entry.getName();
      if (!entry.isDirectory()) {
        any = true;
        if (archive.canReadEntryData(entry)) {
          stream(name, new Unclosed(archive), depth + 1);
        } else {
          visitor.problem(name, "is encrypted or packed in a way that cannot be read; unpack it and name the file.");
        }
      }
      entry = archive.getNextEntry();
    }
    if (!any) {
      visitor.problem(path, "is an archive without files.");
    }
  }

  private static boolean isTar(byte[] head) {
    return head.length >= 262
        && head[257] == 'u' && head[258] == 's' && head[259] == 't' && head[260] == 'a' && head[261] == 'r';
  }

  /** A sentence, without the path, that says what is wrong and what to do. */
  static String reason(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "does not exist; check the path.";
    }
    if (e instanceof AccessDeniedException) {
      return "cannot be read: permission denied; run as a user who may read it or copy it.";
    }
    if (e instanceof EOFException) {
      return "ends in the middle of its compressed data; copy it again. What could be read was analysed.";
    }
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return "could not be read to its end (" + message + "). What could be read was analysed.";
  }

  /** The sentence for an input whose reading failed. */
  public static String readProblem(IOException e) {
    return reason(e);
  }

  /** Readers of a member must not close the archive. */
  private static final class Unclosed extends java.io.FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      return in.read(bytes, from, length);
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() {}
  }
}
