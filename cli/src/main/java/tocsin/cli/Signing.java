package tocsin.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The flags of every command that signs something.
final class Signing {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Sign with this key (default: keys/operations.key).")
  @Nullable Path key;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The key's passphrase is the first line of FILE.")
  @Nullable Path passphraseFile;

  @Option(
      names = "--offline",
      paramLabel = "FILE",
      description = "Write the signed statement to FILE; 'alert submit FILE' hands it to a node.")
  @Nullable Path offline;

  @Option(names = "--dry-run", description = "Show what would be signed, and sign nothing.")
  boolean dryRun;
}
