package tocsin.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.NodeFolder;
import tocsin.node.config.SecretFiles;
import tocsin.node.config.SequenceBook;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;

/// Founds an organization with one node: keys, genesis profile, configuration.
final class Founding {
  /// Ten years: a newer profile can end a key at any time, and nobody should have to make one in a
  /// hurry.
  private static final Duration KEY_LIFE = Duration.ofDays(3650);

  /// The keys are good a little earlier than now, for nodes whose clocks are behind.
  private static final Duration CLOCK_ALLOWANCE = Duration.ofMinutes(5);

  private Founding() {}

  /// @param advertise where others reach the node; empty: it only dials
  record Answers(
      String organization,
      String name,
      String network,
      HostPort listen,
      Optional<HostPort> advertise,
      HostPort dns,
      List<HostPort> peers,
      List<String> contacts) {
    Answers {
      peers = List.copyOf(peers);
      contacts = List.copyOf(contacts);
    }
  }

  record Founded(OrganizationId organization, KeyId node, String card) {}

  /// Writes the folder; the configuration comes last, so that a folder with one is complete.
  static Founded found(
      NodeFolder folder, Answers answers, Optional<char[]> passphrase, long nowMillis)
      throws KeyFileException {
    SecureRandom random = new SecureRandom();
    SigningKey root = SigningKey.generate(random);
    SigningKey operations = SigningKey.generate(random);
    SigningKey node = SigningKey.generate(random);
    Envelope profile = profile(answers, root, operations, node, nowMillis);
    SecretFiles.createFolder(folder.directory());
    SecretFiles.createFolder(folder.keys());
    KeyFiles.write(folder.key("root"), root, passphrase);
    KeyFiles.write(folder.key("operations"), operations, passphrase);
    KeyFiles.write(folder.key("node"), node, Optional.empty());
    new SequenceBook(folder.key("root"))
        .write(SequenceBook.Last.of(profile.statement().header(), profile.id()));
    writeNew(folder.profile(), profile.wire().toByteArray());
    writeNew(folder.configFile(), Template.toml(answers).getBytes(StandardCharsets.UTF_8));
    return new Founded(profile.issuer(), node.id(), Cards.of(List.of(profile)));
  }

  private static Envelope profile(
      Answers answers, SigningKey root, SigningKey operations, SigningKey node, long nowMillis) {
    long from = nowMillis - CLOCK_ALLOWANCE.toMillis();
    long until = nowMillis + KEY_LIFE.toMillis();
    Header header =
        new Header(
            NetworkId.named(answers.network()),
            Optional.empty(),
            root.id(),
            1,
            Optional.empty(),
            nowMillis,
            0,
            nowMillis / Header.HOUR_MILLIS,
            0);
    Statement.OperationalKey speaking =
        new Statement.OperationalKey(
            operations.publicKey(),
            List.of(KeyUse.SUBMIT, KeyUse.ENDORSE, KeyUse.VOUCH),
            from,
            until,
            "");
    Statement.OperationalKey listening =
        new Statement.OperationalKey(
            node.publicKey(),
            List.of(KeyUse.NODE),
            from,
            until,
            answers.advertise().map(HostPort::toString).orElse(""));
    return Envelopes.sign(
        new Statement.Profile(
            header,
            1,
            answers.organization(),
            "",
            "",
            answers.contacts(),
            List.of(root.publicKey()),
            1,
            List.of(speaking, listening),
            ""),
        List.of(root));
  }

  private static void writeNew(Path file, byte[] bytes) throws KeyFileException {
    try {
      Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new KeyFileException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
