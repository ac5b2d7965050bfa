package tocsin.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.OrganizationView;

@Command(
    name = "show",
    description = "All about one organization: its profile, its keys, what it may do here.",
    footer = {"", "Examples:", "  tocsin org show", "  tocsin org show isp-1"})
final class OrgShow extends Action {
  @Parameters(paramLabel = "ORG", arity = "0..1", description = "Which (default: your own).")
  @Nullable String organization;

  @Override
  ExitCode run(Session session) throws Failure {
    Organizations organizations = new Organizations(session);
    String id =
        organization == null
            ? OwnProfile.organization(session.folder()).toString()
            : organizations.find(organization).id().toString();
    List<OrganizationView> found = organizations.list(id);
    if (found.isEmpty()) {
      throw new Failure(ExitCode.NOT_FOUND, "this node knows no organization " + id);
    }
    OrganizationView view = Aliases.read(session.folder()).shown(found.getFirst());
    session.output().one(OrganizationShown.fields(view), () -> OrganizationShown.text(view));
    return ExitCode.OK;
  }
}
