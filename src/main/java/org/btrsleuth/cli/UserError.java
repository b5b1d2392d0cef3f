package org.btrsleuth.cli;

/** Something the user can put right; its message names the thing and says what to do. */
final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  UserError(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
