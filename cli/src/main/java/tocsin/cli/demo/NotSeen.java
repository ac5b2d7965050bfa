package tocsin.cli.demo;

/// What a scene promises did not happen; the message says what.
public final class NotSeen extends Exception {
  private static final long serialVersionUID = 1;

  NotSeen(String what) {
    super(what);
  }
}
