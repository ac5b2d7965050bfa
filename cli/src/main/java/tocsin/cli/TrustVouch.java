package tocsin.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Role;
import tocsin.trust.Statement;

@Command(
    name = "vouch",
    description = "State that an organization is vetted, for these roles and names.",
    footer = {
      "",
      "Examples:",
      "  tocsin trust vouch \"$(cat isp.card)\" --role submitter --scope bank.test",
      "  tocsin trust vouch \"$(cat cert.card)\" --role vetter --role submitter --depth 3"
    })
final class TrustVouch extends Action {
  @Parameters(paramLabel = "CARD|ORG", description = "Whom: its card, its name or its id.")
  String organization = "";

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description =
          "submitter (may raise and endorse alerts) or vetter (may vouch); repeat for both.")
  List<Role> roles = new ArrayList<>();

  @Option(
      names = "--scope",
      paramLabel = "NAME",
      description = "Only for names at or below NAME; repeat for several (default: all names).")
  List<String> scopes = new ArrayList<>();

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "So many further vouches may follow this one (default: 0, vetters 1).")
  int depth = -1;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it counts (default: 365d).")
  String expires = "365d";

  @Option(
      names = "--vetting",
      paramLabel = "TEXT",
      description = "How the organization was vetted, for people.")
  String vetting = "";

  @Mixin Signing signing = new Signing();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Organizations.Meant subject = new Organizations(session).find(organization);
    Duration life = AlertTold.duration(expires);
    if (life.isZero()) {
      throw Failure.usage("a vouch must expire: --expires is more than 0s");
    }
    List<DnsName> names = scopes.isEmpty() ? List.of(DnsName.ROOT) : Names.parse(scopes);
    List<Role> given = new ArrayList<>(new TreeSet<>(roles));
    if (depth > 0 && !given.contains(Role.VETTER)) {
      session.tell("note: --depth says nothing without --role vetter");
    }
    if (subject.id().equals(OwnProfile.organization(session.folder()))) {
      throw Failure.usage("an organization cannot vouch for itself");
    }
    int further = depth >= 0 ? depth : given.contains(Role.VETTER) ? 1 : 0;
    if (!signing.dryRun && signing.offline == null) {
      session.consider("You vouch for " + subject.id() + " in your organization's name.", "vouch");
    }
    Signer.Said said =
        new Signer(session, signing, "operations")
            .say(
                life.toMillis(),
                header ->
                    new Statement.Vouch(header, subject.id(), given, names, further, vetting));
    if (said.sent()) {
      introduce(session, subject.profile());
    }
    print(session, said, subject);
    return ExitCode.OK;
  }

  /// The node may not have the profile that the card carries; without it nobody knows the keys of
  /// whom we vouch for. After the vouch, because before it the profile is nobody's business.
  private static void introduce(Session session, List<Envelope> profile) throws Failure {
    for (Envelope envelope : profile) {
      try {
        Signer.submit(session, envelope.wire());
      } catch (Failure e) {
        if (e.code() != ExitCode.REFUSED) {
          throw e;
        }
        session.tell("note: the node does not take the profile on the card: " + e.what());
      }
    }
  }

  private void print(Session session, Signer.Said said, Organizations.Meant subject) {
    Statement.Vouch vouch = (Statement.Vouch) said.statement();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.vouch/v1");
    said.id().ifPresent(id -> fields.put("id", id.toString()));
    fields.put("subject", subject.id().toString());
    fields.put("roles", vouch.roles().stream().map(RoleText::word).toList());
    fields.put("scopes", vouch.scopes().stream().map(DnsName::toString).toList());
    fields.put("depth", vouch.depth());
    fields.put("expires", Words.exactTime(vouch.header().expiresAtMillis()));
    fields.put("state", said.sent() ? "in force" : said.id().isPresent() ? "signed" : "dry-run");
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "vouch", said.id().map(Object::toString).orElse("(not signed: a dry run)"),
                    "for", subject.id().toString(),
                    "as", String.join(", ", vouch.roles().stream().map(RoleText::word).toList()),
                    "names",
                        String.join(", ", vouch.scopes().stream().map(RoleText::scope).toList()),
                    "depth", Integer.toString(vouch.depth()),
                    "expires", Words.time(vouch.header().expiresAtMillis())));
  }
}
