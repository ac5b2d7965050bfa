package tocsin.node.control;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import tocsin.node.core.AlertState;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.NodeCore;
import tocsin.node.core.NodeView;
import tocsin.proto.GetNextHeaderRequest;
import tocsin.proto.NextHeader;
import tocsin.proto.NodeStatus;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.StatementId;

/// How the node is, and what its operator's next statement must carry.
///
/// @param name the node's own, for people
/// @param network its name
/// @param startedAtMillis Unix time
public record StatusAnswers(
    String name, String network, String gossipAddress, String dnsAddress, long startedAtMillis) {
  NodeStatus status(NodeCore core) {
    NodeView view = core.view();
    int active = 0;
    int pending = 0;
    for (IncidentBook.Standing standing : view.incidents().live().values()) {
      active += standing.state() == AlertState.ACTIVE ? 1 : 0;
      pending += standing.state() == AlertState.PENDING ? 1 : 0;
    }
    return NodeStatus.newBuilder()
        .setNode(view.config().nodeKey().toByteString())
        .setOrganization(view.config().self().toByteString())
        .setName(name)
        .setNetwork(network)
        .setMode(view.config().mode().name().toLowerCase(java.util.Locale.ROOT))
        .setPeers(view.peerCount())
        .setGuests(view.guestCount())
        .setLogSize(view.log().size())
        .setLogRoot(view.log().root().toByteString())
        .setActive(active)
        .setPending(pending)
        .setSerial(view.overlaySerial())
        .addAllWarnings(warnings(core))
        .setStartedAtMillis(startedAtMillis)
        .setSoftware(view.config().software())
        .setGossipAddress(gossipAddress)
        .setDnsAddress(dnsAddress)
        .setAnchors(view.anchors().size())
        .addAllBudgets(WebAnswers.budgets(view))
        .addAllOwnKeys(
            WebAnswers.keys(core, view.config().self()).stream()
                .filter(it -> it.getState().equals("in use"))
                .toList())
        .build();
  }

  private static List<String> warnings(NodeCore core) {
    List<String> warnings = new ArrayList<>(core.view().warnings());
    List<String> claims = TrustAnswers.revocations(core, core.view().config().self());
    if (!claims.isEmpty()) {
      warnings.addFirst(
          core.judge().isRevoked(core.view().config().self())
              ? "your organization is revoked here by " + String.join("; ", claims)
              : "the revocation of your organization is asked for by " + String.join("; ", claims));
    }
    return warnings;
  }

  NextHeader nextHeader(NodeCore core, GetNextHeaderRequest request) {
    if (request.getKey().size() != 32) {
      throw Refusal.badInput("a key id has 32 bytes");
    }
    NodeView view = core.view();
    Header header = view.nextHeader(KeyId.fromBytes(request.getKey()), System.currentTimeMillis());
    return NextHeader.newBuilder()
        .setNetwork(header.network().bytes())
        .setOrganization(view.config().self().toByteString())
        .setSequence(header.sequence())
        .setPrevious(header.previous().map(StatementId::toByteString).orElse(ByteString.EMPTY))
        .setIssuedAtMillis(header.issuedAtMillis())
        .setSlotHour(header.slotHour())
        .setSlotIndex(header.slotIndex())
        .setSlotsLeft(Math.max(view.config().policy().slotQuota() - header.slotIndex(), 0))
        .build();
  }
}
