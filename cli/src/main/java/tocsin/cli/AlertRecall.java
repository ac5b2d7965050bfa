package tocsin.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.Statement;

@Command(
    name = "recall",
    description = "Take back an alert of your own, or your endorsement of one.",
    footer = {
      "",
      "A recalled alert is over for good; if it was right after all, raise a new one.",
      "",
      "Examples:",
      "  tocsin alert recall 3f9a17c2 --reason \"False alarm\" --yes"
    })
final class AlertRecall extends Action {
  @Parameters(
      paramLabel = "ID",
      description = "The alert or endorsement, or the beginning of its id.")
  String id = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people.")
  String reason = "";

  @Mixin Signing signing = new Signing();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Recallable recallable = Recallable.find(session, id);
    if (!signing.dryRun && signing.offline == null) {
      session.consider("It is taken back for good.", "recall");
    }
    Signer.Said said =
        new Signer(session, signing, "operations")
            .say(0, header -> new Statement.Recall(header, recallable.statement(), reason));
    return AlertAnswer.tell(session, new Waiting(), said, recallable.about());
  }
}
