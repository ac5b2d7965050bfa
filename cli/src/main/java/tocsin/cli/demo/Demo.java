package tocsin.cli.demo;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tocsin.node.lab.LabInternet;

/// The demonstration from the first scene to the last, and the clearing up afterwards.
public final class Demo {
  private final Casting casting;
  private final Init init;
  private final Screen screen;
  private final boolean keep;

  /// @param casting what to play with
  /// @param init makes the nodes' folders
  /// @param keep leave them when it is over
  public Demo(Casting casting, Init init, Screen screen, boolean keep) {
    this.casting = casting;
    this.init = init;
    this.screen = screen;
    this.keep = keep;
  }

  /// Plays it.
  ///
  /// @return what was measured; [Figures#ok()] tells whether all was seen
  public Figures play() throws InterruptedException {
    long started = System.nanoTime();
    Figures figures = new Figures();
    Closer closer = new Closer();
    Thread hook =
        new Thread(
            () -> {
              screen.silence();
              closer.close();
            },
            "demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try (closer) {
      play(figures, closer);
    } catch (IOException e) {
      figures.step("stage", false, 0, String.valueOf(e.getMessage()));
      screen.notSeen(String.valueOf(e.getMessage()));
    } finally {
      forget(hook);
    }
    figures.sum("seconds", tenths(System.nanoTime() - started));
    tellEnd(figures);
    return figures;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs already.
    }
  }

  private void play(Figures figures, Closer closer) throws IOException, InterruptedException {
    screen.title("CheckFree, December 2008: a payment processor's domain is hijacked.");
    screen.line(casting.why());
    figures.sum("resolver_kind", casting.backing().word());
    Folder folder = closer.keep(Folder.make(keep));
    LabInternet lab = closer.keep(casting.backing().lab());
    Cast cast = new Cast(folder.path(), init, lab, casting.backing(), closer, Map.of());
    CheckFree story = new CheckFree(lab, cast, casting.nodes(), closer, screen, figures);
    boolean all = true;
    for (Scene scene : story.scenes()) {
      all = all && show(scene, figures);
    }
    if (all) {
      figures.complete();
    }
    if (keep) {
      screen.line("the nodes' folders are kept in " + folder.path());
      figures.sum("folder", folder.path().toString());
    }
  }

  private boolean show(Scene scene, Figures figures) throws InterruptedException {
    screen.scene(scene.heading());
    long begun = System.nanoTime();
    try {
      String detail = scene.play().play();
      long millis = millis(begun);
      figures.step(scene.word(), true, millis, detail);
      screen.seen(detail, millis);
      return true;
    } catch (NotSeen e) {
      return missed(scene, figures, begun, String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      // A node that has halted, or does not answer.
      return missed(scene, figures, begun, String.valueOf(e.getMessage()));
    }
  }

  private boolean missed(Scene scene, Figures figures, long begun, String what) {
    figures.step(scene.word(), false, millis(begun), what);
    screen.notSeen(what);
    return false;
  }

  private void tellEnd(Figures figures) {
    Map<String, Object> fields = figures.fields();
    if (figures.ok()) {
      screen.end(
          "Exposed for "
              + fields.get("exposure_ms")
              + " ms after the alert instead of 48 hours. Every step was seen, in "
              + fields.get("seconds")
              + " s.",
          true);
    } else {
      screen.end("Not every step was seen.", false);
    }
  }

  private static long millis(long sinceNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
  }

  private static double tenths(long nanos) {
    return Math.round(nanos / 1e8) / 10.0;
  }
}
