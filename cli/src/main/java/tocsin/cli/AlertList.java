package tocsin.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.proto.AlertView;
import tocsin.proto.ListAlertsRequest;

@Command(
    name = "list",
    description = "The alerts that this node knows, newest first.",
    footer = {
      "",
      "Examples:",
      "  tocsin alert list --live",
      "  tocsin alert list --name bank.test"
    })
final class AlertList extends Action {
  @Option(names = "--live", description = "Only those that are pending or active.")
  boolean live;

  @Option(names = "--name", paramLabel = "NAME", description = "Only for names at or below NAME.")
  @Nullable String name;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: 1000).")
  int limit;

  @Override
  ExitCode run(Session session) throws Failure {
    ListAlertsRequest.Builder request =
        ListAlertsRequest.newBuilder().setLiveOnly(live).setLimit(Math.max(0, limit));
    if (name != null) {
      request.setName(Names.parse(List.of(name)).getFirst().toString());
    }
    List<AlertView> views =
        session.node().call(node -> node.listAlerts(request.build())).getAlertsList();
    Organizations.Names names = Organizations.namesFor(session);
    session
        .output()
        .list(
            views.stream().map(AlertShown::fields).toList(), () -> AlertShown.table(views, names));
    return ExitCode.OK;
  }
}
