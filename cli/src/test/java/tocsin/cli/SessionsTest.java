package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
/// [SessionReplay] has more, for sessions with nodes.
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
                () -> {
                  try (SessionReplay replay = new SessionReplay(folders, session)) {
                    assertThat(replay.seen()).isEqualTo(session.stripTrailing());
                  }
                }))
        .toList();
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
