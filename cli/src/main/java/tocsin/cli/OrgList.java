package tocsin.cli;

import java.util.List;
import picocli.CommandLine.Command;
import tocsin.proto.OrganizationView;

@Command(
    name = "list",
    description = "The organizations that this node knows, and what each may do here.",
    footer = {"", "Examples:", "  tocsin org list -o json"})
final class OrgList extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    Aliases aliases = Aliases.read(session.folder());
    List<OrganizationView> views =
        new Organizations(session).list("").stream().map(aliases::shown).toList();
    session
        .output()
        .list(
            views.stream().map(OrganizationShown::fields).toList(),
            () -> OrganizationShown.table(views));
    return ExitCode.OK;
  }
}
