package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What an operator types and sees, word for word: `sessions.txt`.
///
/// A session begins with "== title" and has a fresh folder, which it calls DIR. "$ tocsin ..." runs
/// a command; "< text" before it is what the person types when asked. Then come the lines of
/// standard output, those of standard error with "! " before them, and "exit N" unless it is 0. "+
/// FILE" and lines with " " before them write a file, "+ chmod MODE FILE" changes its mode. Ids,
/// cards and times are different each time and shown as <id>, <short id>, <card> and <time>.
class SessionsTest {
  @TempDir Path folders;

  @TestFactory
  List<DynamicTest> seesExactlyThis() {
    List<String> sessions = new ArrayList<>();
    for (String part : text().split("(?m)^== ", -1)) {
      if (!part.startsWith("#")) {
        sessions.add(part);
      }
    }
    assertThat(sessions).hasSizeGreaterThan(8);
    return sessions.stream()
        .map(session ->
            DynamicTest.dynamicTest(
                session.lines().findFirst().orElseThrow(),
                () -> assertThat(replay(session)).isEqualTo(session.stripTrailing())))
        .toList();
  }

  /// The session as it really goes.
  private String replay(String session) throws IOException {
    Path folder = Files.createTempDirectory(folders, "s");
    Terminal terminal = new Terminal(Map.of("TOCSIN_DIR", folder + "/default"));
    List<String> lines = session.lines().toList();
    StringBuilder seen = new StringBuilder(lines.getFirst()).append('\n');
    StringBuilder typed = new StringBuilder();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("+ chmod ")) {
        String[] words = CommandWords.split(line);
        Files.setPosixFilePermissions(
            folder.resolve(words[3]), PosixFilePermissions.fromString(words[2]));
      } else if (line.startsWith("+ ")) {
        StringBuilder content = new StringBuilder();
        seen.append(line).append('\n');
        Path file = folder.resolve(line.substring(2));
        while (i + 1 < lines.size() && lines.get(i + 1).startsWith("  ")) {
          content.append(lines.get(++i).substring(2)).append('\n');
          seen.append(lines.get(i)).append('\n');
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        continue;
      } else if (line.startsWith("< ")) {
        typed.append(line.substring(2)).append('\n');
      } else if (line.startsWith("$ tocsin")) {
        seen.append(line).append('\n');
        String command = line.substring("$ tocsin".length()).replace("DIR", folder.toString());
        int code = terminal.run(typed.toString(), CommandWords.split(command));
        typed.setLength(0);
        seen.append(shown(terminal, code, folder));
        continue;
      } else {
        // What was expected; what came instead has been written already.
        continue;
      }
      seen.append(line).append('\n');
    }
    return seen.toString().stripTrailing();
  }

  private static String shown(Terminal terminal, int code, Path folder) {
    StringBuilder shown = new StringBuilder(masked(terminal.out(), folder));
    if (!shown.isEmpty() && shown.charAt(shown.length() - 1) != '\n') {
      shown.append("(no newline)\n");
    }
    masked(terminal.err(), folder).lines().forEach(line -> shown.append("! " + line + "\n"));
    return code == 0 ? shown.toString() : shown + "exit " + code + "\n";
  }

  private static String masked(String text, Path folder) {
    return text.replace(folder.toString(), "DIR")
        .replaceAll("tocsin-card1:[A-Za-z0-9_-]+", "<card>")
        .replaceAll("[0-9a-f]{64}", "<id>")
        .replaceAll("(?m)^([0-9a-f]{12})(?= )", "<id>       ")
        .replaceAll("\\b[0-9a-f]{12}\\b", "<short id>")
        .replaceAll("20[0-9]{2}-[0-9T:.-]+Z", "<time>");
  }

  private static String text() {
    try (InputStream in = SessionsTest.class.getResourceAsStream("sessions.txt")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
