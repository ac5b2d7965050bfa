package tocsin.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "dispute",
    description = "Contradict the alert of another organization.",
    footer = {
      "",
      "Examples:",
      "  tocsin alert dispute 3f9a17c2 --reason \"The owner says that nothing was hijacked\""
    })
final class AlertDispute extends Action {
  @Parameters(paramLabel = "ID", description = "The alert, or the beginning of its id.")
  String id = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people.")
  String reason = "";

  @Mixin Signing signing = new Signing();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    StatementId alert = AlertReference.id(session, id);
    AlertAnswer.confirm(session, signing, alert, "You contradict this alert.");
    Signer.Said said =
        new Signer(session, signing, "operations")
            .say(0, header -> new Statement.Dispute(header, alert, reason));
    return AlertAnswer.tell(session, new Waiting(), said, alert);
  }
}
