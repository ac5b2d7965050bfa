package tocsin.node.control;

import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import tocsin.node.config.HostPort;
import tocsin.node.core.Effect.Answer;
import tocsin.node.core.Event;
import tocsin.node.core.NodeCore;
import tocsin.node.loop.NodeLoop;
import tocsin.proto.ListPeersReply;
import tocsin.proto.PeerAddress;

/// Whom the node talks to.
public final class PeerAnswers {
  private final NodeLoop loop;
  private final Requests requests;

  public PeerAnswers(NodeLoop loop, Requests requests) {
    this.loop = loop;
    this.requests = requests;
  }

  ListPeersReply list(NodeCore core) {
    ListPeersReply.Builder reply = ListPeersReply.newBuilder();
    core.view().peers().forEach(line -> reply.addPeers(Protos.peer(line)));
    return reply.build();
  }

  PeerAddress add(PeerAddress request) throws TimeoutException {
    return change(request, address -> number -> new Event.PeerAddressAdded(number, address));
  }

  PeerAddress remove(PeerAddress request) throws TimeoutException {
    return change(request, address -> number -> new Event.PeerAddressRemoved(number, address));
  }

  private PeerAddress change(
      PeerAddress request, java.util.function.Function<String, LongFunction<Event>> event)
      throws TimeoutException {
    String address;
    try {
      address = HostPort.parse(request.getAddress()).toString();
    } catch (IllegalArgumentException e) {
      throw Refusal.badInput(String.valueOf(e.getMessage()));
    }
    switch (requests.ask(event.apply(address), loop::happened)) {
      case Answer.Accepted _ -> {}
      case Answer.Refused refused -> throw Refusal.notTrusted(refused.reason());
      case Answer.NotFound notFound -> throw Refusal.notFound(notFound.reason());
    }
    return PeerAddress.newBuilder().setAddress(address).build();
  }
}
