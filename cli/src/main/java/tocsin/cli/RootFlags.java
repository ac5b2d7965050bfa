package tocsin.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The flags of every command that root keys sign.
final class RootFlags {
  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Sign with this root key; repeatable (default: each of keys/root*.key).")
  List<Path> keys = new ArrayList<>();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The key's passphrase is the first line of FILE.")
  @Nullable Path passphraseFile;

  @Option(
      names = "--offline",
      paramLabel = "FILE",
      description =
          "Write a request to FILE: the root keys that are elsewhere sign it with 'key sign', and"
              + " 'key submit' hands it to the node.")
  @Nullable Path offline;

  @Option(
      names = "--signer",
      paramLabel = "KEY",
      description =
          "This root key is to sign: its id or its file; repeatable (default: those that are here,"
              + " then in the order of their ids).")
  List<String> signers = new ArrayList<>();

  @Option(
      names = "--after",
      paramLabel = "NUMBER:SLOT:ID",
      description =
          "The last statement that the request's first signer has signed, where the node has never"
              + " seen it.")
  @Nullable String after;

  @Option(names = "--dry-run", description = "Show what would be signed, and sign nothing.")
  boolean dryRun;

  /// The same of a command that any key may sign.
  static RootFlags of(Signing signing, List<String> signers) {
    RootFlags flags = new RootFlags();
    if (signing.key != null) {
      flags.keys.add(signing.key);
    }
    flags.passphraseFile = signing.passphraseFile;
    flags.offline = signing.offline;
    flags.signers = signers;
    flags.dryRun = signing.dryRun;
    return flags;
  }
}
