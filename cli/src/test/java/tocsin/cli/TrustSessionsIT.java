package tocsin.cli;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What organizations type and see while they found themselves, change their keys, vouch, withdraw
/// and expel, word for word, with real nodes: `trust-sessions.txt`.
class TrustSessionsIT {
  @TempDir Path folders;

  @TestFactory
  List<DynamicTest> seesExactlyThis() {
    return SessionReplay.all("trust-sessions.txt", folders);
  }
}
