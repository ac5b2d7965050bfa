package tocsin.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.PublicKey;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;

@Command(
    name = "rotate",
    description = {
      "Put a new key in the place of one of yours, by a new profile that your root keys sign.",
      "What the old key said stays good; it can say nothing more. For a stolen key: key revoke."
    },
    footer = {
      "",
      "With 'root' in the place of KEY, the root keys themselves change: a quorum of the old ones",
      "and of the new ones signs.",
      "",
      "Examples:",
      "  tocsin key rotate operations",
      "  tocsin key rotate root --to keys/root-2.key --to 6b6f...public key... --threshold 2",
      "  tocsin key rotate operations --offline request.tocsin",
      "  tocsin key rotate operations --offline request.tocsin --signer 9ac01d44 --signer 5e00f1c2"
    })
final class KeyRotate extends Action {
  @Parameters(
      paramLabel = "KEY",
      description = "Its file name in keys/ (operations), its id, or root.")
  String name = "";

  @Option(
      names = "--to",
      paramLabel = "PUBLIC",
      description = "root: a new root key, as 64 hexadecimal digits or a key file; repeatable.")
  List<String> to = new ArrayList<>();

  @Option(
      names = "--threshold",
      paramLabel = "N",
      description = "root: so many of the new root keys sign (default: more than half).")
  int threshold;

  @Option(
      names = "--new-passphrase-file",
      paramLabel = "FILE",
      description = "Encrypt the new key under the first line of FILE (default: plain, mode 0600).")
  @Nullable Path newPassphraseFile;

