package tocsin.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.StatementId;

/// Keys and secrets in files.
class SecretsTest {
  @TempDir Path folder;

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aPlainKeyComesBackAndIsForItsOwnerOnly() throws Exception {
    Path keys = folder.resolve("keys");
    SecretFiles.createFolder(keys);
    SigningKey key = SigningKey.generate(new SecureRandom());
    KeyFiles.write(keys.resolve("a.key"), key, Optional.empty());
    assertThat(mode(keys)).isEqualTo("rwx------");
    assertThat(mode(keys.resolve("a.key"))).isEqualTo("rw-------");
    assertThat(KeyFiles.read(keys.resolve("a.key"), Optional.empty())).isEqualTo(key);
    try (var files = Files.list(keys)) {
      assertThat(files.toList()).as("no draft stays behind").hasSize(1);
    }
  }

  @Test
  void anEncryptedKeyNeedsItsPassphrase() throws Exception {
    SigningKey key = SigningKey.generate(new SecureRandom());
    Path file = folder.resolve("a.key");
    KeyFiles.write(file, key, Optional.of("correct horse".toCharArray()));
    Path passphrase = secret("pass", "correct horse\nsecond line is not read\n");
    Path wrong = secret("wrong", "battery staple\n");
    assertThat(KeyFiles.read(file, Optional.of(passphrase))).isEqualTo(key);
    assertThatThrownBy(() -> KeyFiles.read(file, Optional.of(wrong)))
        .isInstanceOf(KeyFileException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining("passphrase");
    assertThatThrownBy(() -> KeyFiles.read(file, Optional.empty()))
        .hasMessage(file + " is encrypted: say where its passphrase is, with --passphrase-file");
    Path empty = secret("empty", "\n");
    assertThatThrownBy(() -> KeyFiles.read(file, Optional.of(empty)))
        .hasMessageContaining("is empty");
  }

  @Test
  void aKeyIsNeverOverwritten() throws Exception {
    SigningKey first = SigningKey.generate(new SecureRandom());
    Path file = folder.resolve("a.key");
    KeyFiles.write(file, first, Optional.empty());
    assertThatThrownBy(
            () -> KeyFiles.write(file, SigningKey.generate(new SecureRandom()), Optional.empty()))
        .hasMessage(file + " is there already, and is not overwritten");
    assertThat(KeyFiles.read(file, Optional.empty())).isEqualTo(first);
  }

  @Test
  void aFileThatOthersMayTouchIsRefused() throws Exception {
    Path file = folder.resolve("a.key");
    KeyFiles.write(file, SigningKey.generate(new SecureRandom()), Optional.empty());
    for (String wider : List.of("rw-r-----", "rw----r--", "rw--w----", "rwx-----x")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(wider));
      assertThatThrownBy(() -> KeyFiles.read(file, Optional.empty()))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("others may touch it (" + wider + "): chmod 600 " + file);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(KeyFiles.read(file, Optional.empty())).isNotNull();
  }

  @Test
  void aTsigSecretIsOneLineOfBase64() throws Exception {
    assertThat(SecretFiles.readBase64(secret("a", "c2VjcmV0\n")))
        .isEqualTo(ByteString.copyFromUtf8("secret"));
    Path bad = secret("b", "not base64!\n");
    assertThatThrownBy(() -> SecretFiles.readBase64(bad))
        .hasMessage(bad + " is not one line of base64");
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> SecretFiles.readBase64(missing))
        .hasMessage("cannot read " + missing + ": there is no such file");
  }

  @Test
  void theBookRemembersTheLastStatement() throws Exception {
    SequenceBook book = new SequenceBook(folder.resolve("operations.key"));
    assertThat(book.last()).isEmpty();
    StatementId id = new StatementId(Sha256.of(ByteString.copyFromUtf8("x")));
    SequenceBook.Last last = new SequenceBook.Last(7, id, 1_764_000_000_000L, 3);
    book.write(last);
    assertThat(new SequenceBook(folder.resolve("operations.key")).last()).contains(last);
    Path file = folder.resolve("operations.sequence");
    assertThat(mode(file)).isEqualTo("rw-------");
    Files.writeString(file, "sequence = 7\n");
    assertThatThrownBy(book::last)
        .hasMessageContaining("does not say which statement its key signed last");
  }

  @Test
  void oneAtATimeSignsWithAKey() throws Exception {
    Path key = folder.resolve("operations.key");
    CountDownLatch second = new CountDownLatch(1);
    try (KeyLock _ = KeyLock.acquire(key, Duration.ofSeconds(1))) {
      assertThatThrownBy(() -> KeyLock.acquire(key, Duration.ZERO))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("another command is signing with " + key);
      Thread.ofVirtual()
          .start(() -> {
            try (KeyLock _ = KeyLock.acquire(key, Duration.ofSeconds(10))) {
              second.countDown();
            } catch (KeyFileException | InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(second.getCount()).isEqualTo(1);
    }
    assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private Path secret(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }
}
