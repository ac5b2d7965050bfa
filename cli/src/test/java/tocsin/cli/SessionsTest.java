package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
    List<DynamicTest> sessions = SessionReplay.all("sessions.txt", folders);
    assertThat(sessions).hasSizeGreaterThan(8);
    return sessions;
  }
}
