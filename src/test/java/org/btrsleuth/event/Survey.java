package org.btrsleuth.event;

import java.util.List;
import org.btrsleuth.source.Input;
import org.btrsleuth.source.Inputs;

/** Prints what a TraceReader makes of files: for people who work on the grammar. Not a test. */
public final class Survey {
  private Survey() {}

  public static void main(String[] args) {
    boolean stock = Boolean.getBoolean("stock");
    int shown = Integer.getInteger("shown", 3);
    TraceReader.Options d = TraceReader.Options.defaults();
    TraceReader reader =
        new TraceReader(new Symbols(), new StackTable(), new TraceReader.Options(d.workers(), d.blockSize(), d.maxLine(), stock));
    Inputs.walk(List.of(args), System.in, new Inputs.Visitor() {
      @Override
      public void input(Input input) {
        int[] left = {shown};
        long t = System.nanoTime();
        InputStats s = reader.read(input, (events, lines) -> {
          for (int i = 0; i < lines.size() && left[0] > 0; i++) {
            if (!lines.text(i).isBlank()) {
              left[0]--;
              System.out.println("    | " + lines.line(i) + " " + lines.text(i));
            }
          }
        });
        t = System.nanoTime() - t;
        System.out.printf("%s: lines %d events %d undecoded %d stack %d user %d header %d other %d %s %.0f MB/s%n",
            s.path(), s.lines(), s.eventLines(), s.undecoded(), s.stackLines(), s.userFrames(), s.headerLines(),
            s.otherLines(), s.problems(), s.textBytes() * 1e3 / t);
      }

      @Override
      public void problem(String path, String problem) {
        System.out.println(path + " " + problem);
      }
    });
  }
}
