package tocsin.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.proto.AddAnchorRequest;
import tocsin.proto.AnchorView;

@Command(
    name = "add",
    description = "Choose an organization as an anchor: all that it vouches for is believed here.",
    footer = {
      "",
      "Compare the card by another way than the one it came by, for example on the telephone.",
      "",
      "Examples:",
      "  tocsin trust anchor add \"$(cat vetting.card)\" --as vetting"
    })
final class AnchorAdd extends Action {
  @Parameters(paramLabel = "CARD|ORG", description = "Its card, or its id if it is known here.")
  String organization = "";

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "What you call it (default: its legal name).")
  @Nullable String name;

  @Override
  ExitCode run(Session session) throws Failure {
    Organizations organizations = new Organizations(session);
    AddAnchorRequest.Builder request =
        AddAnchorRequest.newBuilder().setOrganization(organizations.forNode(organization));
    if (name != null) {
      request.setName(name);
    }
    session.consider("This node will believe it and all that it vouches for.", "anchor");
    AnchorView anchor = session.node().call(node -> node.addAnchor(request.build()));
    session.output().one(AnchorShown.fields(anchor), () -> AnchorShown.table(List.of(anchor)));
    return ExitCode.OK;
  }
}
