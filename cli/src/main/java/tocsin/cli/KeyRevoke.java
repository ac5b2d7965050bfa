package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.KeyId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "revoke",
    description = {
      "Revoke a key of your organization; your root keys sign.",
      "What it started after its last good statement is void everywhere; what it stopped stays"
          + " stopped."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin key revoke 9ac01d44 --reason \"Laptop stolen\" --yes",
      "  tocsin key revoke operations --reason \"Stolen\" --offline revoke.tocsin"
    })
final class KeyRevoke extends Action {
  @Parameters(paramLabel = "KEY", description = "The key: its id or file name in keys/.")
  String key = "";

  @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "For people.")
  String reason = "";

  @Option(
      names = "--last-good",
      paramLabel = "STATEMENT|none",
      description = "Its last statement that is still good (default: none).")
  String lastGood = "none";

  @Mixin RootFlags signing = new RootFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Statement.Profile profile = OwnKeys.profile(session);
    KeyId revoked =
        OwnKeys.named(session, key)
            .orElseThrow(() ->
                new Failure(ExitCode.NOT_FOUND, "no key of yours is called \"" + key + "\"")
                    .tryThis(session.command("key list")));
    Optional<StatementId> good =
        lastGood.equals("none")
            ? Optional.empty()
            : Optional.of(StatementReference.of(session, revoked, lastGood));
    if (!signing.dryRun && signing.offline == null) {
      session.confirm("A revocation cannot be taken back.", "revoke");
    }
    Signer.Said said =
        new RootSigning(session, signing, profile)
            .say(header ->
                new Statement.Revocation(
                    header,
                    new Statement.Revoked.Key(revoked, good),
                    reason,
                    OptionalLong.empty()));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.revocation/v1");
    said.id().ifPresent(id -> fields.put("id", id.toString()));
    fields.put("key", revoked.toString());
    fields.put("reason", reason);
    fields.put("state", RootSigning.state(said, signing.dryRun));
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "revocation",
                    said.id()
                        .map(Object::toString)
                        .orElse(
                            signing.dryRun ? "(not signed: a dry run)" : "(to be signed first)"),
                    "key",
                    revoked.toString()));
    return ExitCode.OK;
  }
}
