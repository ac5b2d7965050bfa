package tocsin.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.AnchorView;
import tocsin.proto.RemoveAnchorRequest;

@Command(
    name = "remove",
    description = "No longer start trust from an organization.",
    footer = {"", "Examples:", "  tocsin trust anchor remove vetting"})
final class AnchorRemove extends Action {
  @Parameters(paramLabel = "NAME|ORG", description = "Its pet name, or its id.")
  String organization = "";

  @Override
  ExitCode run(Session session) throws Failure {
    Organizations organizations = new Organizations(session);
    RemoveAnchorRequest request =
        RemoveAnchorRequest.newBuilder()
            .setOrganization(organizations.forNode(organization))
            .build();
    session.consider("Alerts that only it supports will end here.", "remove");
    AnchorView anchor = session.node().call(node -> node.removeAnchor(request));
    session.output().one(AnchorShown.fields(anchor), () -> AnchorShown.table(List.of(anchor)));
    return ExitCode.OK;
  }
}
