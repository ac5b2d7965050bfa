package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import tocsin.proto.ListPeersRequest;
import tocsin.proto.PeerView;

@Command(
    name = "list",
    description = "The nodes that this one knows, and which of them it is connected to.",
    footer = {"", "Examples:", "  tocsin peer list -o json"})
final class PeerList extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    List<PeerView> peers = peers(session);
    Organizations.Names names = Organizations.namesFor(session);
    session.output().list(peers.stream().map(PeerList::fields).toList(), () -> table(peers, names));
    return ExitCode.OK;
  }

  static List<PeerView> peers(Session session) throws Failure {
    ListPeersRequest request = ListPeersRequest.newBuilder().build();
    return session.node().call(node -> node.listPeers(request)).getPeersList();
  }

  private static Map<String, Object> fields(PeerView peer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.peer/v1");
    fields.put("node", Words.hex(peer.getNode()));
    fields.put("organization", Words.hex(peer.getOrganization()));
    fields.put("address", peer.getAddress());
    fields.put("connected", peer.getConnected());
    fields.put("guest", peer.getGuest());
    fields.put("rtt_ms", peer.getRttMicros() == 0 ? null : peer.getRttMicros() / 1_000.0);
    fields.put("source", peer.getSource());
    fields.put("last_error", peer.getLastError());
    return fields;
  }

  private static String table(List<PeerView> peers, Organizations.Names names) {
    Table table = new Table("NODE", "ORGANIZATION", "ADDRESS", "STATE", "RTT", "FROM", "TROUBLE");
    for (PeerView peer : peers) {
      String state = peer.getConnected() ? peer.getGuest() ? "guest" : "connected" : "away";
      table.row(
          Words.brief(peer.getNode()),
          peer.getOrganization().isEmpty() ? "" : names.of(peer.getOrganization()),
          Printable.line(peer.getAddress()),
          state,
          peer.getRttMicros() == 0 ? "" : peer.getRttMicros() / 1_000.0 + " ms",
          peer.getSource(),
          peer.getConnected() ? "" : Printable.line(peer.getLastError()));
    }
    return table.orElse("no peers");
  }
}
