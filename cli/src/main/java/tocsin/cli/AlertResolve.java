package tocsin.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tocsin.proto.AlertView;
import tocsin.trust.DnsName;
import tocsin.trust.StatementId;

@Command(
    name = "resolve",
    description = "End an incident: flush its names, which ends its override.",
    footer = {"", "Examples:", "  tocsin alert resolve 3f9a17c2 --wait applied:100%%"})
final class AlertResolve extends Action {
  @Parameters(paramLabel = "ID", description = "The override, or the beginning of its id.")
  String id = "";

  @Mixin AlertFlags flags = new AlertFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    flags.waiting.check();
    AlertView override = AlertReference.find(session, id);
    List<DnsName> names = override.getAlert().getNamesList().stream().map(DnsName::parse).toList();
    StatementId incident =
        StatementId.fromBytes(
            override.getIncident().isEmpty() ? override.getId() : override.getIncident());
    if (flags.headline.isEmpty()) {
      flags.headline = "Resolved: " + String.join(", ", override.getAlert().getNamesList());
      if (flags.headline.length() > 160) {
        flags.headline = "Resolved";
      }
    }
    return AlertFlush.flush(
        session, flags, names, override.getAlert().getSubtree(), Optional.of(incident));
  }
}
