package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What organizations type and see while they found themselves, change their keys, vouch, withdraw
/// and expel, word for word, with real nodes: `trust-sessions.txt`.
class TrustSessionsIT {
  @TempDir Path folders;

  @TestFactory
  List<DynamicTest> seesExactlyThis() {
    return Stream.of(text().split("(?m)^== ", -1))
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

  private static String text() {
    try (InputStream in = TrustSessionsIT.class.getResourceAsStream("trust-sessions.txt")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
