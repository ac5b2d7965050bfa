package tocsin.node.resolver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of this machine with its first arguments, run as it stands: never through a shell, so
/// that no character of an argument means anything but itself.
///
/// @param words the program and its arguments, at least one
public record Program(List<String> words) {
  public Program {
    words = List.copyOf(words);
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command has at least the name of a program");
    }
    for (String word : words) {
      requireSafe(word);
    }
  }

  /// What came of a run.
  ///
  /// @param exit its exit status
  /// @param text what it wrote to both its outputs, at most 1 MiB, without the trailing line feed
  record Output(int exit, String text) {
    boolean isOk() {
      return exit == 0;
    }

    /// The last line that says something, fit for a message.
    String lastLine() {
      List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
      return lines.isEmpty() ? "exit status " + exit : UnboundControl.shown(lines.getLast());
    }

    /// The first line that says something, fit for a message.
    String firstLine() {
      return text.lines()
          .filter(line -> !line.isBlank())
          .findFirst()
          .map(UnboundControl::shown)
          .orElse("exit status " + exit);
    }
  }

  /// Runs it with further arguments.
  ///
  /// @throws ResolverException if it cannot be started, or does not end in time; whatever it was
  ///   doing then, it is killed
  Output run(List<String> arguments, Duration time) throws ResolverException {
    List<String> all = new ArrayList<>(words);
    for (String argument : arguments) {
      requireSafe(argument);
      all.add(argument);
    }
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    // Messages are compared: no translations.
    builder.environment().put("LC_ALL", "C");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new ResolverException(
          "the program " + words.getFirst() + " cannot be run: " + reason(e), e);
    }
    try (Guard guard = Guard.closing(() -> kill(process), time)) {
      process.getOutputStream().close();
      String text = read(process.getInputStream());
      if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS) || guard.closed()) {
        throw late(time);
      }
      return new Output(process.exitValue(), text);
    } catch (IOException e) {
      throw new ResolverException(
          words.getFirst() + " was cut off: " + UnboundControl.shown(String.valueOf(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ResolverException(words.getFirst() + " was called off", e);
    } finally {
      kill(process);
    }
  }

  /// It and what it started: a child that inherited its output would keep us waiting.
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private ResolverException late(Duration time) {
    return new ResolverException(
        words.getFirst() + " did not end within " + time.toSeconds() + " s and was stopped");
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      // What is beyond is read and dropped, so that the program can end.
      int room = ResolverLimits.CONTROL_ANSWER_BYTES - kept.size();
      kept.write(buffer, 0, Math.min(length, room));
    }
    return kept.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No such file or directory")) {
      return "there is no such program on the PATH";
    }
    if (message.contains("Permission denied")) {
      return "this user may not";
    }
    return UnboundControl.shown(message);
  }

  /// The last of several locks: words come from the configuration, from validated names and from
  /// addresses.
  private static void requireSafe(String word) {
    if (word.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a word of a command has no zero byte");
    }
  }

  /// As an operator would type it.
  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
