package org.btrsleuth.stack;

/** What a dump says of a task's state. {@code D} is uninterruptible sleep: the state of everything that hangs. */
public enum TaskState {
  RUNNING('R'),
  SLEEPING('S'),
  UNINTERRUPTIBLE('D'),
  STOPPED('T'),
  IDLE('I'),
  ZOMBIE('Z'),
  DEAD('X'),
  UNKNOWN('?');

  private final char letter;

  TaskState(char letter) {
    this.letter = letter;
  }

  public char letter() {
    return letter;
  }

  /** {@link #UNKNOWN} for letters that are none of ours. */
  public static TaskState of(char letter) {
    for (TaskState state : values()) {
      if (state.letter == letter) {
        return state;
      }
    }
    return switch (letter) {
      case 't' -> STOPPED;
      case 'x' -> DEAD;
      default -> UNKNOWN;
    };
  }
}
