package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.node.config.HostPort;
import tocsin.proto.PeerAddress;

@Command(
    name = "remove",
    description = "No longer dial a node.",
    footer = {"", "Examples:", "  tocsin peer remove node.example.net:7353"})
final class PeerRemove extends Action {
  @Parameters(paramLabel = "HOST:PORT", description = "Where the node listens for gossip.")
  String address = "";

  @Override
  ExitCode run(Session session) throws Failure {
    PeerAddress request = PeerAddress.newBuilder().setAddress(checked()).build();
    PeerAddress answer = session.node().call(node -> node.removePeer(request));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.peer-address/v1");
    fields.put("address", answer.getAddress());
    session.output().one(fields, () -> Table.fields("removed", answer.getAddress()));
    return ExitCode.OK;
  }

  private String checked() throws Failure {
    try {
      return HostPort.parse(address).toString();
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
