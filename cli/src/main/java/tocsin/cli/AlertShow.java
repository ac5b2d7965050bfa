package tocsin.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "All about one alert: what, who, why it is in its state, and at which resolvers.",
    footer = {"", "Examples:", "  tocsin alert show 3f9a17c2"})
final class AlertShow extends Action {
  @Parameters(paramLabel = "ID", description = "The alert, or the beginning of its id.")
  String id = "";

  @Override
  ExitCode run(Session session) throws Failure {
    AlertAnswer.show(
        session, AlertReference.find(session, AlertReference.id(session, id).toString()));
    return ExitCode.OK;
  }
}
