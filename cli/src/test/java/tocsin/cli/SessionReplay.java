package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// One session of a text file, as it really goes. Beside what [SessionsTest] describes, for
/// sessions with nodes:
///
/// - `PORT1`, `PORT2`, ... are free ports;
/// - `& tocsin run --dir DIR/a` starts a node in a process of its own and waits until it is ready;
///   `& stop DIR/a` stops it;
/// - `$ tocsin ... > NAME` keeps the output, and `{NAME}` stands for it later, without its newline;
/// - `= NAME EXPRESSION` keeps what the first group of a regular expression finds in the last
///   output;
/// - `~ tocsin ...` runs the command again until it shows what is expected, for at most a minute:
///   news needs a moment from node to node;
/// - `mv FROM TO` moves a file, `rm FILE` deletes one.
final class SessionReplay implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 60_000;
  private static final Pattern PORT = Pattern.compile("PORT[0-9]");

  private final Path folder;
  private final List<String> lines;
  private final Terminal terminal;
  private final Map<String, String> ports = new TreeMap<>();
  private final Map<String, String> kept = new TreeMap<>();
  private final Map<String, NodeProcess> nodes = new TreeMap<>();
  private final StringBuilder seen = new StringBuilder();

  SessionReplay(Path folders, String session) throws IOException {
    folder = Files.createTempDirectory(folders, "s");
    lines = session.lines().toList();
    terminal = new Terminal(Map.of("TOCSIN_DIR", folder + "/default"));
  }

  /// All sessions of this file, a test each.
  static List<DynamicTest> all(String file, Path folders) {
    return Stream.of(text(file).split("(?m)^== ", -1))
        .filter(part -> !part.startsWith("#"))
        .map(session ->
            DynamicTest.dynamicTest(
                session.lines().findFirst().orElseThrow(),
                () -> {
                  try (SessionReplay replay = new SessionReplay(folders, session)) {
                    assertThat(replay.seen()).isEqualTo(session.stripTrailing());
                  }
                }))
        .toList();
  }

  private static String text(String file) {
    try (InputStream in = SessionReplay.class.getResourceAsStream(file)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String seen() throws IOException, InterruptedException {
    seen.append(lines.getFirst()).append('\n');
    StringBuilder typed = new StringBuilder();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("+ chmod ")) {
        String[] words = CommandWords.split(line);
        Files.setPosixFilePermissions(
            folder.resolve(words[3]), PosixFilePermissions.fromString(words[2]));
      } else if (line.startsWith("+ ")) {
        i = writeFile(i);
        continue;
      } else if (line.startsWith("< ")) {
        typed.append(line.substring(2)).append('\n');
      } else if (line.startsWith("$ tocsin")) {
        seen.append(line).append('\n').append(run(line.substring("$ tocsin".length()), typed));
        continue;
      } else if (line.startsWith("~ tocsin")) {
        seen.append(line).append('\n').append(runUntilExpected(i));
        continue;
      } else if (line.startsWith("& ")) {
        node(CommandWords.split(line.replace("DIR", folder.toString())));
      } else if (line.startsWith("= ")) {
        keep(line);
      } else if (line.startsWith("mv ")) {
        String[] words = CommandWords.split(line.replace("DIR", folder.toString()));
        Files.createDirectories(Path.of(words[2]).getParent());
        Files.move(Path.of(words[1]), Path.of(words[2]));
      } else if (line.startsWith("rm ")) {
        Files.delete(Path.of(line.substring(3).replace("DIR", folder.toString())));
      } else {
        // What was expected; what came instead has been written already.
        continue;
      }
      seen.append(line).append('\n');
    }
    return seen.toString().stripTrailing();
  }

  private int writeFile(int at) throws IOException {
    int i = at;
    StringBuilder content = new StringBuilder();
    seen.append(lines.get(i)).append('\n');
    Path file = folder.resolve(lines.get(i).substring(2));
    while (i + 1 < lines.size() && lines.get(i + 1).startsWith("  ")) {
      content.append(lines.get(++i).substring(2)).append('\n');
      seen.append(lines.get(i)).append('\n');
    }
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    return i;
  }

  private String run(String words, StringBuilder typed) {
    String command = words;
    String name = "";
    int redirected = command.lastIndexOf(" > ");
    if (redirected >= 0) {
      name = command.substring(redirected + 3).strip();
      command = command.substring(0, redirected);
    }
    int code = terminal.run(typed.toString(), CommandWords.split(meant(command)));
    typed.setLength(0);
    if (!name.isEmpty()) {
      kept.put(name, terminal.out().strip());
    }
    return shown(code, name.isEmpty() ? terminal.out() : "");
  }

  private String runUntilExpected(int at) throws InterruptedException {
    StringBuilder expected = new StringBuilder();
    for (int i = at + 1; i < lines.size() && !isOurs(lines.get(i)); i++) {
      expected.append(lines.get(i)).append('\n');
    }
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (true) {
      String came = run(lines.get(at).substring("~ tocsin".length()), new StringBuilder());
      if (came.strip().equals(expected.toString().strip()) || System.currentTimeMillis() >= end) {
        return came;
      }
      Thread.sleep(100);
    }
  }

  private static boolean isOurs(String line) {
    return line.matches("([$~<&=+]|mv|rm) .*");
  }

  private String meant(String command) {
    String text = command.replace("DIR", folder.toString());
    Matcher port = PORT.matcher(text);
    text =
        port.replaceAll(
            it -> ports.computeIfAbsent(it.group(), _ -> Integer.toString(NodeProcess.freePort())));
    for (Map.Entry<String, String> each : kept.entrySet()) {
      text = text.replace("{" + each.getKey() + "}", each.getValue());
    }
    return text;
  }

  private void node(String[] words) throws IOException, InterruptedException {
    if (words[1].equals("stop")) {
      Objects.requireNonNull(nodes.remove(words[2]), "started first").stop();
    } else {
      String directory = words[words.length - 1];
      NodeProcess node = NodeProcess.on(Path.of(directory));
      nodes.put(directory, node);
      node.start();
    }
  }

  private void keep(String line) {
    String[] parts = line.split(" ", 3);
    Matcher found =
        Pattern.compile(parts[2], Pattern.MULTILINE).matcher(terminal.out() + terminal.err());
    kept.put(parts[1], found.find() ? found.group(1) : "(nothing)");
  }

  private String shown(int code, String out) {
    StringBuilder shown = new StringBuilder(masked(out));
    if (!shown.isEmpty() && shown.charAt(shown.length() - 1) != '\n') {
      shown.append("(no newline)\n");
    }
    masked(terminal.err()).lines().forEach(line -> shown.append("! " + line + "\n"));
    return code == 0 ? shown.toString() : shown + "exit " + code + "\n";
  }

  private String masked(String text) {
    String masked = text.replace(folder.toString(), "DIR");
    for (Map.Entry<String, String> each : ports.entrySet()) {
      masked = masked.replace(":" + each.getValue(), ":" + each.getKey());
    }
    return masked
        .replaceAll("tocsin-card1:[A-Za-z0-9_-]+", "<card>")
        .replaceAll("[0-9a-f]{64}", "<id>")
        .replaceAll("--after ([0-9]+):[0-9]+:", "--after $1:<slot>:")
        .replaceAll("(?m)^([0-9a-f]{12})(?= )", "<id>       ")
        .replaceAll("\\b[0-9a-f]{12}\\b", "<short id>")
        .replaceAll("20[0-9]{2}-[0-9T:.-]+Z", "<time>");
  }

  @Override
  public void close() {
    nodes.values().forEach(NodeProcess::close);
  }
}
