package tocsin.node.config;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import tocsin.trust.KeyFile;
import tocsin.trust.SigningKey;

/// Private keys in the folder `keys/`.
public final class KeyFiles {
  private KeyFiles() {}

  /// Reads a key.
  ///
  /// @param passphraseFile its first line is the passphrase; not needed for a plain key
  /// @throws KeyFileException if the file is missing, open to others, locked, or no key
  public static SigningKey read(Path file, Optional<Path> passphraseFile) throws KeyFileException {
    Optional<char[]> passphrase = Optional.empty();
    if (passphraseFile.isPresent()) {
      passphrase = Optional.of(passphrase(passphraseFile.get()));
    }
    try {
      ByteString text = ByteString.copyFromUtf8(SecretFiles.read(file));
      return switch (KeyFile.open(text, passphrase)) {
        case KeyFile.Opened.Key(SigningKey key) -> key;
        case KeyFile.Opened.Locked() ->
            throw new KeyFileException(
                file + " is encrypted: say where its passphrase is, with --passphrase-file");
        case KeyFile.Opened.Failed(String reason) ->
            throw new KeyFileException(file + ": " + reason);
      };
    } finally {
      passphrase.ifPresent(secret -> Arrays.fill(secret, '\0'));
    }
  }

  /// The first line of a file that only its owner may read.
  ///
  /// @throws KeyFileException also if it is empty
  public static char[] passphrase(Path file) throws KeyFileException {
    String line = SecretFiles.readLine(file);
    if (line.isEmpty()) {
      throw new KeyFileException("the first line of " + file + " is empty: this is no passphrase");
    }
    return line.toCharArray();
  }

  /// Writes a new key, mode 0600, encrypted if there is a passphrase.
  ///
  /// @throws KeyFileException if there is a file of that name already
  public static void write(Path file, SigningKey key, Optional<char[]> passphrase)
      throws KeyFileException {
    ByteString text =
        passphrase
            .map(secret -> KeyFile.encrypted(key, secret, new SecureRandom()))
            .orElseGet(() -> KeyFile.plain(key));
    SecretFiles.writeNew(file, text.toStringUtf8());
  }
}
