package tocsin.cli;

import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.AlertView;
import tocsin.proto.GetAlertRequest;
import tocsin.trust.StatementId;

@Command(
    name = "approve",
    description = "Let this node act on an alert that its policy holds back.",
    footer = {"", "Examples:", "  tocsin alert approve 3f9a17c2"})
final class AlertApprove extends Action {
  @Parameters(paramLabel = "ID", description = "The alert, or the beginning of its id.")
  String id = "";

  @Override
  ExitCode run(Session session) throws Failure {
    StatementId alert = AlertReference.id(session, id);
    session.consider("This node will act on it at once.", "approve");
    GetAlertRequest request = GetAlertRequest.newBuilder().setId(alert.toString()).build();
    AlertView view = session.node().call(node -> node.approveAlert(request));
    AlertAnswer.show(session, view);
    switch (view.getState()) {
      case REFUSED, RECALLED, EXPIRED -> {
        session.tell(
            "error: approval cannot bring it back: it is "
                + view.getState().name().toLowerCase(Locale.ROOT)
                + ": "
                + Printable.line(view.getReason()));
        return ExitCode.REFUSED;
      }
      case PENDING -> session.tell("note: approved, but " + Printable.line(view.getReason()));
      default -> {}
    }
    return ExitCode.OK;
  }
}
