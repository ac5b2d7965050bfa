package tocsin.cli;

import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "renew",
    description = {
      "Raise an override of yours again, for more time.",
      "It is endorsed anew: nobody's word lasts longer than he gave it."
    },
    footer = {"", "Examples:", "  tocsin alert renew 3f9a17c2 --expires 24h --yes"})
final class AlertRenew extends Action {
  @Parameters(paramLabel = "ID", description = "The override, or the beginning of its id.")
  String id = "";

  @Mixin AlertFlags flags = new AlertFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    return Successor.of(session, id).say(session, flags, UnaryOperator.identity());
  }
}
