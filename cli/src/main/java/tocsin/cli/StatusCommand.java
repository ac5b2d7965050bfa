package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import tocsin.proto.GetStatusRequest;
import tocsin.proto.NodeStatus;

@Command(
    name = "status",
    description = "How the node is: its peers, its log, its alerts, and what worries it.",
    footer = {"", "Examples:", "  tocsin status", "  tocsin status -o json"})
final class StatusCommand extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    NodeStatus status =
        session.node().call(node -> node.getStatus(GetStatusRequest.newBuilder().build()));
    session.output().one(fields(status), () -> table(status));
    return ExitCode.OK;
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
    fields.put("warnings", status.getWarningsList());
    return fields;
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
