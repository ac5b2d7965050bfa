package tocsin.cli;

import java.util.List;
import picocli.CommandLine.Command;
import tocsin.proto.AnchorView;
import tocsin.proto.ListAnchorsRequest;

@Command(
    name = "list",
    description = "The anchors of this node.",
    footer = {"", "Examples:", "  tocsin trust anchor list -o json"})
final class AnchorList extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    ListAnchorsRequest request = ListAnchorsRequest.newBuilder().build();
    List<AnchorView> anchors =
        session.node().call(node -> node.listAnchors(request)).getAnchorsList();
    session
        .output()
        .list(anchors.stream().map(AnchorShown::fields).toList(), () -> AnchorShown.table(anchors));
    return ExitCode.OK;
  }
}
