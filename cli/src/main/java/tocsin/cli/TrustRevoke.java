package tocsin.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "revoke",
    description = {
      "Revoke a key of your own organization (signed by its root key), or speak for the revocation"
          + " of another organization.",
      "What the key started after the last good statement is void everywhere; what it stopped stays"
          + " stopped."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin trust revoke 9ac01d44 --reason \"Laptop stolen\" --last-good none",
      "  tocsin trust revoke isp-2 --reason \"Dissolved\""
    })
final class TrustRevoke extends Action {
  @Parameters(paramLabel = "KEY|ORG", description = "A key of your own, or an organization.")
  String target = "";

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why, for people.")
  String reason = "";

  @Option(
      names = "--last-good",
      paramLabel = "STATEMENT|none",
      description = "The key's last statement that is still good (default: none).")
  String lastGood = "none";

  @Option(
      names = "--compromised-since",
      paramLabel = "TIME",
      description = "When the harm began, such as 2026-11-01T12:00:00Z; for people only.")
  @Nullable String since;

  @Option(
      names = "--signer",
      paramLabel = "KEY",
      description = "This root key of yours is to sign, if a key is revoked; as of 'key revoke'.")
  List<String> signers = new ArrayList<>();

  @Mixin Signing signing = new Signing();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    OptionalLong harm = since();
    Optional<KeyId> key = OwnKeys.find(session, target);
    Statement.Revoked revoked;
    if (key.isPresent()) {
      revoked = new Statement.Revoked.Key(key.get(), lastGood(session, key.get()));
    } else {
      OrganizationId organization = new Organizations(session).find(target).id();
      revoked = new Statement.Revoked.Organization(organization);
    }
    if (!signing.dryRun && signing.offline == null) {
      session.confirm("A revocation cannot be taken back.", "revoke");
    }
    Signer.Said said =
        key.isPresent()
            ? new RootSigning(session, RootFlags.of(signing, signers), OwnKeys.profile(session))
                .say(header -> new Statement.Revocation(header, revoked, reason, harm))
            : new Signer(session, signing, "operations")
                .say(0, header -> new Statement.Revocation(header, revoked, reason, harm));
    String what = key.isPresent() ? "key" : "organization";
    String whom =
        switch (revoked) {
          case Statement.Revoked.Key it -> it.key().toString();
          case Statement.Revoked.Organization it -> it.organization().toString();
        };
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.revocation/v1");
    said.id().ifPresent(id -> fields.put("id", id.toString()));
    fields.put(what, whom);
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
                    what,
                    whom));
    return ExitCode.OK;
  }

  private Optional<StatementId> lastGood(Session session, KeyId key) throws Failure {
    return lastGood.equals("none")
        ? Optional.empty()
        : Optional.of(StatementReference.of(session, key, lastGood));
  }

  private OptionalLong since() throws Failure {
    if (since == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Instant.parse(since).toEpochMilli());
    } catch (DateTimeParseException e) {
      throw Failure.usage("\"" + since + "\" is no time such as 2026-11-01T12:00:00Z").causedBy(e);
    }
  }
}
