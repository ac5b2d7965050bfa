package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What strace has seen of a process, in the order in which the calls came back.
final class SystemCalls {
  private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\((.*)$");
  private static final Pattern RESUMED =
      Pattern.compile("^(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)$");

  private SystemCalls() {}

  /// @param rest arguments and result, as strace writes them
  record Call(String name, String rest) {
    boolean succeeded() {
      return !rest.contains(") = -1 ");
    }
  }

  /// Fails the test, or skips it, where strace cannot be used.
  static void requireStrace() throws IOException, InterruptedException {
    boolean works;
    try {
      Process process = new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true").start();
      works = process.waitFor() == 0;
    } catch (IOException e) {
      works = false;
    }
    RequiredProgram.check("strace", works);
  }

  /// What stands before a command so that strace writes its calls into a file.
  static List<String> strace(Path file, String calls, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("strace", "-f", "-y", "-qq", "-e", "trace=" + calls, "-e", "signal=none"));
    command.addAll(List.of(more));
    command.addAll(List.of("-o", file.toString()));
    return command;
  }

  static List<Call> read(Path file) throws IOException {
    List<Call> calls = new ArrayList<>();
    Map<String, String> unfinished = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      Matcher call = CALL.matcher(line);
      Matcher resumed = RESUMED.matcher(line);
      if (call.matches() && line.endsWith("<unfinished ...>")) {
        String begun = call.group(3);
        unfinished.put(
            call.group(1) + call.group(2),
            begun.substring(0, begun.length() - "<unfinished ...>".length()).stripTrailing());
      } else if (call.matches()) {
        calls.add(new Call(call.group(2), call.group(3)));
      } else if (resumed.matches()) {
        String begun = unfinished.remove(resumed.group(1) + resumed.group(2));
        assertThat(begun).as(line).isNotNull();
        calls.add(new Call(resumed.group(2), begun + resumed.group(3)));
      }
    }
    return calls;
  }
}