  @Mixin RootFlags signing = new RootFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Statement.Profile before = OwnKeys.profile(session);
    if (name.equals("root")) {
      return rotateRoots(session, before);
    }
    if (!to.isEmpty() || threshold != 0) {
      throw Failure.usage("--to and --threshold go with root only");
    }
    return rotateOperational(session, before);
  }

  // ---- root keys

  private ExitCode rotateRoots(Session session, Statement.Profile before)
      throws Failure, InterruptedException {
    if (to.isEmpty()) {
      throw Failure.usage("say the new root keys with --to")
          .tryThis(session.command("key new root-2 --root"));
    }
    List<PublicKey> roots = new ArrayList<>();
    for (String each : to) {
      roots.add(publicKey(each));
    }
    if (roots.stream().distinct().count() < roots.size()) {
      throw Failure.usage("a root key is named twice with --to");
    }
    int quorum = threshold == 0 ? roots.size() / 2 + 1 : threshold;
    if (quorum < 1 || quorum > roots.size()) {
      throw Failure.usage("--threshold is 1 to the number of new root keys");
    }
    if (!signing.dryRun && signing.offline == null) {
      session.consider(
          "From now on " + quorum + " of " + roots.size() + " root keys speak for you.", "rotate");
    }
    Signer.Said said =
        new RootSigning(session, signing, before, roots, quorum)
            .say(header ->
                new Statement.Profile(
                    header,
                    before.version() + 1,
                    before.legalName(),
                    before.country(),
                    before.webSite(),
                    before.contacts(),
                    roots,
                    quorum,
                    before.keys(),
                    before.group()));
    return tell(session, said, "root", before.version() + 1);
  }

  private PublicKey publicKey(String text) throws Failure {
    if (text.matches("[0-9a-fA-F]{64}")) {
      PublicKey key = PublicKey.ed25519(ByteString.fromHex(text));
      if (!new Signatures().isUsable(key)) {
        throw Failure.usage(
            text + " is no public key: give what 'key new --root' prints as public");
      }
      return key;
    }
    try {
      return KeyFiles.read(Path.of(text), Optional.ofNullable(signing.passphraseFile)).publicKey();
    } catch (KeyFileException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  // ---- operational keys

  private ExitCode rotateOperational(Session session, Statement.Profile before)
      throws Failure, InterruptedException {
    if (!Files.exists(session.folder().key(name))) {
      name = fileOf(session, name).orElse(name);
    }
    Path file = session.folder().key(name);
    if (!Files.exists(file)) {
      throw new Failure(ExitCode.NOT_FOUND, "there is no " + file)
          .tryThis(session.command("key list"));
    }
    SigningKey old;
    try {
      old = KeyFiles.read(file, Optional.ofNullable(signing.passphraseFile));
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    Statement.OperationalKey listed =
        before.keys().stream()
            .filter(key -> key.key().id().equals(old.id()))
            .findFirst()
            .orElseThrow(() ->
                Failure.usage(file + " is no key that the profile lists")
                    .tryThis(session.command("key list")));
    // Before anything is written: without a quorum nothing comes of it.
    RootSigning roots = new RootSigning(session, signing, before);
    Path next = session.folder().key(name + "-next");
    SigningKey fresh = KeyDraft.key(session, next, before, newPassphraseFile, signing.dryRun);
    Signer.Said said = roots.say(header -> rotated(header, before, listed, fresh));
    if (said.sent()) {
      swap(session, file, next, old);
    } else if (!signing.dryRun) {
      session.tell("the new key is " + next + "; when the profile is in force, sign with");
      session.tell("  --key " + next + ", or put it in the place of " + file);
    }
    return tell(session, said, fresh.id().toString(), before.version() + 1);
  }

  /// The name of the key file in the folder whose key's id begins so.
  private Optional<String> fileOf(Session session, String prefix) throws Failure {
    if (!prefix.matches("[0-9a-f]{4,64}") || !Files.isDirectory(session.folder().keys())) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(session.folder().keys(), "*.key")) {
      for (Path each : files) {
        try {
          KeyId id = KeyFiles.read(each, Optional.ofNullable(signing.passphraseFile)).id();
          if (id.toString().startsWith(prefix)) {
            return Optional.of(each.getFileName().toString().replaceFirst("\\.key$", ""));
          }
        } catch (KeyFileException e) {
          session.tell("note: " + e.getMessage());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot read " + session.folder().keys()).causedBy(e);
    }
  }

  private static Statement rotated(
      Header header, Statement.Profile before, Statement.OperationalKey old, SigningKey fresh) {
    long now = header.issuedAtMillis();
    long life = old.notAfterMillis() - old.notBeforeMillis();
    List<Statement.OperationalKey> keys = new ArrayList<>(before.keys());
    keys.remove(old);
    if (old.notBeforeMillis() < now) {
      // What it said up to here stays good.
      keys.add(
          new Statement.OperationalKey(
              old.key(),
              old.uses(),
              old.notBeforeMillis(),
              Math.min(now, old.notAfterMillis()),
              old.address()));
    }
    keys.add(
        new Statement.OperationalKey(
            fresh.publicKey(), old.uses(), now, now + life, old.address()));
    return new Statement.Profile(
        header,
        before.version() + 1,
        before.legalName(),
        before.country(),
        before.webSite(),
        before.contacts(),
        before.roots(),
        before.threshold(),
        keys,
        before.group());
  }

  /// The new key takes the old one's name, after the profile is durable: a crash before leaves the
  /// old one in place, and the new one beside it.
  private void swap(Session session, Path file, Path next, SigningKey old) throws Failure {
    String kept = name + "-" + old.id().toString().substring(0, 8);
    try {
      Path sequence = file.resolveSibling(name + ".sequence");
      if (Files.exists(sequence)) {
        Files.move(sequence, file.resolveSibling(kept + ".sequence"));
      }
      Files.move(file, file.resolveSibling(kept + ".key"));
      Files.move(next, file);
    } catch (IOException e) {
      throw new Failure(
              ExitCode.PARTIAL, "the profile is in force, but the key files were not swapped")
          .because(String.valueOf(e.getMessage()))
          .tryThis("mv " + next + " " + file)
          .causedBy(e);
    }
    session.tell("the old key is kept as keys/" + kept + ".key; it can say nothing more");
    if (name.equals("node")) {
      session.tell("the node uses the new key when it is started again");
    }
  }

  private ExitCode tell(Session session, Signer.Said said, String key, int version) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.key/v1");
    fields.put("key", key);
    fields.put("version", version);
    said.id().ifPresent(id -> fields.put("profile", id.toString()));
    fields.put("state", RootSigning.state(said, signing.dryRun));
    session.output().one(fields, () -> Table.fields("key", key, "profile", "version " + version));
    return ExitCode.OK;
  }
}
