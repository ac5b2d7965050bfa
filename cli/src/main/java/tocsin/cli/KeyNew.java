package tocsin.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.node.config.HostPort;
import tocsin.trust.Header;
import tocsin.trust.KeyUse;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;

@Command(
    name = "new",
    description =
        "Make an operational key and a new profile that lists it, signed by the root key.",
    footer = {
      "",
      "Examples:",
      "  tocsin key new night-desk --use submit --use endorse",
      "  tocsin key new root-2 --root --file /media/safe/root-2.key",
      "  tocsin key new node-2 --use node --address 192.0.2.7:7353"
    })
final class KeyNew extends Action {
  @Parameters(paramLabel = "NAME", description = "The file becomes keys/NAME.key.")
  String name = "";

  @Option(
      names = "--use",
      paramLabel = "USE",
      description = "submit, endorse, vouch or node; repeat for several.")
  List<KeyUse> uses = new ArrayList<>();

  @Option(
      names = "--root",
      description = "Make a root key, for 'key rotate root --to': no profile is signed.")
  boolean root;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Write the key here (default: keys/NAME.key).")
  @Nullable Path file;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Where the node of a node key listens for gossip.")
  @Nullable String address;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long the key is good (default: 1095d).")
  String expires = "1095d";

  @Option(
      names = "--new-passphrase-file",
      paramLabel = "FILE",
      description = "Encrypt the new key under the first line of FILE (default: plain, mode 0600).")
  @Nullable Path newPassphraseFile;

  @Mixin RootFlags signing = new RootFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
      throw Failure.usage("a key's name has 1 to 32 small letters, digits and hyphens");
    }
    if (root == !uses.isEmpty()) {
      throw Failure.usage("say what the key is for: --use USE, or --root")
          .tryThis(session.command("key new " + name + " --use endorse"));
    }
    if (root) {
      return newRoot(session);
    }
    Duration life = AlertTold.duration(expires);
    String at = address();
    Statement.Profile before = OwnKeys.profile(session);
    if (name.startsWith("root")) {
      throw Failure.usage("keys/root*.key are root keys: give an operational key another name");
    }
    Path file = this.file == null ? session.folder().key(name) : this.file;
    // Before anything is written: without a quorum nothing comes of it.
    RootSigning roots = new RootSigning(session, signing, before);
    SigningKey key = KeyDraft.key(session, file, before, newPassphraseFile, signing.dryRun);
    Signer.Said said = roots.say(header -> next(header, before, key, at, life));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.key/v1");
    fields.put("key", key.id().toString());
    fields.put("uses", new ArrayList<>(new TreeSet<>(uses)).stream().map(KeyList::word).toList());
    fields.put("file", signing.dryRun ? "" : file.toString());
    said.id().ifPresent(id -> fields.put("profile", id.toString()));
    fields.put("version", before.version() + 1);
    fields.put("state", RootSigning.state(said, signing.dryRun));
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "key",
                    key.id().toString(),
                    "file",
                    signing.dryRun ? "(not written: a dry run)" : file.toString(),
                    "profile",
                    "version " + (before.version() + 1)));
    return ExitCode.OK;
  }

  /// May be done on a machine that has neither node nor network: only its public half travels.
  private ExitCode newRoot(Session session) throws Failure {
    SigningKey key = SigningKey.generate(new SecureRandom());
    Path file =
        this.file != null
            ? this.file
            : signing.keys.isEmpty() ? session.folder().key(name) : signing.keys.getFirst();
    if (!signing.dryRun) {
      KeyDraft.write(file, key, newPassphraseFile);
    }
    String half = HexFormat.of().formatHex(key.publicKey().key().toByteArray());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.key/v1");
    fields.put("key", key.id().toString());
    fields.put("public", half);
    fields.put("uses", List.of("root"));
    fields.put("file", signing.dryRun ? "" : file.toString());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "root key", key.id().toString(), "public", half, "file", file.toString()));
    return ExitCode.OK;
  }

  private String address() throws Failure {
    boolean node = uses.contains(KeyUse.NODE);
    if (node != (address != null)) {
      throw Failure.usage("--address goes with --use node, and only with it");
    }
    try {
      return address == null ? "" : HostPort.parse(address).toString();
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private Statement next(
      Header header, Statement.Profile before, SigningKey key, String at, Duration life) {
    List<Statement.OperationalKey> keys = new ArrayList<>(before.keys());
    long now = header.issuedAtMillis();
    keys.add(
        new Statement.OperationalKey(
            key.publicKey(), new ArrayList<>(new TreeSet<>(uses)), now, now + life.toMillis(), at));
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
}
