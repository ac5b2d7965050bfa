package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import tocsin.proto.BudgetView;
import tocsin.proto.GetStatusRequest;
import tocsin.proto.KeyView;
import tocsin.proto.NodeStatus;

@Command(
    name = "status",
    description = "How the node is: its peers, its log, its alerts, and what worries it.",
    footer = {"", "Examples:", "  tocsin status", "  tocsin status -o json"})
final class StatusCommand extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    NodeStatus status = status(session);
    session.output().one(fields(status), () -> table(status));
    return ExitCode.OK;
  }

  static NodeStatus status(Session session) throws Failure {
    return session.node().call(node -> node.getStatus(GetStatusRequest.newBuilder().build()));
  }

  private static Map<String, Object> fields(NodeStatus status) {
    Map<String, Object> log = new LinkedHashMap<>();
    log.put("size", status.getLogSize());
    log.put("root", Words.hex(status.getLogRoot()));
    Map<String, Object> incidents = new LinkedHashMap<>();
    incidents.put("active", status.getActive());
    incidents.put("pending", status.getPending());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.status/v1");
    fields.put("node", Words.hex(status.getNode()));
    fields.put("organization", Words.hex(status.getOrganization()));
    fields.put("name", status.getName());
    fields.put("network", status.getNetwork());
    fields.put("mode", status.getMode());
    fields.put("peers", status.getPeers());
    fields.put("guests", status.getGuests());
    fields.put("anchors", status.getAnchors());
    fields.put("log", log);
    fields.put("incidents", incidents);
    fields.put("serial", status.getSerial());
    fields.put("gossip", status.getGossipAddress());
    fields.put("dns", status.getDnsAddress());
    fields.put("started", Words.time(status.getStartedAtMillis()));
    fields.put("software", status.getSoftware());
    fields.put("budgets", status.getBudgetsList().stream().map(StatusCommand::budget).toList());
    List<Map<String, Object>> keys = new ArrayList<>();
    for (KeyView key : status.getOwnKeysList()) {
      if (!key.getRoot()) {
        Map<String, Object> each = new LinkedHashMap<>();
        each.put("key", Words.hex(key.getKey()));
        each.put("slots_used", key.getSlotsUsed());
        each.put("slots_left", key.getSlotsLeft());
        keys.add(each);
      }
    }
    fields.put("keys", keys);
    fields.put("warnings", status.getWarningsList());
    return fields;
  }

  private static Map<String, Object> budget(BudgetView view) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("organization", Words.hex(view.getOrganization()));
    fields.put("name", view.getName());
    fields.put("spent", view.getSpent());
    fields.put("limit", view.getLimit());
    return fields;
  }

  /// Statements left to the organization's busiest key in this hour; who caused most alerts here.
  private static String quotas(NodeStatus status) {
    int left = Integer.MAX_VALUE;
    for (KeyView key : status.getOwnKeysList()) {
      left = key.getRoot() ? left : Math.min(left, key.getSlotsLeft());
    }
    String slots =
        left == Integer.MAX_VALUE ? "no key in use" : left + " statements left this hour";
    if (status.getBudgetsCount() == 0) {
      return slots;
    }
    BudgetView most = status.getBudgets(0);
    return slots
        + "; most alerts in 24 hours: "
        + Printable.line(most.getName())
        + " "
        + Math.round(most.getSpent())
        + " of "
        + Math.round(most.getLimit());
  }

  private static String table(NodeStatus status) {
    StringBuilder text =
        new StringBuilder(
            Table.fields(
                "node", status.getName() + " (" + Words.brief(status.getNode()) + ")",
                "organization", Words.brief(status.getOrganization()),
                "network", status.getNetwork() + ", mode " + status.getMode(),
                "peers",
                    status.getPeers() + " connected, " + status.getGuests() + " of them guests",
                "anchors", Integer.toString(status.getAnchors()),
                "alerts", status.getActive() + " active, " + status.getPending() + " pending",
                "log",
                    status.getLogSize() + " statements, root " + Words.brief(status.getLogRoot()),
                "quota", quotas(status),
                "serial", Long.toString(status.getSerial()),
                "gossip", status.getGossipAddress(),
                "dns", status.getDnsAddress(),
                "started", Words.time(status.getStartedAtMillis())));
    status
        .getWarningsList()
        .forEach(warning -> text.append("warning: ").append(Printable.line(warning)).append('\n'));
    return text.toString();
  }
}
