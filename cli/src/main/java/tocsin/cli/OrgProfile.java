package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tocsin.trust.Header;
import tocsin.trust.Statement;

@Command(
    name = "profile",
    description = {
      "Change what your organization says of itself, by a new profile that your root keys sign.",
      "What is not said stays as it was; contacts are replaced as a whole."
    },
    footer = {
      "",
      "Organizations of one group count as one party everywhere. An empty text takes a value away.",
      "",
      "Examples:",
      "  tocsin org profile --contact mailto:noc@isp.example --contact tel:+4930123456",
      "  tocsin org profile --group \"Example Holding\"",
      "  tocsin org profile --country DE --web-site https://isp.example/ --offline request.tocsin"
    })
final class OrgProfile extends Action {
  @Option(names = "--legal-name", paramLabel = "NAME", description = "The legal name.")
  @Nullable String legalName;

  @Option(names = "--country", paramLabel = "CC", description = "Two capital letters, such as DE.")
  @Nullable String country;

  @Option(names = "--web-site", paramLabel = "URL", description = "The web site.")
  @Nullable String webSite;

  @Option(
      names = "--contact",
      paramLabel = "TEXT",
      description = "How people reach the organization, day and night; repeat for several.")
  @Nullable List<String> contacts;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "The group of organizations that it belongs to: its members are one party.")
  @Nullable String group;

  @Mixin RootFlags signing = new RootFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    if (legalName == null
        && country == null
        && webSite == null
        && contacts == null
        && group == null) {
      throw Failure.usage("say what changes: --contact, --group, --country, --web-site, ...")
          .tryThis(session.command("org show"));
    }
    Statement.Profile before = OwnKeys.profile(session);
    RootSigning roots = new RootSigning(session, signing, before);
    if (!signing.dryRun && signing.offline == null) {
      session.consider("Everybody will see this in your profile.", "profile");
    }
    Signer.Said said = roots.say(header -> changed(header, before));
    Statement.Profile after = (Statement.Profile) said.statement();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.profile/v1");
    said.id().ifPresent(id -> fields.put("id", id.toString()));
    fields.put("version", after.version());
    fields.put("legal_name", after.legalName());
    fields.put("country", after.country());
    fields.put("web_site", after.webSite());
    fields.put("contacts", after.contacts());
    fields.put("group", after.group());
    fields.put("state", RootSigning.state(said, signing.dryRun));
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "profile", "version " + after.version(),
                    "legal name", Printable.line(after.legalName()),
                    "country", Printable.line(after.country()),
                    "web site", Printable.line(after.webSite()),
                    "contacts", Printable.line(String.join(", ", after.contacts())),
                    "group", Printable.line(after.group()),
                    "state", RootSigning.state(said, signing.dryRun)));
    return ExitCode.OK;
  }

  private Statement changed(Header header, Statement.Profile before) {
    List<String> reached = new ArrayList<>(before.contacts());
    if (contacts != null) {
      reached = contacts.stream().filter(it -> !it.isEmpty()).toList();
    }
    return new Statement.Profile(
        header,
        before.version() + 1,
        legalName == null ? before.legalName() : legalName,
        country == null ? before.country() : country,
        webSite == null ? before.webSite() : webSite,
        reached,
        before.roots(),
        before.threshold(),
        before.keys(),
        group == null ? before.group() : group);
  }
}
