package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.OrganizationView;

@Command(
    name = "card",
    description =
        "One line of text with an organization's profile: what vetters and peers are given.",
    footer = {"", "Examples:", "  tocsin org card > isp-1.card"})
final class OrgCard extends Action {
  @Parameters(paramLabel = "ORG", arity = "0..1", description = "Whose (default: your own).")
  @Nullable String organization;

  @Override
  ExitCode run(Session session) throws Failure {
    String id;
    String card;
    if (organization == null && !session.nodeRuns()) {
      id = OwnProfile.organization(session.folder()).toString();
      card = Cards.of(OwnKeys.stopped(session));
    } else {
      Organizations organizations = new Organizations(session);
      id =
          organization == null
              ? OwnProfile.organization(session.folder()).toString()
              : organizations.find(organization).id().toString();
      List<OrganizationView> found = organizations.list(id);
      if (found.isEmpty()) {
        throw new Failure(ExitCode.NOT_FOUND, "this node knows no organization " + id);
      }
      card = found.getFirst().getCard();
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.card/v1");
    fields.put("organization", id);
    fields.put("card", card);
    session.output().one(fields, () -> card);
    return ExitCode.OK;
  }
}
