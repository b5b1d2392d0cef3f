package org.btrsleuth.event;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;

/**
 * Reads a capture several times in one JVM, decoding every event and using none, and prints the wall and CPU seconds of
 * the best pass: what parsing costs once the compiler is done. {@code ParseAlone FILE [PASSES]}
 */
public final class ParseAlone {
  private ParseAlone() {}

  public static void main(String[] args) {
    int passes = args.length > 1 ? Integer.parseInt(args[1]) : 4;
    TraceReader reader = new TraceReader(new Symbols(), new StackTable(), TraceReader.Options.defaults());
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double wall = Double.MAX_VALUE;
    double cpu = Double.MAX_VALUE;
    long[] events = new long[1];
    for (int i = 0; i < passes; i++) {
      long began = System.nanoTime();
      long used = system.getProcessCpuTime();
      events[0] = 0;
      Inputs.walk(List.of(args[0]), System.in, false, new Inputs.Visitor() {
        @Override
        public void input(Input input) {
          reader.read(input, (block, lines) -> events[0] += block.size());
        }

        @Override
        public void problem(String path, String problem) {
          throw new IllegalArgumentException(path + " " + problem);
        }
      });
      wall = Math.min(wall, (System.nanoTime() - began) / 1e9);
      cpu = Math.min(cpu, (system.getProcessCpuTime() - used) / 1e9);
    }
    if (events[0] == 0) {
      throw new IllegalArgumentException(args[0] + " holds no trace event");
    }
    System.out.printf("%.3f %.3f%n", wall, cpu);
  }
}
