package tocsin.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "endorse",
    description = "Confirm the alert of another organization.",
    footer = {
      "",
      "Examples:",
      "  tocsin alert show 3f9a17c2",
      "  tocsin alert endorse 3f9a17c2 --wait applied:100%%"
    })
final class AlertEndorse extends Action {
  @Parameters(paramLabel = "ID", description = "The alert, or the beginning of its id.")
  String id = "";

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it counts (default: 24h, as long as any override lives).")
  @Nullable String expires;

  @Mixin Waiting waiting = new Waiting();

  @Mixin Signing signing = new Signing();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    waiting.check();
    long life =
        expires == null
            ? Statement.Alert.MAX_OVERRIDE_MILLIS
            : AlertTold.duration(expires).toMillis();
    StatementId alert = AlertReference.id(session, id);
    AlertAnswer.confirm(session, signing, alert, "You confirm that this alert is true.");
    Signer.Said said =
        new Signer(session, signing, "operations")
            .say(life, header -> new Statement.Endorsement(header, alert));
    return AlertAnswer.tell(session, waiting, said, alert);
  }
}
