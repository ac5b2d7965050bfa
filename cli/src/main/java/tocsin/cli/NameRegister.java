package tocsin.cli;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.proto.ListRegistrationsRequest;
import tocsin.proto.RegistrationView;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;

@Command(
    name = "register",
    description = {
      "Register names of your own in advance: what is right for them, and who may speak for them.",
      "It binds on each node when it has stood undisputed there for 7 days and as many disjoint"
          + " paths of trust lead to it, or to you, as an override of the names would need."
    },
    footer = {
      "",
      "Once it binds, your signature on an alert about the names is a path of its own, and your",
      "recall ends any alert about them. To take a registration back: tocsin alert recall ID",
      "",
      "Examples:",
      "  tocsin name register bank.test --record \"A 192.0.2.10\" --nameserver \"ns1.bank.test"
          + " 192.0.2.53\"",
      "  tocsin name register bank.test --record \"A 192.0.2.10\" --submitter cert --endorsements 2"
    })
final class NameRegister extends Action {
  @Parameters(paramLabel = "NAME", arity = "1..*", description = "Names below them are meant, too.")
  List<String> names = new ArrayList<>();

  @Mixin CorrectionFlags correct = new CorrectionFlags();

  @Option(
      names = "--submitter",
      paramLabel = "ORG",
      description = "Only this organization, beside yours, may submit overrides; repeatable.")
  List<String> submitters = new ArrayList<>();

  @Option(
      names = "--endorsements",
      paramLabel = "N",
      description = "Overrides of the names need so many endorsing organizations (default: 0).")
  int endorsements;

  @Option(
      names = "--owner-key",
      paramLabel = "KEY",
      description = "Only this key of yours speaks as the owner; repeatable (default: all).")
  List<String> ownerKeys = new ArrayList<>();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it lasts (default: 365d).")
  String expires = "365d";

  @Mixin Signing signing = new Signing();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    List<DnsName> registered = Names.parse(names);
    List<CorrectRecord> records = correct.records();
    List<Statement.NameServer> servers = correct.nameServers();
    if (correct.isEmpty()) {
      throw Failure.usage("a registration says what is right: a --record or a --nameserver")
          .tryThis("--record \"A 192.0.2.10\"");
    }
    Duration life = AlertTold.duration(expires);
    if (life.isZero()) {
      throw Failure.usage("a registration must expire: --expires is more than 0s");
    }
    List<OrganizationId> allowed = new ArrayList<>();
    for (String submitter : submitters) {
      allowed.add(new Organizations(session).find(submitter).id());
    }
    List<KeyId> keys = new ArrayList<>();
    for (String key : ownerKeys) {
      keys.add(
          OwnKeys.find(session, key)
              .orElseThrow(() -> Failure.usage("\"" + key + "\" is no key of yours")));
    }
    if (!signing.dryRun && signing.offline == null) {
      session.consider("You register " + registered + " in your organization's name.", "register");
    }
    Signer.Said said =
        new Signer(session, signing, "operations")
            .say(
                life.toMillis(),
                header ->
                    new Statement.Registration(
                        header, registered, records, servers, keys, allowed, endorsements));
    RegistrationView view = said.sent() ? standing(session, said) : null;
    String state = view != null ? view.getState() : said.id().isPresent() ? "signed" : "dry-run";
    String reason = view == null ? "" : Printable.line(view.getReason());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.registration/v1");
    said.id().ifPresent(id -> fields.put("id", id.toString()));
    fields.put("names", registered.stream().map(DnsName::toString).toList());
    fields.put("records", records.stream().map(RecordText::show).toList());
    fields.put("submitters", allowed.stream().map(OrganizationId::toString).toList());
    fields.put("endorsements", endorsements);
    fields.put("state", state);
    fields.put("reason", reason);
    fields.put("expires", Words.exactTime(said.statement().header().expiresAtMillis()));
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "registration",
                    said.id().map(Object::toString).orElse("(not signed: a dry run)"),
                    "names",
                    String.join(", ", registered.stream().map(DnsName::toString).toList()),
                    "state",
                    reason.isEmpty() ? state : state + ": " + reason,
                    "expires",
                    Words.time(said.statement().header().expiresAtMillis())));
    return ExitCode.OK;
  }

  /// How the node sees it now.
  private static @Nullable RegistrationView standing(Session session, Signer.Said said)
      throws Failure {
    ByteString id = said.id().orElseThrow().toByteString();
    ListRegistrationsRequest all = ListRegistrationsRequest.getDefaultInstance();
    return session.node().call(node -> node.listRegistrations(all)).getRegistrationsList().stream()
        .filter(it -> it.getId().equals(id))
        .findFirst()
        .orElse(null);
  }
}
