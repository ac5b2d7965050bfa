package tocsin.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.proto.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Statement;

@Command(
    name = "sign",
    description = {
      "Add a root key's signature to a request, on the machine where the key is.",
      "Needs no node and no network: take the file there and back on a stick."
    },
    footer = {"", "Examples:", "  tocsin key sign request.tocsin --key /media/safe/root-2.key"})
final class KeySign extends Action {
  @Parameters(paramLabel = "FILE", description = "What 'key ... --offline FILE' wrote.")
  Path file = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The root key (default: each of keys/root*.key that is asked for).")
  @Nullable Path key;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The key's passphrase is the first line of FILE.")
  @Nullable Path passphraseFile;

  @Override
  ExitCode run(Session session) throws Failure {
    Envelope request = RootSigning.read(file);
    Statement statement = RootSigning.statement(request);
    List<KeyId> asked = RootSigning.missing(request, statement);
    Signing flags = new Signing();
    flags.key = key;
    flags.passphraseFile = passphraseFile;
    SortedMap<KeyId, RootSigning.Held> held = RootSigning.onThisMachine(session, flags);
    held.keySet().retainAll(asked);
    if (held.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          asked.isEmpty()
              ? "it is signed by all already"
              : "it needs the signatures of " + RootSigning.shown(asked) + "; this key is another");
    }
    session.tell(summary(statement));
    session.consider("You sign this with " + RootSigning.shown(held.keySet()) + ".", "sign");
    for (RootSigning.Held one : held.values()) {
      request = RootSigning.signed(request, one.key());
    }
    RootSigning.write(session, request, file);
    List<KeyId> missing = RootSigning.missing(request, statement);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.request/v1");
    fields.put("kind", statement.kind().word());
    fields.put("signed", held.keySet().stream().map(KeyId::toString).toList());
    fields.put("missing", missing.stream().map(KeyId::toString).toList());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "request", statement.kind().word(),
                    "signed by", RootSigning.shown(held.keySet()),
                    "still missing", missing.isEmpty() ? "nobody" : RootSigning.shown(missing)));
    return ExitCode.OK;
  }

  /// What the holder of the key should know before signing.
  private static String summary(Statement statement) {
    return switch (statement) {
      case Statement.Profile it ->
          "profile of "
              + Printable.line(it.legalName())
              + ", version "
              + it.version()
              + ": "
              + it.threshold()
              + " of "
              + it.roots().size()
              + " root keys "
              + RootSigning.shown(it.roots().stream().map(root -> root.id()).toList())
              + "; operational keys "
              + RootSigning.shown(it.keys().stream().map(key -> key.key().id()).toList());
      case Statement.Revocation it ->
          "revocation of " + it.target() + ": " + Printable.line(it.reason());
      case Statement.Vouch _,
          Statement.VouchWithdrawal _,
          Statement.Alert _,
          Statement.Endorsement _,
          Statement.Dispute _,
          Statement.Recall _,
          Statement.Registration _ ->
          statement.kind().word() + ", which root keys do not sign";
    };
  }
}
