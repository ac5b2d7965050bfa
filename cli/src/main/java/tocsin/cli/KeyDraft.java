package tocsin.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;

/// An operational key that no profile lists yet. It is written before the profile is signed, and so
/// one may be left of an earlier attempt, or wait for signatures: it is taken up again.
final class KeyDraft {
  private KeyDraft() {}

  /// @param before the profile in force
  /// @throws Failure if the file holds a key that is in use, or cannot be written
  static SigningKey key(
      Session session,
      Path file,
      Statement.Profile before,
      @Nullable Path passphraseFile,
      boolean dryRun)
      throws Failure {
    if (Files.exists(file)) {
      SigningKey earlier = read(file, passphraseFile);
      boolean listed =
          before.keys().stream().anyMatch(it -> it.key().equals(earlier.publicKey()))
              || before.roots().contains(earlier.publicKey());
      if (listed) {
        throw new Failure(ExitCode.FAILED, file + " is a key of yours already");
      }
      session.tell("note: " + file + " is there, and no profile lists it yet: it is taken");
      return earlier;
    }
    SigningKey key = SigningKey.generate(new SecureRandom());
    if (!dryRun) {
      write(file, key, passphraseFile);
    }
    return key;
  }

  private static SigningKey read(Path file, @Nullable Path passphraseFile) throws Failure {
    try {
      return KeyFiles.read(file, Optional.ofNullable(passphraseFile));
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  static void write(Path file, SigningKey key, @Nullable Path passphraseFile) throws Failure {
    try {
      Optional<char[]> passphrase =
          passphraseFile == null
              ? Optional.empty()
              : Optional.of(KeyFiles.passphrase(passphraseFile));
      KeyFiles.write(file, key, passphrase);
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
