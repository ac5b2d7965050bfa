package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.node.config.HostPort;
import tocsin.proto.PeerAddress;

@Command(
    name = "add",
    description = "Dial a node, now and after each start.",
    footer = {"", "Examples:", "  tocsin peer add node.example.net:7353"})
final class PeerAdd extends Action {
  @Parameters(paramLabel = "HOST:PORT", description = "Where the node listens for gossip.")
  String address = "";

  @Override
  ExitCode run(Session session) throws Failure {
    PeerAddress request = PeerAddress.newBuilder().setAddress(checked()).build();
    PeerAddress answer = session.node().call(node -> node.addPeer(request));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.peer-address/v1");
    fields.put("address", answer.getAddress());
    session.output().one(fields, () -> Table.fields("added", answer.getAddress()));
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
