package org.btrsleuth.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.btrsleuth.source.BlockCutter;

/**
 * One reading thread, several parsing threads, and the caller's thread that consumes in order. Every block is either
 * free, being filled, waiting for a worker, or waiting for its turn; there are only so many.
 */
final class BlockPipeline {
  private final TraceReader reader;
  private final int workers;
  private final String path;
  private final BlockCutter cutter;
  private final Consumer<ParsedBlock> consumer;
  private final BlockingQueue<ParsedBlock> free;
  private final BlockingQueue<ParsedBlock> toParse;
  private final BlockingQueue<ParsedBlock> inOrder;
  private final ParsedBlock end;
  private final int blocks;

  /** @param consumer called on the thread of {@link #run} */
  BlockPipeline(
      TraceReader reader, int workers, String path, BlockCutter cutter, Consumer<ParsedBlock> consumer) {
    this.reader = reader;
    this.workers = workers;
    this.path = path;
    this.cutter = cutter;
    this.consumer = consumer;
    // one in every worker's hands, one being filled, one being consumed, and one in reserve for each worker
    blocks = 2 * workers + 2;
    int capacity = blocks + workers + 1;
    free = new ArrayBlockingQueue<>(capacity);
    toParse = new ArrayBlockingQueue<>(capacity);
    inOrder = new ArrayBlockingQueue<>(capacity);
    end = new ParsedBlock(reader.symbols(), 0);
  }

  /** Runs until the input ends; block 0 of the reader is filled already. */
  void run() {
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(this::fill, "btrsleuth-read"));
    for (int i = 0; i < workers; i++) {
      BlockWorker worker = reader.worker(i);
      threads.add(new Thread(() -> parse(worker), "btrsleuth-parse-" + i));
    }
    for (Thread thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
    try {
      consume();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading " + path, e);
    } finally {
      for (Thread thread : threads) {
        thread.interrupt();
      }
      join(threads);
    }
  }

  private void consume() throws InterruptedException {
    for (ParsedBlock block = inOrder.take(); block != end; block = inOrder.take()) {
      block.parsed.acquire();
      if (block.error != null) {
        throw new IllegalStateException("failed in a block of " + path, block.error);
      }
      consumer.accept(block);
      free.put(block);
    }
    if (end.error != null) {
      throw new IllegalStateException("failed while reading " + path, end.error);
    }
  }

  private void fill() {
    try {
      toParse.put(reader.block(0));
      inOrder.put(reader.block(0));
      int made = 1;
      while (true) {
        ParsedBlock block = free.poll();
        if (block == null) {
          if (made < blocks) {
            block = reader.block(made++);
          } else {
            block = free.take();
          }
        }
        if (!cutter.next(block.block)) {
          break;
        }
        toParse.put(block);
        inOrder.put(block);
      }
    } catch (InterruptedException e) {
      return;
    } catch (RuntimeException | Error e) {
      end.error = e;
    }
    for (int i = 0; i < workers; i++) {
      toParse.add(end);
    }
    inOrder.add(end);
  }

  private void parse(BlockWorker worker) {
    try {
      for (ParsedBlock block = toParse.take(); block != end; block = toParse.take()) {
        block.error = null;
        try {
          worker.parse(block, path);
        } catch (RuntimeException | Error e) {
          block.error = e;
        }
        block.parsed.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
