package tocsin.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.ExplainRequest;
import tocsin.proto.Explanation;

@Command(
    name = "explain",
    description = "Why this node believes an organization or an alert, or what stands in the way.",
    footer = {
      "",
      "Examples:",
      "  tocsin trust explain isp-1",
      "  tocsin trust explain 3f9a17c2 -o json"
    })
final class TrustExplain extends Action {
  @Parameters(paramLabel = "ORG|ALERT", description = "A name, a card, or an id.")
  String subject = "";

  @Override
  ExitCode run(Session session) throws Failure {
    Organizations organizations = new Organizations(session);
    String meant =
        Cards.read(subject)
            .map(card -> card.id().toString())
            .orElseGet(() -> organizations.forNode(subject));
    ExplainRequest request = ExplainRequest.newBuilder().setSubject(meant).build();
    Explanation found = session.node().call(node -> node.explain(request));
    Explanation explanation = Aliases.read(session.folder()).shown(found);
    session
        .output()
        .one(ExplanationShown.fields(explanation), () -> ExplanationShown.text(explanation));
    return ExitCode.OK;
  }
}
