package tocsin.cli.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// This program once more, as a child in a private network.
public final class Elsewhere {
  private Elsewhere() {}

  /// Runs it to its end; it takes over the terminal.
  ///
  /// @param within words to put before the command
  /// @param arguments of the program
  /// @return its exit code
  public static int run(List<String> within, String mainClass, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(within);
    words.add(java());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.add("-cp");
    words.add(System.getProperty("java.class.path"));
    words.add(mainClass);
    words.addAll(arguments);
    Process child = new ProcessBuilder(words).inheritIO().start();
    Thread hook = new Thread(() -> end(child), "demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    int code = child.waitFor();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // We are ending, too.
    }
    return code;
  }

  private static String java() {
    return ProcessHandle.current()
        .info()
        .command()
        .orElse(System.getProperty("java.home") + "/bin/java");
  }

  /// The child clears up by itself when it is told to end.
  private static void end(Process child) {
    child.destroy();
    try {
      if (!child.waitFor(Limits.CHILD_END.toMillis(), TimeUnit.MILLISECONDS)) {
        child.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
