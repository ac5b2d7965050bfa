package tocsin.cli.demo;

import java.io.PrintStream;

/// What people see, line by line as it happens. Colour only underlines what the words say.
public final class Screen {
  private static final String BOLD = "1";
  private static final String GREEN = "32";
  private static final String RED = "31";

  private final PrintStream out;
  private final boolean colour;
  private final boolean paced;
  private volatile boolean silent;
  private int scene;

  /// @param out where to
  /// @param colour whether it is a terminal that shows colours
  /// @param paced whether somebody is watching, who needs a moment between two scenes
  public Screen(PrintStream out, boolean colour, boolean paced) {
    this.out = out;
    this.colour = colour;
    this.paced = paced;
  }

  void title(String text) {
    print(dyed(BOLD, text));
  }

  void scene(String heading) throws InterruptedException {
    if (paced && scene > 0) {
      Thread.sleep(Limits.PAUSE);
    }
    scene++;
    print("");
    print(dyed(BOLD, "%2d. %s".formatted(scene, heading)));
  }

  /// Something that happens within a scene.
  void line(String text) {
    print("    " + text);
  }

  void seen(String what, long millis) {
    print("    " + dyed(GREEN, "seen") + ": " + what + " (" + Words.millis(millis) + ")");
  }

  void notSeen(String what) {
    print("    " + dyed(RED, "NOT SEEN") + ": " + what);
  }

  void end(String text, boolean well) {
    print("");
    print(dyed(well ? GREEN : RED, text));
  }

  void note(String text) {
    print(text);
  }

  /// Nothing more is told: the demonstration is being stopped.
  void silence() {
    silent = true;
  }

  String rogue(String text) {
    return dyed(RED, text + " (the criminals)");
  }

  String right(String text) {
    return dyed(GREEN, text + " (right)");
  }

  private String dyed(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private void print(String line) {
    if (!silent) {
      out.println(line);
      out.flush();
    }
  }
}
